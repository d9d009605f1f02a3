// Is a text all printable? Eight octets at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace smtpspec::base {

// No octet lies outside %d32-126. (HT does.)
inline bool is_printable(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  constexpr std::uint64_t kSpaces = kOnes * 0x20;
  const auto has_suspect = [](std::uint64_t word) {
    const std::uint64_t below_space = (word - kSpaces) & ~word;
    const std::uint64_t del = word ^ (kOnes * 0x7f);
    return ((word | below_space | ((del - kOnes) & ~del)) & kHighs) != 0;
  };
  std::uint64_t word = kSpaces;
  if (text.size() < sizeof word) {
    std::memcpy(&word, text.data(), text.size());
    return !has_suspect(word);
  }
  // The last word overlaps the one before it.
  for (std::size_t i = 0; i + sizeof word < text.size(); i += sizeof word) {
    std::memcpy(&word, text.data() + i, sizeof word);
    if (has_suspect(word)) return false;
  }
  std::memcpy(&word, text.data() + text.size() - sizeof word, sizeof word);
  return !has_suspect(word);
}

}  // namespace smtpspec::base
