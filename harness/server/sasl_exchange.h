// The server's side of one AUTH exchange with PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login) or one of the
// others, framed as in RFC 4954 §4: base64 lines go in, the next step comes out. It holds no state beyond one exchange.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/server/challenge_exchanges.h"
#include "harness/server/defect.h"
#include "harness/server/sasl_step.h"
#include "harness/server/scram_exchange.h"

namespace smtpspec::server {

enum class SaslMechanism { plain, login, cram_md5, scram_sha_1, scram_sha_256, oauthbearer };

// `has_digests`: the mechanisms are known that need them. `is_tls`: OAUTHBEARER is (RFC 7628 §3).
struct SaslOffer {
  bool has_digests = false;
  bool is_tls = false;
};
std::optional<SaslMechanism> sasl_mechanism_from(std::string_view name, SaslOffer offer, const DefectSet& defects);

class SaslExchange {
 public:
  // `users` (name -> password) must outlive the exchange.
  SaslExchange(SaslMechanism mechanism, const std::map<std::string, std::string>& users, const DefectSet& defects)
      : mechanism_(mechanism), users_(&users), defects_(defects) {}
  // For the mechanisms that need them; `id` is an atom that has never been used before.
  void use_digests(const base::KeyedDigests& digests, const std::string& id, const std::string& host_name);

  // `initial_response` as it stood on the AUTH line ("=" means no octets), or nothing.
  SaslStep start(std::optional<std::string_view> initial_response);
  // One line from the client, without CRLF.
  SaslStep respond(std::string_view line);

 private:
  SaslStep take(std::string_view response);
  SaslStep take_plain(std::string_view message) const;
  bool is_same_user(std::string_view identity, std::string_view name) const;
  SaslStep take_login(std::string_view answer);
  std::optional<SaslStep> spoilt_login_name(std::string_view name);
  SaslStep judge(std::string_view user, std::string_view password) const;

  SaslMechanism mechanism_;
  const std::map<std::string, std::string>* users_;
  DefectSet defects_;
  std::optional<std::string> login_name_;
  std::optional<ScramExchange> scram_;
  std::optional<CramMd5Exchange> cram_md5_;
  std::optional<OauthBearerExchange> bearer_;
  bool has_asked_twice_ = false;  // only a defect writes this
};

}  // namespace smtpspec::server
