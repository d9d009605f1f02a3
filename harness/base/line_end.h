// Where a line might end. std::string_view::find_first_of() calls memchr() for each octet; here it is called for
// stretches.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace smtpspec::base {

// The first CR or LF; npos: there is none.
inline std::size_t find_cr_or_lf(std::string_view octets) {
  constexpr std::size_t kStretch = 256;  // what is far away is not looked for again behind each CR
  for (std::size_t at = 0; at < octets.size(); at += kStretch) {
    const std::string_view stretch = octets.substr(at, kStretch);
    const std::size_t lf = stretch.find('\n');
    const std::size_t first = std::min(stretch.substr(0, lf).find('\r'), lf);
    if (first != std::string_view::npos) return at + first;
  }
  return std::string_view::npos;
}

}  // namespace smtpspec::base
