// Annotations of a GitHub workflow: lines that the runner takes for commands, "::error file=…,line=…,title=…::message".
// A fail, a crash, a broken rule on the form of replies and a gate that is not met are errors; a missed SHOULD is a
// warning; what could not be judged is one notice. GitHub shows ten of a kind for each step: the gate comes first, and
// no more than ten of a kind are written, the tenth telling how many are left out.
//
// Everything in them that comes from a server is printable text with the runner's own escapes, so that no reply can
// end a command or begin one. `file` is the scenario's file, relative to the suite.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_github_annotations(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
