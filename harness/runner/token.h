// The word by which a try's message is found: what {token} stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace smtpspec::runner {

// The same for the same seed, place in the plan and number of the try, and no other's.
std::string token_of(std::uint64_t seed, std::size_t index, int attempt);

// Does a text hold the token of another try, of this run or of another one? The marker of a try counts as its token.
bool holds_other_token(std::string_view text, std::string_view token);

}  // namespace smtpspec::runner
