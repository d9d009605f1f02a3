// The word by which a try's message is found: what {token} stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace smtpspec::runner {

// The same for the same seed, place in the plan and number of the try, and no other's.
std::string token_of(std::uint64_t seed, std::size_t index, int attempt);

}  // namespace smtpspec::runner
