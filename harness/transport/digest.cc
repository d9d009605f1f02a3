#include "harness/transport/digest.h"

#include <array>
#include <cstdint>

#include <openssl/sha.h>

namespace smtpspec::transport {

std::string sha256_hex(std::string_view octets) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), digest.data());
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t octet : digest) {
    out += kDigits[octet >> 4];
    out += kDigits[octet & 0x0f];
  }
  return out;
}

}  // namespace smtpspec::transport
