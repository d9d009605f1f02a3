// The file of --waivers and of a profile's expected deviations:
//
//   [[waiver]]
//   scenario = "smtp.vrfy.known-mailbox"      # a scenario, an instance of it, or a finding such as "wire.line-end"
//   scenarios = ["smtp.rset.twice", "…"]      # instead: several that share a reason; each is a waiver of its own
//   requirement = "RFC5321-3.5.3-01"          # only where every missed check is of this requirement
//   verdict = "fail"                          # what is expected: fail (default), warn or inconclusive
//   reason = "VRFY is off on purpose: …"      # required, not empty
//   section = "RFC 5321 §7.3"                 # where the rule stands
//   expires = 2027-06-30                      # last day on which it counts
//   intermittent = true                       # hangs on timing or segmentation: not stale where it does not show
//
// One of scenario, scenarios and requirement is needed. An unknown key, a wrong type and an empty reason are
// diagnostics; all of a file are returned at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/base/result.h"
#include "harness/verdict/waiver.h"

namespace smtpspec::target {

base::Result<std::vector<verdict::Waiver>, std::vector<base::Diagnostic>> parse_waivers(std::string_view text,
                                                                                        const std::string& file);

}  // namespace smtpspec::target
