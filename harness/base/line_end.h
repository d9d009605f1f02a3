// Where a line might end. One pass over the octets: std::string_view::find_first_of() calls memchr() for each of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace smtpspec::base {

// The first CR or LF; npos: there is none.
inline std::size_t find_cr_or_lf(std::string_view octets) {
  const auto found = std::find_if(octets.begin(), octets.end(), [](char c) { return c == '\r' || c == '\n'; });
  return found == octets.end() ? std::string_view::npos : static_cast<std::size_t>(found - octets.begin());
}

}  // namespace smtpspec::base
