// A word of up to eight octets as a number, so that it is compared with each of many in one step.
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/base/octets.h"

namespace smtpspec::base {

// The same for words that are equal in any letter case (RFC 5321 §2.4), and different for all others. 0: "", or a word
// that is longer or has a NUL.
constexpr std::uint64_t short_word(std::string_view word) {
  if (word.size() > sizeof(std::uint64_t)) return 0;
  std::uint64_t number = 0;
  for (const char c : word) {
    if (c == '\0') return 0;
    number = number << 8U | static_cast<unsigned char>(to_upper(c));
  }
  return number;
}

}  // namespace smtpspec::base
