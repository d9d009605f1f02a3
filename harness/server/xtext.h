// xtext (RFC 3461 §4): how ESMTP parameters carry characters that they may not: "+" and two upper-case hex digits.
#pragma once

#include <string>
#include <string_view>

namespace smtpspec::server {

// Printable ASCII, "+" only before two upper-case hex digits, no "=".
bool is_xtext(std::string_view text);

// An address of the type utf-8 (RFC 6533 §3): as xtext, but with "\x{E9}" for what may not stand there, or UTF-8
// itself.
bool is_utf8_address(std::string_view text);

// `xtext` must be xtext; where it is not, what cannot be decoded stays as it stands.
std::string decode_xtext(std::string_view xtext);

}  // namespace smtpspec::server
