// `250`, `2xx`, `250|251`, `not 2xx`, `any`, `closed`, `closed cleanly`.
#pragma once

#include <optional>
#include <string_view>

#include "harness/scenario/cursor.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// One word without blanks: alternatives divided by '|'.
std::optional<ReplyPattern> parse_pattern_word(std::string_view word);

// As above, and the two-word forms; complains.
std::optional<ReplyPattern> read_pattern(Cursor& cursor);

}  // namespace smtpspec::scenario
