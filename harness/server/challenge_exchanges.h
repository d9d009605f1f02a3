// The server's side of CRAM-MD5 (RFC 2195) and of OAUTHBEARER (RFC 7628). Nobody has given out a token that this server
// would take, so that the latter is refused in the end. Messages go in and come out as octets.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/base/keyed_digests.h"
#include "harness/server/defect.h"
#include "harness/server/sasl_step.h"

namespace smtpspec::server {

class CramMd5Exchange {
 public:
  // `challenge` is a msg-id that has never been used before. The others must outlive the exchange.
  CramMd5Exchange(const base::KeyedDigests& digests, std::string challenge,
                  const std::map<std::string, std::string>& users, const DefectSet& defects)
      : digests_(&digests), challenge_(std::move(challenge)), users_(&users), defects_(defects) {}

  SaslStep begin() const;
  // The client's one message: name, space, 32 hexadecimal digits.
  SaslStep take(std::string_view message) const;

 private:
  const base::KeyedDigests* digests_;
  std::string challenge_;
  const std::map<std::string, std::string>* users_;
  DefectSet defects_;
};

class OauthBearerExchange {
 public:
  explicit OauthBearerExchange(const DefectSet& defects) : defects_(defects) {}

  // The client's message, and then the line by which it has taken note of the refusal.
  SaslStep take(std::string_view message);
  bool has_told_refusal() const { return has_told_refusal_; }

 private:
  DefectSet defects_;
  bool has_told_refusal_ = false;
};

}  // namespace smtpspec::server
