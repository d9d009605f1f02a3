// Base64 of what the fuzzer says in AUTH (RFC 4648 §4), with padding and without line ends.
#pragma once

#include <string>
#include <string_view>

namespace smtpspec::fuzz {

std::string to_base64(std::string_view octets);

}  // namespace smtpspec::fuzz
