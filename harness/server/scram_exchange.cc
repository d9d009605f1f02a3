#include "harness/server/scram_exchange.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/base/scram.h"
#include "harness/server/base64.h"

namespace smtpspec::server {
namespace {

constexpr std::uint32_t kIterations = 4096;  // RFC 5802 §5.1, RFC 7677 §3
constexpr std::uint32_t kFewIterations = 1000;
constexpr std::size_t kSaltOctets = 16;

std::vector<std::string_view> attributes_of(std::string_view message) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = message.find(',');
    parts.push_back(message.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    message.remove_prefix(comma + 1);
  }
}

// "=2C" is a comma and "=3D" an equals sign; nothing else may follow one.
std::optional<std::string> unescaped(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '=') {
      out += name[i];
      continue;
    }
    const std::string_view code = name.substr(i + 1, 2);
    if (code != "2C" && code != "3D") return std::nullopt;
    out += code == "2C" ? ',' : '=';
    i += 2;
  }
  return out;
}

bool is_nonce(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

SaslStep ScramExchange::take(std::string_view message) {
  switch (stage_) {
    case Stage::first:
      return take_first(message);
    case Stage::last:
      return take_last(message);
    case Stage::confirmed:
      if (!message.empty()) return {SaslOutcome::malformed};
      return {SaslOutcome::success, "", user_};
    case Stage::refused:
      break;
  }
  return {SaslOutcome::rejected};
}

// client-first-message = gs2-cbind-flag "," [ "a=" authzid ] "," [ "m=" … "," ] "n=" name "," "r=" nonce [ "," … ]
SaslStep ScramExchange::take_first(std::string_view message) {
  std::vector<std::string_view> parts = attributes_of(message);
  if (parts.size() < 4) return {SaslOutcome::malformed};
  const std::string_view flag = parts[0];
  const std::string_view identity = parts[1];
  if (flag.starts_with("p=")) {
    if (!has(Defect::scram_demand_for_binding_ignored)) return {SaslOutcome::rejected};
  } else if (flag != "n" && flag != "y") {
    return {SaslOutcome::malformed};
  }
  if (!identity.empty() && !identity.starts_with("a=")) return {SaslOutcome::malformed};
  gs2_header_ = message.substr(0, flag.size() + identity.size() + 2);
  first_bare_ = message.substr(gs2_header_.size());
  parts.erase(parts.begin(), parts.begin() + 2);
  if (parts[0].starts_with("m=")) {
    if (!has(Defect::scram_mandatory_extension_ignored) || parts.size() < 3) return {SaslOutcome::rejected};
    parts.erase(parts.begin());
  }
  if (!parts[0].starts_with("n=") || !parts[1].starts_with("r=") || !is_nonce(parts[1].substr(2))) {
    return {SaslOutcome::malformed};
  }
  if (parts.size() > 2 && has(Defect::scram_unknown_attribute_refused)) return {SaslOutcome::malformed};
  auto user = unescaped(parts[0].substr(2));
  if (!user && has(Defect::scram_bad_escape_accepted))
    user = std::string(parts[0].substr(2, parts[0].find('=', 2) - 2));
  if (!user) return {SaslOutcome::malformed};
  user_ = std::move(*user);
  // Nobody may act as somebody else here.
  if (!identity.empty() && unescaped(identity.substr(2)) != user_) return {SaslOutcome::rejected};

  const std::string client_nonce(parts[1].substr(2));
  if (has(Defect::scram_nonce_repeated)) nonce_ = "server";
  nonce_ = has(Defect::scram_nonce_not_extended) ? client_nonce : client_nonce + nonce_;
  salt_ = salt_of(user_);
  const std::uint32_t iterations = has(Defect::scram_few_iterations) ? kFewIterations : kIterations;
  const std::string salt = "s=" + to_base64(salt_);
  challenge_ = has(Defect::scram_salt_before_nonce) ? salt + ",r=" + nonce_ : "r=" + nonce_ + "," + salt;
  challenge_ += ",i=" + std::to_string(iterations);
  stage_ = Stage::last;
  return {SaslOutcome::challenge, challenge_};
}

// client-final-message = "c=" base64 "," "r=" nonce [ "," … ] "," "p=" base64
SaslStep ScramExchange::take_last(std::string_view message) {
  stage_ = Stage::refused;
  const std::size_t end = message.rfind(",p=");
  if (end == std::string_view::npos) return {SaslOutcome::malformed};
  const std::string_view without_proof = message.substr(0, end);
  const auto proof = from_base64(message.substr(end + 3));
  const std::vector<std::string_view> parts = attributes_of(without_proof);
  if (!proof || parts.size() < 2 || !parts[0].starts_with("c=") || !parts[1].starts_with("r=")) {
    return {SaslOutcome::malformed};
  }
  if (parts.size() > 2 && has(Defect::scram_unknown_attribute_in_last_message_refused)) {
    return {SaslOutcome::malformed};
  }
  if (from_base64(parts[0].substr(2)) != gs2_header_ && !has(Defect::scram_channel_binding_not_checked)) {
    return {SaslOutcome::rejected};
  }
  if (parts[1].substr(2) != nonce_ && !has(Defect::scram_last_nonce_not_checked)) return {SaslOutcome::rejected};

  const auto found = users_->find(user_);
  const std::string password = found == users_->end() ? "" : found->second;
  const std::uint32_t iterations = has(Defect::scram_few_iterations) ? kFewIterations : kIterations;
  const base::ScramKeys keys = base::scram_keys(*digests_, kind_, password, salt_, iterations);
  const std::string auth_message = base::scram_auth_message(first_bare_, challenge_, without_proof);
  const bool is_proven = found != users_->end() && base::is_scram_proof(*digests_, kind_, keys, auth_message, *proof);
  if (!is_proven && !has(Defect::scram_failure_told_with_signature)) return {SaslOutcome::rejected};
  if (has(Defect::scram_signature_left_out)) return {SaslOutcome::success, "", user_};
  std::string signature = base::scram_signature(*digests_, kind_, keys, auth_message);
  if (has(Defect::scram_signature_wrong)) std::reverse(signature.begin(), signature.end());
  if (is_proven) stage_ = Stage::confirmed;
  return {SaslOutcome::challenge, "v=" + to_base64(signature)};
}

// The same for every exchange with a name, whether there is such a user or not (RFC 5802 §9).
std::string ScramExchange::salt_of(const std::string& user) const {
  const bool changes = has(Defect::scram_salt_of_unknown_user_changes) && !users_->contains(user);
  return digests_->digest(kind_, "salt of " + user + (changes ? nonce_ : "")).substr(0, kSaltOctets);
}

}  // namespace smtpspec::server
