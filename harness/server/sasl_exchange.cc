#include "harness/server/sasl_exchange.h"

#include "harness/base/octets.h"
#include "harness/server/base64.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kMaxFieldOctets = 255;  // RFC 4616 §2
constexpr std::string_view kLoginAsksName = "Username:";
constexpr std::string_view kLoginAsksPassword = "Password:";

// What a sloppy decoder makes of text with foreign characters or stray padding: it skips them.
std::optional<std::string> from_base64_leniently(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (base::is_alnum(c) || c == '+' || c == '/') digits += c;
  }
  while (digits.size() % 4 != 0) digits += '=';
  return from_base64(digits);
}

}  // namespace

std::optional<SaslMechanism> sasl_mechanism_from(std::string_view name, const DefectSet& defects) {
  if (defects.has(Defect::auth_mechanism_case_sensitive)) {
    if (name == "PLAIN") return SaslMechanism::plain;
    if (name == "LOGIN") return SaslMechanism::login;
    return std::nullopt;
  }
  if (base::equals_ignoring_case(name, "PLAIN")) return SaslMechanism::plain;
  if (base::equals_ignoring_case(name, "LOGIN") && !defects.has(Defect::auth_login_advertised_but_refused)) {
    return SaslMechanism::login;
  }
  return std::nullopt;
}

SaslStep SaslExchange::start(std::optional<std::string_view> initial_response) {
  if (initial_response && *initial_response == "=" && !defects_.has(Defect::auth_equals_sign_refused)) return take("");
  if (initial_response) return respond(*initial_response);
  if (mechanism_ == SaslMechanism::login) return {SaslOutcome::challenge, std::string(kLoginAsksName)};
  return {SaslOutcome::challenge};
}

SaslStep SaslExchange::respond(std::string_view line) {
  const bool cancel_ignored = defects_.has(Defect::auth_cancel_ignored) ||
                              (defects_.has(Defect::auth_login_password_cancel_ignored) && login_name_);
  if (line == "*" && cancel_ignored) return {SaslOutcome::rejected};
  if (line == "*") return {SaslOutcome::cancelled};
  const bool foreign_characters = line.find_first_of("!#$%&(),.:;<>?@_ ") != std::string_view::npos;
  const std::size_t padding = line.find('=');
  const bool stray_padding = padding != std::string_view::npos && line.find_first_not_of('=', padding) != line.npos;
  std::optional<std::string> response = from_base64(line);
  if ((foreign_characters && defects_.has(Defect::auth_foreign_characters_skipped)) ||
      (stray_padding && defects_.has(Defect::auth_stray_padding_skipped))) {
    response = from_base64_leniently(line);
  }
  if (!response)
    return {defects_.has(Defect::auth_bad_base64_rejected_as_credentials) ? SaslOutcome::rejected
                                                                          : SaslOutcome::malformed};
  return take(*response);
}

SaslStep SaslExchange::take(std::string_view response) {
  return mechanism_ == SaslMechanism::plain ? take_plain(response) : take_login(response);
}

// message = [authzid] NUL authcid NUL passwd
SaslStep SaslExchange::take_plain(std::string_view message) const {
  const std::size_t first = message.find('\0');
  if (first == std::string_view::npos) return {SaslOutcome::malformed};
  const std::size_t second = message.find('\0', first + 1);
  if (second == std::string_view::npos) return {SaslOutcome::malformed};
  const std::string_view identity = message.substr(0, first);
  const std::string_view name = message.substr(first + 1, second - first - 1);
  std::string_view password = message.substr(second + 1);
  if (defects_.has(Defect::auth_plain_nul_in_field_accepted)) password = password.substr(0, password.find('\0'));
  if (password.find('\0') != std::string_view::npos) return {SaslOutcome::malformed};
  if (identity.size() > kMaxFieldOctets || name.size() > kMaxFieldOctets || password.size() > kMaxFieldOctets) {
    return {SaslOutcome::malformed};
  }
  if (!identity.empty() && identity == name && defects_.has(Defect::auth_plain_own_identity_refused)) {
    return {SaslOutcome::rejected};
  }
  // Nobody may act as somebody else here.
  if (!identity.empty() && identity != name && !defects_.has(Defect::auth_plain_foreign_identity_accepted)) {
    return {SaslOutcome::rejected};
  }
  return judge(name, password);
}

SaslStep SaslExchange::take_login(std::string_view answer) {
  if (login_name_) return judge(*login_name_, answer);
  login_name_ = std::string(answer);
  return {SaslOutcome::challenge, std::string(kLoginAsksPassword)};
}

SaslStep SaslExchange::judge(std::string_view user, std::string_view password) const {
  const auto found = users_->find(std::string(user));
  if (found == users_->end()) return {SaslOutcome::rejected};
  if (found->second != password && !defects_.has(Defect::auth_wrong_password_accepted)) return {SaslOutcome::rejected};
  return {SaslOutcome::success, "", found->first};
}

}  // namespace smtpspec::server
