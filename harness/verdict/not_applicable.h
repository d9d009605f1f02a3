// What a run did not play because it does not apply, and why: a run of which most is not applicable looks green and has
// shown little.
#pragma once

#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

struct NotApplicableGroup {
  std::string reason;  // as the runner words it: "STARTTLS is not advertised", "not for the role lmtp"
  int scenarios = 0;
  bool operator==(const NotApplicableGroup&) const = default;
};

// The largest first, equal ones by their reason.
std::vector<NotApplicableGroup> not_applicable_groups(const RunRecord& record);

// "12 need STARTTLS; 3 not for the role lmtp"; the last of many are told by their number.
std::string to_string(const std::vector<NotApplicableGroup>& groups);

// Of all scenarios that the user did not leave out himself; 0 where there are none.
double not_applicable_percent(const Summary& summary);

}  // namespace smtpspec::verdict
