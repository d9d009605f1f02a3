#include "harness/base/scram.h"

#include <algorithm>

namespace smtpspec::base {
namespace {

// Of the same length.
std::string exclusive_or(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

}  // namespace

ScramKeys scram_keys(const KeyedDigests& digests, DigestKind kind, std::string_view password, std::string_view salt,
                     std::uint32_t iterations) {
  const std::string salted = digests.pbkdf2(kind, password, salt, iterations);
  ScramKeys keys;
  keys.client_key = digests.hmac(kind, salted, "Client Key");
  keys.stored_key = digests.digest(kind, keys.client_key);
  keys.server_key = digests.hmac(kind, salted, "Server Key");
  return keys;
}

std::string scram_auth_message(std::string_view first, std::string_view challenge, std::string_view last) {
  std::string message(first);
  message += ',';
  message += challenge;
  message += ',';
  message += last;
  return message;
}

std::string scram_proof(const KeyedDigests& digests, DigestKind kind, const ScramKeys& keys,
                        std::string_view auth_message) {
  return exclusive_or(keys.client_key, digests.hmac(kind, keys.stored_key, auth_message));
}

bool is_scram_proof(const KeyedDigests& digests, DigestKind kind, const ScramKeys& keys, std::string_view auth_message,
                    std::string_view proof) {
  if (proof.size() != keys.client_key.size()) return false;
  const std::string key = exclusive_or(std::string(proof), digests.hmac(kind, keys.stored_key, auth_message));
  return digests.digest(kind, key) == keys.stored_key;
}

std::string scram_signature(const KeyedDigests& digests, DigestKind kind, const ScramKeys& keys,
                            std::string_view auth_message) {
  return digests.hmac(kind, keys.server_key, auth_message);
}

}  // namespace smtpspec::base
