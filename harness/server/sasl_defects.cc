#include "harness/server/sasl_defects.h"

#include <algorithm>

#include "harness/base/octets.h"
#include "harness/server/base64.h"

namespace smtpspec::server {
namespace {

constexpr std::string_view kSurplusPadding = "====";
constexpr std::string_view kOverlongNul = "\xc0\x80";
constexpr std::size_t kCryptedOctets = 8;  // as the oldest crypt(3) has it

bool is_control(char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }

// What a sloppy decoder makes of text with foreign characters or stray padding: it skips them.
std::string without_foreign_characters(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (base::is_alnum(c) || c == '+' || c == '/') digits += c;
  }
  return digits;
}

std::string with_padding(std::string digits) {
  while (digits.size() % 4 != 0) digits += '=';
  return digits;
}

// `line` in the strict form that a lax decoder takes it for.
std::string strict_form(std::string_view line, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  const bool foreign_characters = line.find_first_of("!#$%&(),.:;<>?@_ ") != std::string_view::npos;
  const std::size_t padding = line.find('=');
  const bool stray_padding = has_stray_padding(line);
  if (stray_padding && padding == 0 && has(Defect::auth_leading_padding_skipped)) {
    return std::string(line.substr(line.find_first_not_of('=')));
  }
  if (stray_padding && has(Defect::auth_text_behind_padding_ignored)) {
    return with_padding(std::string(line.substr(0, padding)));
  }
  if ((foreign_characters && has(Defect::auth_foreign_characters_skipped)) ||
      (stray_padding && has(Defect::auth_stray_padding_skipped))) {
    return with_padding(without_foreign_characters(line));
  }
  std::string text(line);
  if (has(Defect::auth_url_alphabet_accepted)) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
  }
  if (text.ends_with(kSurplusPadding) && has(Defect::auth_surplus_padding_accepted)) {
    text.resize(text.size() - kSurplusPadding.size());
  }
  if (padding == std::string_view::npos && has(Defect::auth_missing_padding_accepted)) text = with_padding(text);
  return text;
}

}  // namespace

std::string challenge_text(std::string_view challenge, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  if (challenge.empty()) {
    if (has(Defect::auth_challenge_not_base64)) return "go ahead";
    return has(Defect::auth_empty_challenge_as_equals_sign) ? "=" : "";
  }
  if (has(Defect::auth_challenge_not_base64)) return std::string(challenge);
  if (has(Defect::auth_challenge_without_padding)) {
    std::string text = to_base64(challenge.substr(0, challenge.find(':')));
    std::erase(text, '=');
    return text;
  }
  return to_base64(challenge) + (has(Defect::auth_challenge_with_text_behind) ? " please" : "");
}

std::optional<std::string> decode_response(std::string_view line, const DefectSet& defects) {
  return from_base64(defects.empty() ? std::string(line) : strict_form(line, defects));
}

std::optional<std::string_view> seen_initial_response(std::optional<std::string_view> given, const DefectSet& defects) {
  if (!given || defects.empty()) return given;
  const bool is_empty = *given == "=";
  if (defects.has(Defect::auth_initial_response_ignored)) return std::nullopt;
  if (is_empty && defects.has(Defect::auth_equals_sign_ignored)) return std::nullopt;
  if (!is_empty && !from_base64(*given) && defects.has(Defect::auth_bad_initial_response_ignored)) return std::nullopt;
  if (defects.has(Defect::auth_text_behind_initial_response_ignored)) return given->substr(0, given->find(' '));
  return given;
}

std::string seen_plain_message(std::string_view message, const DefectSet& defects) {
  std::string seen(message);
  if (defects.has(Defect::auth_plain_overlong_nul_separates)) {
    for (std::size_t at = seen.find(kOverlongNul); at != std::string::npos; at = seen.find(kOverlongNul, at))
      seen.replace(at, kOverlongNul.size(), 1, '\0');
  }
  if (defects.has(Defect::auth_plain_one_nul_accepted) && std::count(seen.begin(), seen.end(), '\0') == 1) {
    seen.insert(seen.begin(), '\0');
  }
  return seen;
}

bool has_stray_padding(std::string_view line) {
  const std::size_t padding = line.find('=');
  return padding != std::string_view::npos && line.find_first_not_of('=', padding) != std::string_view::npos;
}

std::string seen_identity(std::string_view identity, const DefectSet& defects) {
  const bool has_controls = std::any_of(identity.begin(), identity.end(), is_control);
  const bool is_ascii =
      std::all_of(identity.begin(), identity.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const bool is_ignored = (has_controls && defects.has(Defect::auth_foreign_identity_of_control_characters_ignored)) ||
                          (!is_ascii && defects.has(Defect::auth_foreign_identity_in_utf8_ignored));
  std::string seen(is_ignored ? std::string_view() : identity);
  if (defects.has(Defect::auth_identity_control_characters_dropped)) std::erase_if(seen, is_control);
  return seen;
}

bool is_soft_hyphens(std::string_view name) {
  constexpr std::string_view kSoftHyphen = "\xc2\xad";
  if (name.empty()) return false;
  while (name.starts_with(kSoftHyphen)) name.remove_prefix(kSoftHyphen.size());
  return name.empty();
}

std::string seen_user_name(std::string_view name, const DefectSet& defects) {
  std::string seen(name);
  if (defects.has(Defect::auth_control_characters_dropped)) {
    std::erase_if(seen, is_control);
  }
  return seen;
}

bool is_password(std::string_view given, std::string_view right, const DefectSet& defects) {
  const auto has = [&](Defect defect) { return defects.has(defect); };
  return given == right || has(Defect::auth_wrong_password_accepted) ||
         (given.empty() && has(Defect::auth_empty_password_accepted)) ||
         (base::equals_ignoring_case(given, right) && has(Defect::auth_password_in_any_case)) ||
         (given.substr(0, kCryptedOctets) == right.substr(0, kCryptedOctets) &&
          has(Defect::auth_password_cut_to_eight_octets));
}

}  // namespace smtpspec::server
