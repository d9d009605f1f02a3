// The smallest input that still shows it: by steps, then by the words of lines, then by octets. Pure; whoever asks
// plays.
#pragma once

#include <cstddef>
#include <functional>

#include "fuzz/mutator/input.h"

namespace smtpspec::fuzz {

// Does this input show it, too?
using Shows = std::function<bool(const Input& input)>;

enum class Shrinking { steps, octets, both };

// `input` shows it. Asks at most `most_asks` times; what it gives showed it when it was asked, or is `input`.
Input shrink(Input input, const Shows& shows, std::size_t most_asks, Shrinking what = Shrinking::both);

}  // namespace smtpspec::fuzz
