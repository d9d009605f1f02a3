// `250`, `2xx`, `250|251`, `not 2xx`, `any`, `closed`, `closed cleanly`, `closed notified`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/scenario/cursor.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// One word without blanks: alternatives divided by '|'.
std::optional<ReplyPattern> parse_pattern_word(std::string_view word);

// "did you mean '250|251'?" of a word that is no pattern; "" where nothing is near.
std::string suggest_pattern(std::string_view word);

// No pattern, but a code with a letter in the place of a digit, such as 25O.
bool looks_like_code(std::string_view word);

// As above, and the two-word forms; complains.
std::optional<ReplyPattern> read_pattern(Cursor& cursor);

}  // namespace smtpspec::scenario
