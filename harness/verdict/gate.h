// From findings to an exit code. The precedence is fixed: what makes the run meaningless (usage, an unreachable
// target, a fault of ours) goes before what the server did wrong, and that before "too little was judged"; nothing
// may turn green by shrinking.
#pragma once

#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

enum ExitCode : int {
  kExitGateMet = 0,
  kExitFail = 1,         // a fail, a crash, or a waived fail that now passes
  kExitGateNotMet = 2,   // no fail, but too little is conclusive, warnings count, or nothing ran
  kExitUsage = 3,        // usage error, bad scenario, bad profile
  kExitUnavailable = 4,  // target unreachable or never answering, launch failed, or a fault of the tool
};

// What the reports open with: "N of M applicable requirements judged".
struct Judged {
  int judged = 0;
  int applicable = 0;
  bool operator==(const Judged&) const = default;
};

Judged count_judged(const RunRecord& record);

// Exit code 4, 1, 2 or 0 with one sentence that says why; 3 is decided before there is a record.
Gate decide_gate(const RunRecord& record, const GatePolicy& policy);

}  // namespace smtpspec::verdict
