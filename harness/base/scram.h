// The keys and signatures of SCRAM (RFC 5802 §3), for the side that proves a password and the side that checks it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/keyed_digests.h"

namespace smtpspec::base {

// Raw octets.
struct ScramKeys {
  std::string client_key;
  std::string stored_key;
  std::string server_key;
};

ScramKeys scram_keys(const KeyedDigests& digests, DigestKind kind, std::string_view password, std::string_view salt,
                     std::uint32_t iterations);

// client-first-message-bare "," server-first-message "," client-final-message-without-proof
std::string scram_auth_message(std::string_view first, std::string_view challenge, std::string_view last);

// ClientProof, raw octets.
std::string scram_proof(const KeyedDigests& digests, DigestKind kind, const ScramKeys& keys,
                        std::string_view auth_message);
// True if the proof is that of somebody who knows the client's key.
bool is_scram_proof(const KeyedDigests& digests, DigestKind kind, const ScramKeys& keys, std::string_view auth_message,
                    std::string_view proof);
// ServerSignature, raw octets.
std::string scram_signature(const KeyedDigests& digests, DigestKind kind, const ScramKeys& keys,
                            std::string_view auth_message);

}  // namespace smtpspec::base
