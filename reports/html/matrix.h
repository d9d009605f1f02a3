// Several runs side by side as one self-contained HTML file: what each server, or each version of one, makes of the
// same rules, and where they differ the conversations of all of them.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct MatrixRun {
  std::string name;  // empty: the run's profile or address, and its day where several are called the same
  verdict::RunRecord record;
};

// In the order given. Runs of the same profile or address are one server at different times, and get a chapter that
// says what changed from each to the next.
void write_matrix(const std::vector<MatrixRun>& runs, std::ostream& out);

}  // namespace smtpspec::reports
