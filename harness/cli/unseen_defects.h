// A defect of the built-in server that a run did not notice: why, so that a green run is not taken for a blind one.
#pragma once

#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::cli {

// One sentence for each of the named defects that no fail and no warning of the run speaks of: "the defect 'x' was not
// noticed: of the 3 scenarios about RFC5321-4.5.3.2.7-01, 3 were left out as slow".
std::vector<std::string> unseen_defects(const verdict::RunRecord& record, const std::vector<std::string>& names);

}  // namespace smtpspec::cli
