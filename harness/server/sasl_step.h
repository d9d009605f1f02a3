// What an AUTH exchange comes to after each message of the client's.
#pragma once

#include <string>

namespace smtpspec::server {

enum class SaslOutcome {
  challenge,  // send `challenge` in base64 and wait for a line
  success,    // `user` is who the client now is
  rejected,   // well-formed, but not a user of ours
  malformed,  // not base64, or not what the mechanism sends
  cancelled,  // the client sent "*"
  crashed,    // only a defect does this
};

struct SaslStep {
  SaslOutcome outcome = SaslOutcome::malformed;
  std::string challenge = {};  // octets before base64
  std::string user = {};
};

}  // namespace smtpspec::server
