// What stands behind `S:`. The rule for the text after a reply code: it is commentary from its first word that is
// neither quoted, a /regex/, a [requirement] nor one of the words unless, answer, within, after, as — up to the next
// of the first three, or up to two blanks or a TAB. In a bare transcript all of it is commentary but for quoted texts
// and regexes.
#pragma once

#include <optional>
#include <string_view>

#include "harness/scenario/cursor.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// One `S:` line, from behind the colon to its end.
Expectation read_expectation(Cursor& cursor, bool is_transcript);

// `250-TEXT`: the first or a middle line of a multi-line reply as it stands on the wire. Its code, or "".
std::string_view continued_code(std::string_view behind_colon);

// What follows the code on a further line of a multi-line reply, added to `out`; `is_advertised`: it answers EHLO.
void read_further_line(Cursor& cursor, bool is_advertised, bool is_transcript, Expectation& out);

}  // namespace smtpspec::scenario
