// Digests that a password is proven with. The arithmetic is a library's, which the pure rooms do not touch: whoever
// runs them hands it in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace smtpspec::base {

enum class DigestKind { md5, sha1, sha256 };

// Results are raw octets, 16 (MD5), 20 (SHA-1) or 32 (SHA-256) of them.
class KeyedDigests {
 public:
  virtual ~KeyedDigests() = default;
  virtual std::string digest(DigestKind kind, std::string_view octets) const = 0;
  virtual std::string hmac(DigestKind kind, std::string_view key, std::string_view octets) const = 0;
  // PBKDF2 (RFC 8018 §5.2) with HMAC, one block of output: Hi() of RFC 5802 §2.2. iterations >= 1.
  virtual std::string pbkdf2(DigestKind kind, std::string_view password, std::string_view salt,
                             std::uint32_t iterations) const = 0;
};

}  // namespace smtpspec::base
