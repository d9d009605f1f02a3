// Deviations that somebody has accepted, each with a reason: the waiver file of a user, and the expected deviations of
// a profile. A waiver takes its scenario out of the gate, never out of the report; one that no longer fits is red.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

struct Waiver {
  std::string scenario;     // exact id; a name without [instance] means all its instances; or a wire finding's id
  std::string requirement;  // only where every missed check is of this requirement; empty: any
  Verdict verdict = Verdict::fail;  // what is expected: fail, warn or inconclusive
  std::string reason;
  std::string section;                           // where the rule stands, for readers; may be empty
  std::optional<std::chrono::sys_days> expires;  // the first day, UTC, on which it no longer counts
  bool is_intermittent = false;  // the deviation hangs on timing: a run that does not show it makes nothing stale
  int line = 0;                  // in its file
};

// Marks what is waived and counts the summary anew. Returns one sentence for each waiver that is stale (what it
// excuses was judged and is not there) or expired (it is not applied). `is_whole_suite`: nothing was deselected, so a
// waiver that names no scenario of the run is stale too.
std::vector<std::string> apply_waivers(RunRecord& record, const std::vector<Waiver>& waivers, base::WallTime now,
                                       bool is_whole_suite);

}  // namespace smtpspec::verdict
