// `C: text`, `C| "octets"` and `C.` with its indented text.
#pragma once

#include <optional>

#include "harness/scenario/mark.h"
#include "harness/scenario/outline.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// How the text of a `C:` line is read: a command may be followed by the words malformed, split and gap behind two
// blanks or a TAB, and its trailing blanks are not sent; the text of a message is sent as it stands.
enum class LineText { command, message };

Send read_line(const Line& line, const Mark& mark, LineText text, Braces braces, Complaints& complaints);

// Pieces may go on in the lines below, indented.
std::optional<Send> read_octets(const Node& node, const Mark& mark, const FileReader& files, Complaints& complaints);

std::optional<Message> read_message(const Node& node, const Mark& mark, Complaints& complaints);

// `split 5 gap 20ms`, in any order, and `malformed` where `is_malformed` is not null; false after a complaint.
bool read_pacing(Cursor& cursor, Pacing& pacing, bool* is_malformed);

}  // namespace smtpspec::scenario
