// A moment in the form of RFC 3339, UTC, without loss: a fraction of a second is written if there is one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/base/clock.h"

namespace smtpspec::reports {

// "2026-11-24T03:13:07Z", "2026-11-24T03:13:07.000001Z": as many digits of the fraction as it needs, at most nine.
std::string format_instant(base::WallTime time);

// Reads that form, of the years 1970 to 2199; anything else is nothing.
std::optional<base::WallTime> parse_instant(std::string_view text);

}  // namespace smtpspec::reports
