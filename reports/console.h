// The report that a person reads: what was judged, whether the server conforms, every failure as an annotated
// transcript with all that an engineer needs to reproduce and mend it, the rest in brief, the gate and the target.
// ASCII apart from what valid UTF-8 the record's own texts hold; no control octet of a server ever reaches the stream.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct ConsoleOptions {
  bool color = false;    // the caller has looked at NO_COLOR and at the terminal
  bool verbose = false;  // list every id, and show transcripts of warnings and of what was inconclusive
  int width = 100;       // columns at which prose is wrapped; transcripts and commands never are
};

void write_console(const verdict::RunRecord& record, std::ostream& out, ConsoleOptions options = {});

}  // namespace smtpspec::reports
