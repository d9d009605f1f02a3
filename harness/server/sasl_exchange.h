// The server's side of one AUTH exchange with PLAIN (RFC 4616) or LOGIN (draft-murchison-sasl-login), framed as in
// RFC 4954 §4: base64 lines go in, the next step comes out. It holds no state beyond one exchange.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/server/defect.h"

namespace smtpspec::server {

enum class SaslMechanism { plain, login };

std::optional<SaslMechanism> sasl_mechanism_from(std::string_view name, const DefectSet& defects);

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

class SaslExchange {
 public:
  // `users` (name -> password) must outlive the exchange.
  SaslExchange(SaslMechanism mechanism, const std::map<std::string, std::string>& users, const DefectSet& defects)
      : mechanism_(mechanism), users_(&users), defects_(defects) {}

  // `initial_response` as it stood on the AUTH line ("=" means no octets), or nothing.
  SaslStep start(std::optional<std::string_view> initial_response);
  // One line from the client, without CRLF.
  SaslStep respond(std::string_view line);

 private:
  SaslStep take(std::string_view response);
  SaslStep take_plain(std::string_view message) const;
  SaslStep take_login(std::string_view answer);
  std::optional<SaslStep> spoilt_login_name(std::string_view name);
  SaslStep judge(std::string_view user, std::string_view password) const;

  SaslMechanism mechanism_;
  const std::map<std::string, std::string>* users_;
  DefectSet defects_;
  std::optional<std::string> login_name_;
  bool has_asked_twice_ = false;  // only a defect writes this
};

}  // namespace smtpspec::server
