#include "fuzz/targets/session_settings.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/octets.h"

namespace smtpspec::fuzz {

namespace {

constexpr std::string_view kVerb = "XSERVE";

struct Setting {
  std::string_view word;
  void (*apply)(SessionSettings&);
};

constexpr Setting kSettings[] = {
    {"submission", [](SessionSettings& to) { to.config.role = server::Role::submission; }},
    {"lmtp", [](SessionSettings& to) { to.config.role = server::Role::lmtp; }},
    {"tls", [](SessionSettings& to) { to.is_tls = true; }},
    {"full", [](SessionSettings& to) { to.storage = server::DeliveryResult::temporary_failure; }},
    {"broken", [](SessionSettings& to) { to.storage = server::DeliveryResult::permanent_failure; }},
    {"times-out", [](SessionSettings& to) { to.last = LastEvent::time_passes; }},
    {"shuts-down", [](SessionSettings& to) { to.last = LastEvent::server_stops; }},
    {"relays", [](SessionSettings& to) { to.config.open_relay = true; }},
    {"catches-all", [](SessionSettings& to) { to.config.catch_all = true; }},
    {"noncommittal", [](SessionSettings& to) { to.config.vrfy_policy = server::VrfyPolicy::noncommittal; }},
    {"refuses-service", [](SessionSettings& to) { to.config.refuses_service = true; }},
    {"greylists", [](SessionSettings& to) { to.config.greylisting = true; }},
    {"any-size", [](SessionSettings& to) { to.config.max_message_octets = 0; }},
    {"two-recipients", [](SessionSettings& to) { to.config.max_recipients = 2; }},
    {"one-transaction", [](SessionSettings& to) { to.config.max_transactions = 1; }},
    {"any-transactions", [](SessionSettings& to) { to.config.max_transactions = 0; }},
    {"three-errors", [](SessionSettings& to) { to.config.max_errors = 3; }},
    {"any-deadline", [](SessionSettings& to) { to.config.minimum_deliver_by = std::chrono::seconds(0); }},
    {"any-solicitation", [](SessionSettings& to) { to.config.unwanted_solicitation.clear(); }},
    {"no-users", [](SessionSettings& to) { to.config.users.clear(); }},
    {"auth-in-tls", [](SessionSettings& to) { to.config.require_tls_for_auth = true; }},
    {"auth-first", [](SessionSettings& to) { to.config.require_auth = true; }},
    {"short-greeting", [](SessionSettings& to) { to.config.greeting_text.clear(); }},
    {"fixed-lines",
     [](SessionSettings& to) {
       to.config.fixed_extension_lines = {{"PIPELINING", "X-FIXED"}};
     }},
    {"no-pipelining", [](SessionSettings& to) { to.config.extensions.pipelining = false; }},
    {"no-size", [](SessionSettings& to) { to.config.extensions.size = false; }},
    {"no-8bitmime", [](SessionSettings& to) { to.config.extensions.eight_bit_mime = false; }},
    {"no-codes", [](SessionSettings& to) { to.config.extensions.enhanced_status_codes = false; }},
    {"no-dsn", [](SessionSettings& to) { to.config.extensions.dsn = false; }},
    {"no-chunking", [](SessionSettings& to) { to.config.extensions.chunking = false; }},
    {"no-binarymime", [](SessionSettings& to) { to.config.extensions.binary_mime = false; }},
    {"no-smtputf8", [](SessionSettings& to) { to.config.extensions.smtp_utf8 = false; }},
    {"no-etrn", [](SessionSettings& to) { to.config.extensions.etrn = false; }},
    {"no-starttls", [](SessionSettings& to) { to.config.extensions.starttls = false; }},
    {"no-auth", [](SessionSettings& to) { to.config.extensions.auth = false; }},
    {"no-challenges", [](SessionSettings& to) { to.config.extensions.sasl_challenges = false; }},
    {"no-deliverby", [](SessionSettings& to) { to.config.extensions.deliver_by = false; }},
    {"no-mt-priority", [](SessionSettings& to) { to.config.extensions.mt_priority = false; }},
    {"no-rrvs", [](SessionSettings& to) { to.config.extensions.rrvs = false; }},
    {"no-limits", [](SessionSettings& to) { to.config.extensions.limits = false; }},
    {"no-requiretls", [](SessionSettings& to) { to.config.extensions.require_tls = false; }},
    {"no-soliciting", [](SessionSettings& to) { to.config.extensions.no_soliciting = false; }},
    {"no-help", [](SessionSettings& to) { to.config.extensions.help = false; }},
    {"no-vrfy", [](SessionSettings& to) { to.config.extensions.vrfy = false; }},
    {"no-expn", [](SessionSettings& to) { to.config.extensions.expn = false; }},
};

// Assigned to, settings keep much of their memory.
void choose(std::string_view words, SessionSettings& settings) {
  static const SessionSettings plain{fuzzed_server()};
  settings = plain;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    for (const Setting& setting : kSettings)
      if (base::equals_ignoring_case(setting.word, word)) setting.apply(settings);
  }
}

SessionSettings settings_of(std::string_view words) {
  SessionSettings settings;
  choose(words, settings);
  return settings;
}

bool is_line(const Input& input, std::string_view verb) {
  if (input.steps.empty() || input.steps.front().kind != StepKind::line) return false;
  const std::string_view line = input.steps.front().octets;
  return base::starts_with_ignoring_case(line, verb) && (line.size() == verb.size() || line[verb.size()] == ' ');
}

}  // namespace

const SessionSettings& take_settings(Input& input) {
  static const SessionSettings smtp = settings_of("");
  static const SessionSettings lmtp = settings_of("lmtp");
  static SessionSettings chosen = smtp;
  static std::string chosen_words;
  if (!is_line(input, kVerb)) return is_line(input, "LHLO") ? lmtp : smtp;
  const std::string_view line = input.steps.front().octets;
  if (const std::string_view words = line.substr(kVerb.size()); words != chosen_words) {
    choose(words, chosen);
    chosen_words = words;
  }
  input.steps.erase(input.steps.begin());
  return chosen;
}

std::span<const std::string_view> setting_words() {
  static constexpr auto words = [] {
    std::array<std::string_view, std::size(kSettings)> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = kSettings[i].word;
    return all;
  }();
  return words;
}

}  // namespace smtpspec::fuzz
