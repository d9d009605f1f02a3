// `check advertises …`, `check known/unknown in …`, `check delivered …`, `check m header …`, `check tls version …`
#pragma once

#include <optional>
#include <string>

#include "harness/scenario/cursor.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// The cursor stands behind `check`.
std::optional<StepBody> read_check(Cursor& cursor, int& connection);

// A part of a message that a regex can be held against: `header`, whose "Name" follows, `body`, `bytes`, `mail`,
// `rcpt`. Both: empty after a complaint.
std::optional<CheckMessage::What> read_message_part(Cursor& cursor);
std::optional<std::string> read_field_name(Cursor& cursor);

}  // namespace smtpspec::scenario
