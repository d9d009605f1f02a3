// Feedback for any server, without its source: which reply came to which kind of command in which state, as small
// numbers. The alphabet is bounded, so that a corpus stays small: known verbs and "other", places of the code and not
// its text.
#pragma once

#include <cstddef>
#include <functional>

#include "fuzz/oracles/judge.h"

namespace smtpspec::fuzz {

inline constexpr std::size_t kFeatures = 40 * 1024;

// Calls `note` for each feature of the talk, 0 to kFeatures - 1, as often as it occurs.
void for_each_feature(const Talk& talk, const std::function<void(std::size_t feature)>& note);

}  // namespace smtpspec::fuzz
