#include "harness/server/parameters.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/extension_parameters.h"
#include "harness/server/parameter_defects.h"
#include "harness/server/xtext.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kMaxSizeDigits = 20;         // RFC 1870 §3
constexpr std::size_t kMaxEnvelopeIdOctets = 100;  // RFC 3461 §4.4
constexpr std::size_t kMaxOrcptOctets = 500;       // RFC 3461 §4.2

struct Parameter {
  std::string keyword;  // upper case
  std::string_view value;
  bool has_value = false;
  bool is_lower_case_size = false;
};

Reply bad_value(const std::string& what) { return {501, "5.5.4", {"Bad value of " + what}}; }
Reply not_recognized() { return {555, "5.5.4", {"MAIL FROM/RCPT TO parameters not recognized or not implemented"}}; }

bool is_decimal(std::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if (!base::is_digit(c)) return false;
  }
  return true;
}

// True if the decimal number `digits` is above `limit`; any number of digits.
bool exceeds(std::string_view digits, std::size_t limit) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  const std::string limit_digits = std::to_string(limit);
  if (digits.size() != limit_digits.size()) return digits.size() > limit_digits.size();
  return digits > limit_digits;
}

std::optional<Reply> read_size(const Parameter& parameter, const Config& config) {
  const DefectSet& defects = config.defects;
  if (defects.has(Defect::size_parameter_refused)) return not_recognized();
  if (!is_decimal(parameter.value) || parameter.value.size() > kMaxSizeDigits) {
    if (defects.has(Defect::size_malformed_accepted)) return std::nullopt;
    return bad_value("SIZE");
  }
  if (parameter.value.size() > 10 && defects.has(Defect::size_long_number_is_syntax_error)) return bad_value("SIZE");
  if (config.max_message_octets == 0 || !exceeds(parameter.value, config.max_message_octets)) return std::nullopt;
  if (defects.has(Defect::size_over_limit_accepted)) return std::nullopt;
  if (defects.has(Defect::size_over_limit_answered_501)) return bad_value("SIZE");
  return Reply{552, "5.3.4", {"Message size exceeds fixed maximum message size"}};
}

std::optional<Reply> read_body(const Parameter& parameter, const Config& config, Envelope& sender) {
  const DefectSet& defects = config.defects;
  if (defects.has(Defect::body_advertised_but_refused)) return not_recognized();
  std::string value = base::to_upper(parameter.value);
  if (defects.has(Defect::body_value_case_sensitive) && value != parameter.value) return bad_value("BODY");
  const bool is_known = value == "7BIT" || value == "8BITMIME" ||
                        (value == "BINARYMIME" && config.extensions.binary_mime && config.extensions.chunking);
  if (!is_known) {
    if (value == "BINARYMIME" && defects.has(Defect::body_binarymime_accepted_unoffered)) return std::nullopt;
    if (value != "BINARYMIME" && defects.has(Defect::body_unknown_value_accepted)) return std::nullopt;
    return bad_value("BODY");
  }
  sender.body = std::move(value);
  return std::nullopt;
}

std::optional<Reply> read_ret(const Parameter& parameter, const Config& config, Envelope& sender) {
  if (config.defects.has(Defect::ret_value_case_sensitive) && base::to_upper(parameter.value) != parameter.value) {
    return bad_value("RET");
  }
  if (!base::equals_ignoring_case(parameter.value, "FULL") && !base::equals_ignoring_case(parameter.value, "HDRS") &&
      !config.defects.has(Defect::ret_unknown_value_accepted)) {
    return bad_value("RET");
  }
  sender.ret = std::string(parameter.value);
  return std::nullopt;
}

std::optional<Reply> read_envelope_id(const Parameter& parameter, const Config& config, Envelope& sender) {
  const DefectSet& defects = config.defects;
  const std::size_t limit = defects.has(Defect::envid_limited_to_50_octets) ? 50 : kMaxEnvelopeIdOctets;
  const bool is_bad_xtext = !is_xtext(parameter.value) && !defects.has(Defect::xtext_not_checked);
  const bool is_missing = parameter.value.empty() && !defects.has(Defect::envid_without_value_accepted);
  if (is_missing || parameter.value.size() > limit || is_bad_xtext) return bad_value("ENVID");
  sender.envelope_id = std::string(parameter.value);
  return std::nullopt;
}

// AUTH= carries a mailbox or "<>" in xtext (RFC 4954 §5).
std::optional<Reply> read_submitter(const Parameter& parameter, const Config& config) {
  if (config.defects.has(Defect::mail_auth_parameter_refused)) return not_recognized();
  if (config.defects.has(Defect::mail_auth_malformed_accepted)) return std::nullopt;
  const bool is_valid = is_xtext(parameter.value) && is_submitter(parameter.value);
  return is_valid ? std::nullopt : std::optional<Reply>(bad_value("AUTH"));
}

std::optional<Reply> read_notify(const Parameter& parameter, const Config& config, Recipient& recipient) {
  const DefectSet& defects = config.defects;
  std::string_view rest = parameter.value;
  bool has_never = false;
  std::size_t count = 0;
  while (true) {
    const std::size_t comma = rest.find(',');
    std::string word(rest.substr(0, comma));
    if (!defects.has(Defect::notify_case_sensitive)) word = base::to_upper(word);
    const bool known = word == "NEVER" || word == "SUCCESS" || word == "FAILURE" || word == "DELAY";
    if (!known && !defects.has(Defect::notify_unknown_word_accepted)) return bad_value("NOTIFY");
    has_never = has_never || word == "NEVER";
    ++count;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (has_never && count > 1 && !defects.has(Defect::notify_never_combined_accepted)) return bad_value("NOTIFY");
  recipient.notify = std::string(parameter.value);
  return std::nullopt;
}

std::optional<Reply> read_original_recipient(const Parameter& parameter, const Config& config, Recipient& recipient) {
  const DefectSet& defects = config.defects;
  const std::size_t limit = defects.has(Defect::orcpt_limited_to_200_octets) ? 200 : kMaxOrcptOctets;
  const std::size_t semicolon = parameter.value.find(';');
  const bool has_type = semicolon != std::string_view::npos && semicolon > 0;
  if (!has_type && !defects.has(Defect::orcpt_without_type_accepted)) return bad_value("ORCPT");
  const std::string_view address = has_type ? parameter.value.substr(semicolon + 1) : parameter.value;
  if (parameter.value.size() > limit) return bad_value("ORCPT");
  // RFC 6533 §3 adds the utf-8 address type, whose value may hold UTF-8 and \x{...}.
  const bool is_utf8_type = has_type && base::equals_ignoring_case(parameter.value.substr(0, semicolon), "utf-8");
  if (is_utf8_type && !is_utf8_address(address) && !defects.has(Defect::xtext_not_checked)) return bad_value("ORCPT");
  if (!is_utf8_type && !is_xtext(address) && !defects.has(Defect::xtext_not_checked)) return bad_value("ORCPT");
  if (defects.has(Defect::orcpt_address_syntax_checked) && address.find('@') == std::string_view::npos) {
    return bad_value("ORCPT");
  }
  recipient.orcpt = std::string(parameter.value);
  return std::nullopt;
}

// What a defect makes of the parameter, or nothing if none concerns it. The inner nothing: it is taken.
std::optional<std::optional<Reply>> defective_verdict(const Parameter& parameter,
                                                      const std::vector<wire::Parameter>& all, const Config& config) {
  const auto code = defective_parameter_code(
      {parameter.keyword, parameter.value, parameter.has_value, all, config.max_message_octets}, config.defects);
  if (!code) return std::nullopt;
  if (*code == kTaken) return std::optional<Reply>();
  Reply refusal = bad_value(parameter.keyword);
  refusal.code = *code;
  if (*code / 100 == 4) refusal.enhanced = "4.3.1";
  if (*code == 552) refusal.enhanced = "5.3.4";
  return refusal;
}

// Gives each parameter to `read`, which returns a refusal, or nothing; keywords may not repeat.
template <class Read>
std::optional<Reply> read_each(const std::vector<wire::Parameter>& parameters, const Config& config, Read read) {
  std::set<std::string> seen;
  for (const wire::Parameter& written : parameters) {
    Parameter parameter{base::to_upper(written.keyword), {}, written.value.has_value()};
    if (written.value) parameter.value = *written.value;
    const bool is_lower_case = written.keyword != parameter.keyword;
    parameter.is_lower_case_size = is_lower_case && parameter.keyword == "SIZE";
    if (parameter.is_lower_case_size && config.defects.has(Defect::size_keyword_case_sensitive))
      return not_recognized();
    if (is_lower_case && config.defects.has(Defect::parameter_keyword_case_sensitive)) return not_recognized();
    if (!seen.insert(parameter.keyword).second && !may_be_repeated(parameter.keyword, config.defects)) {
      return Reply{bad_value_code(parameter.keyword, config.defects),
                   "5.5.4",
                   {"Parameter " + parameter.keyword.substr(0, 40) + " given twice"}};
    }
    if (accepts_unoffered(parameter.keyword, config.defects)) continue;
    if (refuses_unoffered(parameter.keyword, config.defects)) return not_recognized();
    if (auto refusal = read(parameter)) {
      if (refusal->code == 501) refusal->code = bad_value_code(parameter.keyword, config.defects);
      return refusal;
    }
  }
  return std::nullopt;
}

std::optional<Reply> unknown_parameter(const DefectSet& defects) {
  if (defects.has(Defect::unknown_parameter_accepted)) return std::nullopt;
  if (defects.has(Defect::unknown_parameter_answered_501)) return Reply{501, "5.5.4", {"Bad parameter"}};
  return not_recognized();
}

}  // namespace

std::optional<Reply> read_mail_parameters(const std::vector<wire::Parameter>& parameters, bool extended,
                                          const Config& config, Envelope& sender) {
  const Extensions& on = config.extensions;
  return read_each(parameters, config, [&](const Parameter& parameter) -> std::optional<Reply> {
    if (parameter.is_lower_case_size && config.defects.has(Defect::lower_case_size_ignored)) return std::nullopt;
    if (!extended) return unknown_parameter(config.defects);
    if (const auto verdict = defective_verdict(parameter, parameters, config)) return *verdict;
    if (on.size && parameter.keyword == "SIZE") return read_size(parameter, config);
    if (on.eight_bit_mime && parameter.keyword == "BODY") return read_body(parameter, config, sender);
    if (on.dsn && parameter.keyword == "RET" && !config.defects.has(Defect::dsn_advertised_but_refused)) {
      return read_ret(parameter, config, sender);
    }
    if (on.dsn && parameter.keyword == "ENVID" && !config.defects.has(Defect::dsn_advertised_but_refused)) {
      return read_envelope_id(parameter, config, sender);
    }
    if (on.auth && !config.users.empty() && parameter.keyword == "AUTH") return read_submitter(parameter, config);
    if (offers_smtp_utf8(config) && parameter.keyword == "SMTPUTF8") {
      if (config.defects.has(Defect::smtputf8_advertised_but_refused)) return not_recognized();
      if (parameter.has_value && !config.defects.has(Defect::smtputf8_value_accepted)) return bad_value("SMTPUTF8");
      sender.smtp_utf8 = true;
      return std::nullopt;
    }
    if (auto answer =
            read_extension_mail_parameter({parameter.keyword, parameter.value, parameter.has_value}, config, sender);
        answer.is_known) {
      return std::move(answer.refusal);
    }
    if (parameter.has_value && config.defects.has(Defect::unregistered_parameter_accepted)) return std::nullopt;
    return unknown_parameter(config.defects);
  });
}

std::optional<Reply> read_rcpt_parameters(const std::vector<wire::Parameter>& parameters, bool extended,
                                          const Config& config, Recipient& recipient) {
  return read_each(parameters, config, [&](const Parameter& parameter) -> std::optional<Reply> {
    const bool is_of_dsn = parameter.keyword == "NOTIFY" || parameter.keyword == "ORCPT";
    if (extended && config.extensions.dsn && is_of_dsn) {
      if (const auto verdict = defective_verdict(parameter, parameters, config)) return *verdict;
    }
    if (parameter.keyword == "SMTPUTF8" && config.defects.has(Defect::smtputf8_accepted_in_rcpt)) return std::nullopt;
    if (extended && config.extensions.dsn && parameter.keyword == "NOTIFY") {
      if (config.defects.has(Defect::notify_advertised_but_refused)) return not_recognized();
      return read_notify(parameter, config, recipient);
    }
    if (extended && config.extensions.dsn && parameter.keyword == "ORCPT") {
      return read_original_recipient(parameter, config, recipient);
    }
    if (extended) {
      auto answer =
          read_extension_rcpt_parameter({parameter.keyword, parameter.value, parameter.has_value}, config, recipient);
      if (answer.is_known) return std::move(answer.refusal);
    }
    return unknown_parameter(config.defects);
  });
}

}  // namespace smtpspec::server
