// What may stand in a scenario file at all: UTF-8, and no control octet but TAB and the line ends. Other octets are
// written as escapes.
#pragma once

#include <string_view>
#include <vector>

#include "harness/scenario/source_text.h"

namespace smtpspec::scenario {

// Complains of each line's first octet that may not stand there; in a transcript, which runs as it was pasted, with
// a warning. False: this is no text, or its lines are too long to be read.
bool complain_of_octets(std::string_view text, const std::vector<Line>& lines, bool is_transcript,
                        Complaints& complaints);

}  // namespace smtpspec::scenario
