// What a run must be, beyond a gate that is met, for its server to be called certified. reports/CERTIFICATION.md says
// the same for readers, and why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

inline constexpr double kCertifiedConclusivePercent = 95.0;  // of the applicable scenarios
inline constexpr double kCertifiedJudgedPercent = 90.0;      // of the applicable requirements

// The fewest requirements that a run of a role must judge; 0: a role that cannot be certified.
int certified_minimum(std::string_view role);

// One sentence for each thing that stands in the way; empty: certified.
std::vector<std::string> objections(const RunRecord& record);

}  // namespace smtpspec::verdict
