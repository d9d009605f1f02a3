// Ed25519 signatures (RFC 8032) with keys in PEM, as `openssl genpkey -algorithm ed25519` makes them and
// `openssl pkey -pubout` gives out.
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace smtpspec::transport {

struct Signature {
  std::string octets;  // 64
  std::string key_id;  // as key_id() has it
};

// The error is one sentence: no PEM, encrypted, or another kind of key.
base::Result<Signature, std::string> sign_ed25519(std::string_view private_key_pem, std::string_view octets);

// False: the signature is not that of this key over these octets. The error is about the key only.
base::Result<bool, std::string> verify_ed25519(std::string_view public_key_pem, std::string_view octets,
                                               std::string_view signature);

// SHA-256 of the public key's SubjectPublicKeyInfo in DER (RFC 8410 §4), 64 lower-case hexadecimal digits.
base::Result<std::string, std::string> key_id(std::string_view public_key_pem);

}  // namespace smtpspec::transport
