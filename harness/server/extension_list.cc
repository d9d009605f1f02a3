#include "harness/server/extension_list.h"

#include <algorithm>

namespace smtpspec::server {
namespace {

using namespace std::string_literals;

std::string size_line(const Config& config) {
  const std::string number = std::to_string(config.max_message_octets);
  if (config.defects.has(Defect::size_zero_advertised_with_limit)) return "SIZE 0";
  if (config.defects.has(Defect::size_keyword_with_unit)) return "SIZE " + number + "B";
  if (config.defects.has(Defect::size_keyword_with_second_parameter)) return "SIZE " + number + " 1000";
  return "SIZE " + number;
}

std::string auth_line(const Config& config) {
  if (config.defects.has(Defect::auth_keyword_separated_by_commas)) return "AUTH PLAIN,LOGIN";
  return "AUTH PLAIN LOGIN";
}

// The extensions that say how a message is to be treated on its way.
void add_treatment_lines(const Config& config, const ExtensionView& view, std::vector<std::string>& lines) {
  const auto has = [&](Defect defect) { return config.defects.has(defect); };
  const Extensions& on = config.extensions;
  if (on.deliver_by) {
    const auto seconds = config.minimum_deliver_by.count();
    lines.push_back(seconds > 0 ? "DELIVERBY " + std::to_string(seconds) : "DELIVERBY");
    if (has(Defect::deliverby_keyword_with_unit)) lines.back() = "DELIVERBY 60s";
  }
  if (on.mt_priority) lines.emplace_back("MT-PRIORITY");
  if (on.mt_priority && has(Defect::mt_priority_keyword_with_two_policies)) lines.back() += " MIXER STANAG4406";
  if (on.mt_priority && has(Defect::mt_priority_keyword_with_long_policy)) lines.back() += " ANOTHER.LONG.POLICY.X";
  if (on.mt_priority && has(Defect::mt_priority_keyword_with_odd_policy)) lines.back() += " MIXER/1";
  if (on.rrvs) lines.emplace_back(has(Defect::rrvs_keyword_with_parameter) ? "RRVS YES" : "RRVS");
  if (on.limits) {
    const bool has_comma = has(Defect::limits_separated_by_commas);
    std::string limits = config.max_transactions > 0 ? "MAILMAX=" + std::to_string(config.max_transactions) : "";
    if (!limits.empty()) limits += has_comma ? "," : " ";
    limits += has(Defect::limits_value_with_leading_zero) ? "RCPTMAX=0" : "RCPTMAX=";
    limits += std::to_string(config.max_recipients);
    if (has(Defect::limits_with_unregistered_name)) limits += " OCTETMAX=1000000";
    if (has(Defect::limits_separated_by_semicolons)) std::replace(limits.begin(), limits.end(), ' ', ';');
    if (has(Defect::limits_name_with_colon)) std::replace(limits.begin(), limits.end(), '=', ':');
    if (has(Defect::limits_without_value)) limits = "RCPTMAX=";
    lines.push_back(has(Defect::limits_without_limit) ? "LIMITS" : "LIMITS " + limits);
  }
  if (on.no_soliciting) {
    const std::string& unwanted = config.unwanted_solicitation;
    lines.push_back(unwanted.empty() ? "NO-SOLICITING" : "NO-SOLICITING " + unwanted);
    if (has(Defect::no_soliciting_keyword_malformed)) lines.back() += ",1st";
  }
  // RFC 8689 §2: never before TLS.
  if (on.require_tls && view.is_tls) {
    lines.emplace_back(has(Defect::requiretls_keyword_with_parameter) ? "REQUIRETLS YES" : "REQUIRETLS");
  }
}

// What a mail exchanger has no business to offer, or not now.
void add_misplaced_lines(const Config& config, const ExtensionView& view, std::vector<std::string>& lines) {
  const auto has = [&](Defect defect) { return config.defects.has(defect); };
  const bool again = view.greetings_before > 0;
  const bool is_relay = config.role == Role::mx;
  if (is_relay && (has(Defect::burl_advertised_on_relay) || (again && has(Defect::burl_advertised_at_second_ehlo)) ||
                   (view.is_tls && has(Defect::burl_advertised_inside_tls)))) {
    lines.emplace_back("BURL imap");
  }
  if (is_relay && (has(Defect::futurerelease_advertised_on_relay) ||
                   (again && has(Defect::futurerelease_advertised_at_second_ehlo)) ||
                   (view.is_tls && has(Defect::futurerelease_advertised_inside_tls)))) {
    lines.emplace_back("FUTURERELEASE 86400 2030-01-01T00:00:00Z");
  }
  if (!view.is_tls && (has(Defect::requiretls_advertised_without_tls) ||
                       (again && has(Defect::requiretls_advertised_at_second_ehlo)))) {
    lines.emplace_back("REQUIRETLS");
  }
  if (has(Defect::eight_bit_mime_not_advertised) || (again && has(Defect::eight_bit_mime_advertised_once))) {
    std::erase(lines, "8BITMIME");
    std::erase(lines, "SMTPUTF8");
  }
}

// The forms of the AUTH line; the lines that are added go behind it.
void spoil_auth_line(const Config& config, const ExtensionView& view, std::vector<std::string>& lines) {
  const auto has = [&](Defect defect) { return config.defects.has(defect); };
  const auto line = std::find(lines.begin(), lines.end(), "AUTH PLAIN LOGIN");
  if (line == lines.end()) return;
  if (has(Defect::auth_mechanisms_advertised_in_lower_case)) *line = "AUTH plain login";
  if (has(Defect::auth_mechanism_advertised_with_dot)) *line += " X.OLD";
  if (has(Defect::auth_advertised_in_legacy_form_only)) *line = "AUTH=PLAIN LOGIN";
  if (has(view.is_tls ? Defect::auth_plain_not_advertised_inside_tls : Defect::auth_plain_not_advertised_in_clear)) {
    *line = "AUTH LOGIN";
  }
  if (has(Defect::auth_legacy_line_lists_less)) lines.insert(line + 1, "AUTH=LOGIN");
}

struct RemovedLine {
  Defect defect;
  std::string_view keyword;
};

// What is not offered and works all the same.
constexpr RemovedLine kRemovedLines[] = {
    {Defect::size_parameter_accepted_unoffered, "SIZE"},
    {Defect::body_parameter_accepted_unoffered, "8BITMIME"},
    {Defect::body_parameter_accepted_unoffered, "BINARYMIME"},
    {Defect::body_parameter_accepted_unoffered, "SMTPUTF8"},
    {Defect::ret_parameter_accepted_unoffered, "DSN"},
    {Defect::envid_parameter_accepted_unoffered, "DSN"},
    {Defect::notify_parameter_accepted_unoffered, "DSN"},
    {Defect::orcpt_parameter_accepted_unoffered, "DSN"},
    {Defect::smtputf8_parameter_accepted_unoffered, "SMTPUTF8"},
    {Defect::auth_parameter_accepted_unoffered, "AUTH"},
    {Defect::by_parameter_accepted_unoffered, "DELIVERBY"},
    {Defect::mt_priority_parameter_accepted_unoffered, "MT-PRIORITY"},
    {Defect::rrvs_parameter_accepted_unoffered, "RRVS"},
    {Defect::solicit_parameter_accepted_unoffered, "NO-SOLICITING"},
};

// The same on a submission server.
constexpr RemovedLine kRemovedOnSubmission[] = {
    {Defect::submission_auth_not_advertised, "AUTH"},
    {Defect::submission_without_pipelining, "PIPELINING"},
    {Defect::submission_without_enhancedstatuscodes, "ENHANCEDSTATUSCODES"},
    {Defect::submission_without_dsn, "DSN"},
    {Defect::submission_without_8bitmime, "8BITMIME"},
    {Defect::submission_without_8bitmime, "SMTPUTF8"},
};

void remove_lines(const Config& config, std::vector<std::string>& lines) {
  const auto remove = [&](const RemovedLine& removed) {
    if (!config.defects.has(removed.defect)) return;
    std::erase_if(lines, [&](std::string_view line) { return line.substr(0, line.find(' ')) == removed.keyword; });
  };
  for (const RemovedLine& removed : kRemovedLines) remove(removed);
  if (config.role != Role::submission) return;
  for (const RemovedLine& removed : kRemovedOnSubmission) remove(removed);
}

void add_defective_lines(const Config& config, const ExtensionView& view, std::vector<std::string>& lines) {
  add_misplaced_lines(config, view, lines);
  const auto has = [&](Defect defect) { return config.defects.has(defect); };
  if (has(Defect::ehlo_keyword_with_underscore)) lines.emplace_back("X_ODD_KEYWORD");
  if (has(Defect::ehlo_keyword_begins_with_hyphen)) lines.emplace_back("-XODD");
  if (has(Defect::ehlo_parameter_with_tab)) lines.emplace_back("XODD one\ttwo");
  if (has(Defect::ehlo_unregistered_keyword)) lines.emplace_back("FROBNICATE");
  if (has(Defect::ehlo_keyword_twice)) lines.emplace_back("SIZE 1000");
  if (has(Defect::smtputf8_without_8bitmime)) std::erase(lines, "8BITMIME");
  if (has(Defect::expn_not_advertised)) std::erase(lines, "EXPN");
  if (has(Defect::help_not_advertised)) std::erase(lines, "HELP");
  if (has(Defect::etrn_not_advertised)) std::erase(lines, "ETRN");
  if (has(Defect::expn_not_implemented) || has(Defect::expn_unknown)) std::erase(lines, "EXPN");
  if (has(Defect::expn_advertised_as_experiment)) std::replace(lines.begin(), lines.end(), "EXPN"s, "XEXPN"s);
  if (has(Defect::expn_listed_as_parameter) && std::erase(lines, "EXPN") > 0) {
    std::replace(lines.begin(), lines.end(), "VRFY"s, "VRFY EXPN"s);
  }
  if (has(Defect::chunking_not_advertised) || has(Defect::bdat_unoffered_answered_250) ||
      has(Defect::bdat_unoffered_answered_354) || has(Defect::bdat_unoffered_not_answered)) {
    std::erase(lines, "CHUNKING");
    std::erase(lines, "BINARYMIME");
  }
  if (has(Defect::body_binarymime_accepted_unoffered)) std::erase(lines, "BINARYMIME");
  if (config.role == Role::submission && has(Defect::etrn_advertised_on_submission)) lines.emplace_back("ETRN");
  if (config.role == Role::lmtp) {
    if (has(Defect::lmtp_without_pipelining)) std::erase(lines, "PIPELINING");
    if (has(Defect::lmtp_without_enhanced_status_codes)) std::erase(lines, "ENHANCEDSTATUSCODES");
    if (has(Defect::lmtp_without_8bitmime)) std::erase(lines, "8BITMIME");
  }
  if (config.extensions.binary_mime && has(Defect::binarymime_without_chunking)) std::erase(lines, "CHUNKING");
  if (has(Defect::starttls_not_advertised) || has(Defect::starttls_unoffered_answered_220) ||
      has(Defect::starttls_unoffered_answered_250) || has(Defect::starttls_unoffered_not_answered)) {
    std::erase(lines, "STARTTLS");
  }
  remove_lines(config, lines);
  if (has(Defect::ehlo_keyword_with_non_ascii_parameter))
    lines.back() +=
        " fran\xc3\xa7"
        "ais";
  if (has(Defect::auth_keyword_twice)) {
    const auto both = std::find(lines.begin(), lines.end(), "AUTH PLAIN LOGIN");
    if (both != lines.end()) {
      *both = "AUTH PLAIN";
      lines.emplace_back("AUTH LOGIN");
    }
  }
  if (!config.users.empty()) spoil_auth_line(config, view, lines);
  if (has(Defect::size_limit_not_advertised)) {
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("SIZE"); });
  }
  if (has(Defect::auth_not_advertised)) std::erase(lines, "AUTH PLAIN LOGIN");
  const auto spoil = [&](Defect defect, const char* keyword) {
    for (std::string& line : lines) {
      if (has(defect) && line == keyword) line += " YES";
    }
  };
  spoil(Defect::pipelining_keyword_with_parameter, "PIPELINING");
  spoil(Defect::eight_bit_mime_keyword_with_parameter, "8BITMIME");
  spoil(Defect::dsn_keyword_with_parameter, "DSN");
  spoil(Defect::chunking_keyword_with_parameter, "CHUNKING");
  spoil(Defect::binarymime_keyword_with_parameter, "BINARYMIME");
  spoil(Defect::smtputf8_keyword_with_parameter, "SMTPUTF8");
  spoil(Defect::etrn_keyword_with_parameter, "ETRN");
  spoil(Defect::starttls_keyword_with_parameter, "STARTTLS");
  spoil(Defect::enhanced_status_codes_keyword_with_parameter, "ENHANCEDSTATUSCODES");
}

// Behind the mechanisms that are there, as long as no defect has changed them.
void add_sasl_challenges(const Config& config, const ExtensionView& view, std::vector<std::string>& lines) {
  const auto line = std::find(lines.begin(), lines.end(), "AUTH PLAIN LOGIN");
  if (line == lines.end()) return;
  const bool is_plus_alone = view.is_tls && config.defects.has(Defect::scram_plus_offered_alone);
  *line += is_plus_alone ? " CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256-PLUS" : " CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256";
  // RFC 7628 §3: a token never goes in clear.
  if (view.is_tls || config.defects.has(Defect::oauthbearer_offered_in_clear)) *line += " OAUTHBEARER";
}

}  // namespace

bool is_auth_offered(const Config& config, bool is_tls) {
  if (!config.extensions.auth || config.users.empty()) return false;
  return is_tls || !config.require_tls_for_auth;
}

std::vector<std::string> extension_lines(const Config& config, const ExtensionView& view) {
  if (config.fixed_extension_lines) return *config.fixed_extension_lines;
  const Extensions& on = config.extensions;
  constexpr std::size_t kMostLines = 24;
  std::vector<std::string> lines;
  lines.reserve(kMostLines);
  if (on.pipelining) lines.emplace_back("PIPELINING");
  if (on.size) lines.push_back(size_line(config));
  if (on.eight_bit_mime) lines.emplace_back("8BITMIME");
  if (offers_smtp_utf8(config)) lines.emplace_back("SMTPUTF8");
  if (on.enhanced_status_codes) lines.emplace_back("ENHANCEDSTATUSCODES");
  if (on.dsn) lines.emplace_back("DSN");
  if (on.chunking) lines.emplace_back("CHUNKING");
  if (on.chunking && on.binary_mime) lines.emplace_back("BINARYMIME");
  const bool hides_starttls = view.is_tls && !config.defects.has(Defect::starttls_advertised_inside_tls);
  if (on.starttls && !hides_starttls) lines.emplace_back("STARTTLS");
  if (is_auth_offered(config, view.is_tls)) lines.push_back(auth_line(config));
  // RFC 6409 §7: a submission server does not offer ETRN. LMTP has no queue to turn (RFC 2033 §3).
  if (on.etrn && config.role == Role::mx) lines.emplace_back("ETRN");
  add_treatment_lines(config, view, lines);
  if (on.vrfy) lines.emplace_back("VRFY");
  if (on.expn) lines.emplace_back("EXPN");
  if (on.help) lines.emplace_back("HELP");
  if (!config.defects.empty()) add_defective_lines(config, view, lines);
  if (view.has_sasl_digests) add_sasl_challenges(config, view, lines);
  if (view.greetings_before > 0 && config.defects.has(Defect::ehlo_list_changes)) lines.erase(lines.begin());
  return lines;
}

}  // namespace smtpspec::server
