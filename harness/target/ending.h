// What the end of a process of ours means. For this room's sources.
#pragma once

#include "harness/target/output_tail.h"
#include "harness/target/target.h"

namespace smtpspec::target {

// wait_status as waitpid() gives it. Takes the sanitizer's text out of `output`.
CrashReport describe_end(int wait_status, OutputTail& output);

// A signal or a sanitizer's report; false for any exit code.
bool is_crash(const CrashReport& report);

// Whether this end is what stop() asked for.
bool is_wanted_end(const CrashReport& report);

}  // namespace smtpspec::target
