// What a run says of the server in one sentence, and its counts in one line: the same words in every report.
#pragma once

#include <cstddef>
#include <string>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct Conclusion {
  enum class Kind { conforms, violates, unknown };
  Kind kind = Kind::unknown;
  std::string sentence;
};

// Never more than the record proves: "conforms" speaks of what was judged, and a run in which nothing was, or that was
// cut short without a violation, is "unknown".
Conclusion conclude(const verdict::RunRecord& record);

// A SHOULD that is not followed makes no server nonconforming.
bool is_binding(verdict::Level level);

// "3 scenarios", "1 scenario".
std::string scenarios_counted(std::size_t n);

// "120 scenarios in 1.4 s: 100 pass, 2 fail, …"; only what is not zero.
std::string summary_line(const verdict::RunRecord& record);

}  // namespace smtpspec::reports
