// Base64 as RFC 4648 §4 has it, the padding included.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smtpspec::base {

std::string base64(std::string_view octets);

// Strictly as RFC 4954 §4 demands it of both sides: nothing outside the alphabet, padding at the end only. Nothing
// where the text is no Base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace smtpspec::base
