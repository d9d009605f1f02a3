#include "harness/server/challenge_exchanges.h"

#include <algorithm>

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kDigestDigits = 32;
constexpr char kSeparator = '\x01';

std::string to_hexadecimal(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 0x0fU];
  }
  return out;
}

// client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep, with the key "auth" among the pairs (RFC 7628 §3.1).
bool is_bearer_message(std::string_view message) {
  if (!message.starts_with("n,") && !message.starts_with("y,")) return false;
  const std::size_t header_end = message.find(kSeparator);
  if (header_end == std::string_view::npos || !message.substr(0, header_end).ends_with(',')) return false;
  if (!message.ends_with("\x01\x01")) return false;
  return message.substr(header_end)
             .find(
                 "\x01"
                 "auth=Bearer ") != std::string_view::npos;
}

}  // namespace

SaslStep CramMd5Exchange::begin() const { return {SaslOutcome::challenge, challenge_}; }

SaslStep CramMd5Exchange::take(std::string_view message) const {
  const std::size_t space = message.rfind(' ');
  const std::string name(message.substr(0, space));
  const std::string_view digest = space == std::string_view::npos ? "" : message.substr(space + 1);
  const auto found = users_->find(name);
  if (found != users_->end() && digest.size() < kDigestDigits && defects_.has(Defect::cram_md5_needs_no_digest)) {
    return {SaslOutcome::success, "", name};
  }
  if (digest.size() != kDigestDigits) return {SaslOutcome::malformed};
  if (found == users_->end()) return {SaslOutcome::rejected};
  const std::string right = to_hexadecimal(digests_->hmac(base::DigestKind::md5, found->second, challenge_));
  if (digest != right) return {SaslOutcome::rejected};
  return {SaslOutcome::success, "", name};
}

SaslStep OauthBearerExchange::take(std::string_view message) {
  if (has_told_refusal_) {
    if (defects_.has(Defect::oauthbearer_refusal_taken_back)) return {SaslOutcome::success, "", "nobody"};
    return {SaslOutcome::rejected};
  }
  if (!is_bearer_message(message)) {
    if (defects_.has(Defect::oauthbearer_malformed_accepted)) return {SaslOutcome::success, "", "nobody"};
    return {SaslOutcome::malformed};
  }
  has_told_refusal_ = true;
  // RFC 7628 §3.2.2: "status" has to be there.
  const bool has_status = !defects_.has(Defect::oauthbearer_refusal_without_status);
  return {SaslOutcome::challenge, has_status ? R"({"status":"invalid_token","scope":"mail"})" : R"({"scope":"mail"})"};
}

}  // namespace smtpspec::server
