// A waiver file for all that a run found, with the reasons left to fill in: as it is written, no run takes it, because
// a waiver needs a reason.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct WaiverListOptions {
  std::vector<verdict::Verdict> verdicts{verdict::Verdict::fail};  // of fail, warn, inconclusive
  std::string expires;                                             // "2027-06-30"; empty: none is written
};

// Entries of deviations that are waived already are written with their reason. Returns how many entries there are.
int write_waiver_list(const verdict::RunRecord& record, const WaiverListOptions& options, std::ostream& out);

}  // namespace smtpspec::reports
