#include "harness/server/sasl_exchange.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/sasl_defects.h"
#include "harness/wire/path.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kMaxFieldOctets = 255;  // RFC 4616 §2
constexpr std::string_view kLoginAsksName = "Username:";
constexpr std::string_view kLoginAsksPassword = "Password:";

constexpr std::size_t kTooShortFieldOctets = 100;

bool is_mechanism(std::string_view name, std::string_view mechanism, const DefectSet& defects) {
  return base::equals_ignoring_case(name, mechanism) ||
         (base::starts_with_ignoring_case(name, mechanism) && defects.has(Defect::auth_mechanism_recognized_by_prefix));
}

// What SASLprep (RFC 4013 §2.1) leaves of a name with the characters that it maps to nothing. Names here are in ASCII,
// so that there is nothing to normalize.
std::string without_mapped_to_nothing(std::string_view name) {
  // RFC 3454 B.1, in UTF-8: U+00AD, U+034F, U+1806, U+180B to U+180D, U+200B to U+200D, U+2060, U+FE00 to U+FE0F,
  // U+FEFF.
  const auto mapped_octets = [](std::string_view text) -> std::size_t {
    if (text.starts_with("\xc2\xad") || text.starts_with("\xcd\x8f")) return 2;
    if (text.size() < 3) return 0;
    const std::string_view head = text.substr(0, 2);
    const auto last = static_cast<unsigned char>(text[2]);
    const bool is_mapped = (head == "\xe1\xa0" && (last == 0x86 || (last >= 0x8b && last <= 0x8d))) ||
                           (head == "\xe2\x80" && last >= 0x8b && last <= 0x8d) ||
                           (head == "\xe2\x81" && last == 0xa0) || (head == "\xef\xb8" && last <= 0x8f) ||
                           (head == "\xef\xbb" && last == 0xbf);
    return is_mapped ? 3 : 0;
  };
  std::string out;
  while (!name.empty()) {
    const std::size_t octets = mapped_octets(name);
    if (octets == 0) out += name[0];
    name.remove_prefix(std::max<std::size_t>(octets, 1));
  }
  return out;
}

}  // namespace

std::optional<SaslMechanism> sasl_mechanism_from(std::string_view name, SaslOffer offer, const DefectSet& defects) {
  if (defects.has(Defect::auth_mechanism_case_sensitive)) {
    if (name == "PLAIN") return SaslMechanism::plain;
    if (name == "LOGIN") return SaslMechanism::login;
    return std::nullopt;
  }
  if (is_mechanism(name, "PLAIN", defects)) return SaslMechanism::plain;
  if (is_mechanism(name, "LOGIN", defects) && !defects.has(Defect::auth_login_advertised_but_refused)) {
    return SaslMechanism::login;
  }
  if (!offer.has_digests) return std::nullopt;
  if (base::equals_ignoring_case(name, "CRAM-MD5")) return SaslMechanism::cram_md5;
  if (base::equals_ignoring_case(name, "SCRAM-SHA-1")) return SaslMechanism::scram_sha_1;
  if (base::equals_ignoring_case(name, "SCRAM-SHA-256")) return SaslMechanism::scram_sha_256;
  const bool takes_tokens = offer.is_tls || defects.has(Defect::oauthbearer_offered_in_clear);
  if (takes_tokens && base::equals_ignoring_case(name, "OAUTHBEARER")) return SaslMechanism::oauthbearer;
  return std::nullopt;
}

void SaslExchange::use_digests(const base::KeyedDigests& digests, const std::string& id, const std::string& host_name) {
  if (mechanism_ == SaslMechanism::scram_sha_1) {
    scram_.emplace(base::DigestKind::sha1, digests, id, *users_, defects_);
  } else if (mechanism_ == SaslMechanism::scram_sha_256) {
    scram_.emplace(base::DigestKind::sha256, digests, id, *users_, defects_);
  } else if (mechanism_ == SaslMechanism::cram_md5) {
    const std::string left = defects_.has(Defect::cram_md5_challenge_repeated) ? "challenge" : id;
    const bool has_host = !defects_.has(Defect::cram_md5_challenge_without_host);
    cram_md5_.emplace(digests, "<" + left + (has_host ? "@" + host_name : "") + ">", *users_, defects_);
  } else if (mechanism_ == SaslMechanism::oauthbearer) {
    bearer_.emplace(defects_);
  }
}

SaslStep SaslExchange::start(std::optional<std::string_view> initial_response) {
  initial_response = seen_initial_response(initial_response, defects_);
  // RFC 4954 §4: the server begins in this mechanism.
  if (cram_md5_) {
    if (initial_response && !defects_.has(Defect::cram_md5_initial_response_ignored)) return {SaslOutcome::malformed};
    return cram_md5_->begin();
  }
  if (initial_response && *initial_response == "=") return take("");
  if (initial_response) return respond(*initial_response);
  if (scram_ || bearer_) return {SaslOutcome::challenge};
  if (mechanism_ == SaslMechanism::login) {
    if (defects_.has(Defect::auth_login_takes_name_and_password_at_once)) return {SaslOutcome::challenge};
    return {SaslOutcome::challenge, std::string(kLoginAsksName)};
  }
  if (defects_.has(Defect::auth_plain_needs_initial_response)) return {SaslOutcome::malformed};
  if (defects_.has(Defect::auth_plain_without_initial_response_fails)) return {SaslOutcome::rejected};
  if (defects_.has(Defect::auth_plain_with_challenge_text)) return {SaslOutcome::challenge, "Credentials:"};
  return {SaslOutcome::challenge};
}

SaslStep SaslExchange::respond(std::string_view line) {
  const bool cancel_ignored = defects_.has(Defect::auth_cancel_ignored) ||
                              (defects_.has(Defect::auth_login_password_cancel_ignored) && login_name_);
  if (line == "*" && cancel_ignored) return {SaslOutcome::rejected};
  const bool is_name = mechanism_ == SaslMechanism::login && !login_name_;
  if (line == "*" && is_name && defects_.has(Defect::auth_cancel_taken_for_user_name)) return take(line);
  if (line == "*" && bearer_ && bearer_->has_told_refusal() && defects_.has(Defect::oauthbearer_cancel_accepted)) {
    return {SaslOutcome::success, "", "nobody"};
  }
  if (line == "*") return {SaslOutcome::cancelled};
  const std::optional<std::string> response = decode_response(line, defects_);
  if (!response && has_stray_padding(line)) {
    if (defects_.has(Defect::auth_stray_padding_closes)) return {SaslOutcome::crashed};
    if (defects_.has(Defect::auth_stray_padding_rejected_as_credentials)) return {SaslOutcome::rejected};
  }
  if (!response)
    return {defects_.has(Defect::auth_bad_base64_rejected_as_credentials) ? SaslOutcome::rejected
                                                                          : SaslOutcome::malformed};
  return take(*response);
}

SaslStep SaslExchange::take(std::string_view response) {
  if (scram_) return scram_->take(response);
  if (cram_md5_) return cram_md5_->take(response);
  if (bearer_) return bearer_->take(response);
  if (mechanism_ == SaslMechanism::login) return take_login(response);
  return defects_.empty() ? take_plain(response) : take_plain(seen_plain_message(response, defects_));
}

bool SaslExchange::is_same_user(std::string_view identity, std::string_view name) const {
  if (defects_.has(Defect::auth_identity_not_prepared)) return identity == name;
  const std::string prepared = without_mapped_to_nothing(identity);
  return !prepared.empty() && prepared == without_mapped_to_nothing(name);
}

// message = [authzid] NUL authcid NUL passwd
SaslStep SaslExchange::take_plain(std::string_view message) const {
  const std::size_t first = message.find('\0');
  if (first == std::string_view::npos) return {SaslOutcome::malformed};
  const std::size_t second = message.find('\0', first + 1);
  if (second == std::string_view::npos) return {SaslOutcome::malformed};
  const std::string_view name = message.substr(first + 1, second - first - 1);
  const std::string identity = seen_identity(message.substr(0, first), defects_);
  std::string_view password = message.substr(second + 1);
  if (defects_.has(Defect::auth_plain_nul_in_field_accepted)) password = password.substr(0, password.find('\0'));
  if (password.find('\0') != std::string_view::npos) return {SaslOutcome::malformed};
  const std::size_t limit =
      defects_.has(Defect::auth_plain_fields_limited_to_100_octets) ? kTooShortFieldOctets : kMaxFieldOctets;
  if (identity.size() > limit || name.size() > limit || password.size() > limit) {
    return {SaslOutcome::malformed};
  }
  if (!wire::is_utf8(message) && defects_.has(Defect::auth_plain_invalid_utf8_closes)) return {SaslOutcome::crashed};
  if (name.empty() && defects_.has(Defect::auth_plain_empty_name_accepted)) return {SaslOutcome::success, "", "nobody"};
  if (is_soft_hyphens(name) && defects_.has(Defect::auth_soft_hyphens_accepted_as_name)) {
    return {SaslOutcome::success, "", "nobody"};
  }
  if (!identity.empty() && is_same_user(identity, name) && defects_.has(Defect::auth_plain_own_identity_refused)) {
    return {SaslOutcome::rejected};
  }
  // Nobody may act as somebody else here.
  if (!identity.empty() && !is_same_user(identity, name) &&
      !defects_.has(Defect::auth_plain_foreign_identity_accepted)) {
    return {SaslOutcome::rejected};
  }
  return judge(name, password);
}

SaslStep SaslExchange::take_login(std::string_view answer) {
  if (login_name_) return judge(*login_name_, answer);
  if (!defects_.empty()) {
    if (auto step = spoilt_login_name(answer)) return *step;
  }
  login_name_ = std::string(answer);
  return {SaslOutcome::challenge, std::string(kLoginAsksPassword)};
}

// What a defect makes of the name, or nothing.
std::optional<SaslStep> SaslExchange::spoilt_login_name(std::string_view name) {
  const auto has = [&](Defect defect) { return defects_.has(defect); };
  const bool is_known = users_->contains(std::string(name));
  if (has(Defect::auth_login_takes_name_and_password_at_once)) {
    const std::size_t end = std::min(name.find_first_of(std::string_view("\0 ", 2)), name.size());
    return judge(name.substr(0, end), name.substr(std::min(end + 1, name.size())));
  }
  if (has(is_known ? Defect::auth_login_refuses_name : Defect::auth_login_refuses_unknown_name)) {
    return SaslStep{SaslOutcome::rejected};
  }
  if (is_known && has(Defect::auth_login_needs_no_password)) {
    return SaslStep{SaslOutcome::success, "", std::string(name)};
  }
  if (has(Defect::auth_login_asks_for_name_twice) && !std::exchange(has_asked_twice_, true)) {
    return SaslStep{SaslOutcome::challenge, std::string(kLoginAsksName)};
  }
  return std::nullopt;
}

SaslStep SaslExchange::judge(std::string_view user, std::string_view password) const {
  const auto found = users_->find(seen_user_name(user, defects_));
  if (found == users_->end() || !is_password(password, found->second, defects_)) return {SaslOutcome::rejected};
  return {SaslOutcome::success, "", found->first};
}

}  // namespace smtpspec::server
