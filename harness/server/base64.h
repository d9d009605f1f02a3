// Base64 as RFC 4954 §4 wants it read: nothing outside the alphabet, padding only at the end, whole quanta.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace smtpspec::server {

std::string to_base64(std::string_view octets);

// Nothing if `text` is not exactly one well-formed base64 value; "" is the value of no octets.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace smtpspec::server
