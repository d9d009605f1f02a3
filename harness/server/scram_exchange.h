// The server's side of one exchange with SCRAM-SHA-1 (RFC 5802) or SCRAM-SHA-256 (RFC 7677), without channel binding.
// Messages go in and come out as octets; their base64 is the business of SaslExchange.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/base/keyed_digests.h"
#include "harness/server/defect.h"
#include "harness/server/sasl_step.h"

namespace smtpspec::server {

// The password of a user is kept here in clear; what the client sees is the same as if only its keys were.
class ScramExchange {
 public:
  // `nonce` is the server's part: printable, without a comma, never used before. The other two must outlive it.
  ScramExchange(base::DigestKind kind, const base::KeyedDigests& digests, std::string nonce,
                const std::map<std::string, std::string>& users, const DefectSet& defects)
      : kind_(kind), digests_(&digests), nonce_(std::move(nonce)), users_(&users), defects_(defects) {}

  // The client's next message.
  SaslStep take(std::string_view message);

 private:
  enum class Stage { first, last, confirmed, refused };

  SaslStep take_first(std::string_view message);
  SaslStep take_last(std::string_view message);
  std::string salt_of(const std::string& user) const;
  bool has(Defect defect) const { return defects_.has(defect); }

  base::DigestKind kind_;
  const base::KeyedDigests* digests_;
  std::string nonce_;
  const std::map<std::string, std::string>* users_;
  DefectSet defects_;

  Stage stage_ = Stage::first;
  std::string user_;
  std::string gs2_header_;  // "n,,"
  std::string first_bare_;
  std::string challenge_;
  std::string salt_;
};

}  // namespace smtpspec::server
