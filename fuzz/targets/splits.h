// Cuts octets into pieces, the same for the same octets: what a parser makes of a stream must not depend on them.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "fuzz/mutator/random.h"

namespace smtpspec::fuzz {

inline std::vector<std::string_view> pieces_of(std::string_view octets) {
  std::uint64_t seed = octets.size();
  for (const char c : octets.substr(0, 64)) seed = seed * 31 + static_cast<unsigned char>(c);
  Random random(seed);
  const std::size_t longest = random.one_in(8) ? 3 : std::clamp<std::size_t>(octets.size(), 1, 200);
  constexpr std::size_t kUsualPieces = 8;
  std::vector<std::string_view> pieces;
  pieces.reserve(kUsualPieces);
  while (!octets.empty()) {
    pieces.push_back(octets.substr(0, random.between(1, longest)));
    octets.remove_prefix(pieces.back().size());
  }
  return pieces;
}

}  // namespace smtpspec::fuzz
