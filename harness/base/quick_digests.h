// Digests that are quick, the same everywhere and no secret to anybody: where both sides are ours, in tests and under
// the fuzzer. FNV-1a, stretched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/keyed_digests.h"

namespace smtpspec::base {

class QuickDigests final : public KeyedDigests {
 public:
  std::string digest(DigestKind kind, std::string_view octets) const override {
    std::uint32_t state = 2'166'136'261U;
    const auto mix = [&](char c) { state = (state ^ static_cast<unsigned char>(c)) * 16'777'619U; };
    for (const char c : octets) mix(c);
    std::string out;
    const std::size_t size = kind == DigestKind::md5 ? 16 : kind == DigestKind::sha1 ? 20 : 32;
    while (out.size() < size) {
      mix('.');
      out += static_cast<char>(state >> 24U);
    }
    return out;
  }
  std::string hmac(DigestKind kind, std::string_view key, std::string_view octets) const override {
    return digest(kind, std::string(key) + '\0' + std::string(octets));
  }
  std::string pbkdf2(DigestKind kind, std::string_view password, std::string_view salt,
                     std::uint32_t iterations) const override {
    return hmac(kind, password, std::string(salt) + std::to_string(iterations));
  }
};

inline const QuickDigests& quick_digests() {
  static const QuickDigests digests;
  return digests;
}

}  // namespace smtpspec::base
