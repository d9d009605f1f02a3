#include "harness/server/extension_parameters.h"

#include <algorithm>
#include <charconv>

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kMaxByDigits = 9;               // RFC 2852 §4
constexpr std::size_t kMaxSolicitationOctets = 1000;  // RFC 3865 §2.3

Reply bad_value(const char* what) { return {501, "5.5.4", {"Bad value of " + std::string(what)}}; }
Reply not_recognized() { return {555, "5.5.4", {"MAIL FROM/RCPT TO parameters not recognized or not implemented"}}; }

bool is_decimal(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

std::optional<Reply> read_deliver_by(const EsmtpParameter& parameter, const Config& config) {
  const DefectSet& defects = config.defects;
  if (defects.has(Defect::by_parameter_refused)) return not_recognized();
  std::string_view value = parameter.value;
  const bool has_sign = !value.empty() && (value[0] == '-' || value[0] == '+');
  const bool is_negative = has_sign && value[0] == '-';
  if (has_sign) value.remove_prefix(1);
  const std::size_t semicolon = value.find(';');
  const std::string_view digits = value.substr(0, semicolon);
  const std::string mode =
      base::to_upper(semicolon == std::string_view::npos ? std::string_view() : value.substr(semicolon + 1));
  const bool is_return = mode == "R" || mode == "RT";
  const bool is_well_formed =
      is_decimal(digits) && digits.size() <= kMaxByDigits && (is_return || mode == "N" || mode == "NT");
  if (!is_well_formed) {
    if (defects.has(Defect::by_malformed_accepted)) return std::nullopt;
    return bad_value("BY");
  }
  if (mode.size() > 1 && defects.has(Defect::by_trace_refused)) return bad_value("BY");
  if (has_sign && defects.has(Defect::by_sign_refused)) return bad_value("BY");
  int seconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (is_negative) seconds = -seconds;
  if (!is_return) {
    if (seconds <= 0 && defects.has(Defect::by_past_with_notify_refused)) return bad_value("BY");
    return std::nullopt;
  }
  if (seconds <= 0 && !defects.has(Defect::by_past_with_return_accepted)) return bad_value("BY");
  if (seconds > 0 && seconds < static_cast<int>(config.minimum_deliver_by.count())) {
    if (defects.has(Defect::by_below_minimum_accepted)) return std::nullopt;
    if (defects.has(Defect::by_below_minimum_answered_452)) return Reply{452, "4.5.4", {"Too little time"}};
    return Reply{555, "5.5.4", {"Less time than this server needs"}};
  }
  if (seconds > 86'400 && defects.has(Defect::by_long_time_answered_504)) return Reply{504, "5.5.4", {"Too much time"}};
  return std::nullopt;
}

std::optional<Reply> read_priority(const EsmtpParameter& parameter, const Config& config, Envelope& sender) {
  const DefectSet& defects = config.defects;
  if (defects.has(Defect::mt_priority_parameter_refused)) return not_recognized();
  const std::string_view value = parameter.value;
  const bool is_negative = value.size() == 2 && value[0] == '-';
  const char digit = is_negative ? value[1] : value.size() == 1 ? value[0] : 'x';
  const bool is_well_formed = base::is_digit(digit) && !(is_negative && digit == '0');
  if (!is_well_formed && !defects.has(Defect::mt_priority_malformed_accepted)) {
    return Reply{501, "5.5.2", {"Bad value of MT-PRIORITY"}};
  }
  if (is_negative && defects.has(Defect::mt_priority_below_zero_refused)) return bad_value("MT-PRIORITY");
  sender.priority = is_well_formed ? (is_negative ? '0' - digit : digit - '0') : 0;
  return std::nullopt;
}

// Solicitation-keywords = word 0*("," word), word = ALPHA 0*(wordchar), wordchar = "." / "-" / "_" / ":" / ALPHA /
// DIGIT (RFC 3865 §2.2).
bool is_solicitation(std::string_view text) {
  if (text.size() > kMaxSolicitationOctets) return false;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    const auto is_word_octet = [](char c) { return base::is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':'; };
    if (word.empty() || base::is_digit(word[0]) || !base::is_alnum(word[0]) ||
        !std::all_of(word.begin(), word.end(), is_word_octet)) {
      return false;
    }
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

std::optional<Reply> read_solicitation(const EsmtpParameter& parameter, const Config& config, Envelope& sender) {
  const DefectSet& defects = config.defects;
  if (defects.has(Defect::solicit_parameter_refused)) return not_recognized();
  if (!is_solicitation(parameter.value)) {
    if (defects.has(Defect::solicit_malformed_accepted)) return std::nullopt;
    return bad_value("SOLICIT");
  }
  sender.solicitation = std::string(parameter.value);
  return std::nullopt;
}

// Two digits at `at`, between `least` and `most`.
bool has_number(std::string_view text, std::size_t at, int least, int most) {
  const std::string_view digits = text.substr(at, 2);
  if (!is_decimal(digits) || digits.size() != 2) return false;
  const int number = (digits[0] - '0') * 10 + (digits[1] - '0');
  return number >= least && number <= most;
}

// full-date "T" partial-time without time-secfrac, then "Z" or a numeric offset (RFC 3339 §5.6, RFC 7293 §3.1).
bool is_date_time(std::string_view text, bool takes_fraction) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() < kForm.size() + 1) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '0' ? !base::is_digit(text[i]) : base::to_upper(text.substr(i, 1))[0] != kForm[i]) return false;
  }
  if (!has_number(text, 5, 1, 12) || !has_number(text, 8, 1, 31) || !has_number(text, 11, 0, 23) ||
      !has_number(text, 14, 0, 59) || !has_number(text, 17, 0, 60)) {
    return false;
  }
  std::string_view zone = text.substr(kForm.size());
  if (takes_fraction && zone[0] == '.')
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  if (base::equals_ignoring_case(zone, "Z")) return true;
  return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && has_number(zone, 1, 0, 23) && zone[3] == ':' &&
         has_number(zone, 4, 0, 59);
}

std::optional<Reply> read_valid_since(const EsmtpParameter& parameter, const Config& config, Recipient& recipient) {
  const DefectSet& defects = config.defects;
  if (defects.has(Defect::rrvs_parameter_refused)) return not_recognized();
  const std::size_t semicolon = parameter.value.find(';');
  const std::string action =
      semicolon == std::string_view::npos ? "C" : base::to_upper(parameter.value.substr(semicolon + 1));
  const bool is_well_formed =
      (action == "C" || action == "R") &&
      is_date_time(parameter.value.substr(0, semicolon), defects.has(Defect::rrvs_fraction_of_second_accepted));
  if (!is_well_formed && !defects.has(Defect::rrvs_malformed_accepted)) return bad_value("RRVS");
  if (action == "R" && defects.has(Defect::rrvs_action_refused)) return bad_value("RRVS");
  recipient.valid_since = std::string(parameter.value);
  return std::nullopt;
}

}  // namespace

ParameterAnswer read_extension_mail_parameter(const EsmtpParameter& parameter, const Config& config, Envelope& sender) {
  const Extensions& on = config.extensions;
  if (on.deliver_by && parameter.keyword == "BY") return {true, read_deliver_by(parameter, config)};
  if (on.mt_priority && parameter.keyword == "MT-PRIORITY") return {true, read_priority(parameter, config, sender)};
  if (on.no_soliciting && parameter.keyword == "SOLICIT") return {true, read_solicitation(parameter, config, sender)};
  if (on.require_tls && parameter.keyword == "REQUIRETLS") {
    if (parameter.has_value && !config.defects.has(Defect::requiretls_value_accepted)) {
      return {true, bad_value("REQUIRETLS")};
    }
    sender.require_tls = true;
    return {true, std::nullopt};
  }
  return {};
}

ParameterAnswer read_extension_rcpt_parameter(const EsmtpParameter& parameter, const Config& config,
                                              Recipient& recipient) {
  if (config.extensions.rrvs && parameter.keyword == "RRVS")
    return {true, read_valid_since(parameter, config, recipient)};
  return {};
}

}  // namespace smtpspec::server
