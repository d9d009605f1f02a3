// The client's side of SCRAM against the reference server with the digests of the tests: a user "tim", and a server
// whose nonces are "id1", "id2" and so on.
#pragma once

#include <cstdint>
#include <string>

#include "harness/base/quick_digests.h"
#include "harness/base/scram.h"
#include "harness/server/base64.h"

namespace smtpspec::server {

struct ScramClient {
  std::string password = "tanstaaftanstaaf";
  std::string first = "n=tim,r=client";  // bare
  std::string server_nonce = "id1";
  std::uint32_t iterations = 4096;
  base::DigestKind kind = base::DigestKind::sha256;

  std::string salt() const { return base::quick_digests().digest(kind, "salt of tim").substr(0, 16); }
  std::string challenge() const {
    return "r=client" + server_nonce + ",s=" + to_base64(salt()) + ",i=" + std::to_string(iterations);
  }
  std::string last(const std::string& without_proof) const {
    const auto keys = base::scram_keys(base::quick_digests(), kind, password, salt(), iterations);
    const std::string message = base::scram_auth_message(first, challenge(), without_proof);
    return without_proof + ",p=" + to_base64(base::scram_proof(base::quick_digests(), kind, keys, message));
  }
  std::string last() const { return last("c=biws,r=client" + server_nonce); }
  std::string signature() const {
    const auto keys = base::scram_keys(base::quick_digests(), kind, password, salt(), iterations);
    const std::string message = base::scram_auth_message(first, challenge(), "c=biws,r=client" + server_nonce);
    return to_base64(base::scram_signature(base::quick_digests(), kind, keys, message));
  }
};

}  // namespace smtpspec::server
