// `check advertises …`, `check known/unknown in …`, `check delivered …`, `check m header …`, `check tls version …`
#pragma once

#include <optional>

#include "harness/scenario/cursor.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// The cursor stands behind `check`.
std::optional<StepBody> read_check(Cursor& cursor, int& connection);

}  // namespace smtpspec::scenario
