#include "harness/server/parameter_defects.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/xtext.h"

namespace smtpspec::server {
namespace {

using Occasion = ParameterOccasion;

constexpr int kBadValue = 501;
constexpr int kNotRecognized = 555;
constexpr int kTooLarge = 552;
constexpr std::size_t kMaxSizeDigits = 20;  // RFC 1870 §3
constexpr std::size_t kShortMailboxOctets = 100;

bool is_decimal(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool is(std::string_view value, std::string_view word) { return base::equals_ignoring_case(value, word); }
bool begins(std::string_view value, std::string_view word) { return base::starts_with_ignoring_case(value, word); }

// A counter of 64 bits that nobody looks after.
std::uint64_t number_in(std::string_view digits) {
  std::uint64_t number = 0;
  for (char c : digits) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

bool is_above_limit(const Occasion& o) {
  std::string_view digits = o.value;
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return o.size_limit != 0 && is_decimal(digits) && (digits.size() > 19 || number_in(digits) > o.size_limit);
}

bool has_other(const Occasion& o, std::string_view keyword) {
  return std::any_of(o.all.begin(), o.all.end(), [&](const auto& p) { return is(p.keyword, keyword); });
}

// The words of a list with commas, upper case.
std::vector<std::string> words_of(std::string_view value) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t comma = value.find(',');
    words.push_back(base::to_upper(value.substr(0, comma)));
    if (comma == std::string_view::npos) return words;
    value.remove_prefix(comma + 1);
  }
}

bool is_notify_word(std::string_view word) {
  return word == "NEVER" || word == "SUCCESS" || word == "FAILURE" || word == "DELAY";
}

bool has_abbreviated_word(const Occasion& o) {
  constexpr std::size_t kSignificantLetters = 4;
  const auto words = words_of(o.value);
  return std::all_of(words.begin(), words.end(), [](const std::string& word) {
    for (const std::string_view known : {"NEVER", "SUCCESS", "FAILURE", "DELAY"})
      if (word.substr(0, kSignificantLetters) == known.substr(0, kSignificantLetters)) return true;
    return false;
  });
}

bool has_never_last(const Occasion& o) {
  const auto words = words_of(o.value);
  return words.size() > 1 && words.back() == "NEVER" && std::all_of(words.begin(), words.end(), is_notify_word);
}

std::string_view address_of(std::string_view orcpt) {
  const std::size_t semicolon = orcpt.find(';');
  return semicolon == std::string_view::npos ? std::string_view() : orcpt.substr(semicolon + 1);
}

bool is_encoded(std::string_view text) { return contains(text, "+") && is_xtext(text); }

bool has_lower_case_code(std::string_view text) { return !is_xtext(text) && is_xtext(base::to_upper(text)); }

// A plus sign without two hexadecimal digits behind it, in what is xtext otherwise.
bool has_broken_code(std::string_view text) {
  std::string rest(text);
  std::erase(rest, '+');
  return contains(text, "+") && !is_xtext(text) && !has_lower_case_code(text) && is_xtext(rest);
}

struct Row {
  Defect defect;
  std::string_view keyword;
  bool (*concerns)(const Occasion& occasion);
  int code;
};

bool has_no_value(const Occasion& o) { return !o.has_value; }

bool has_utf8_type(const Occasion& o) { return begins(o.value, "utf-8;"); }

// What stands between the braces of the first escape of an address of the type utf-8; nothing: it is not closed.
std::optional<std::string_view> escape_of(const Occasion& o) {
  const std::size_t open = o.value.find("\\x{");
  const std::size_t close = o.value.find('}', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  return o.value.substr(open + 3, close - open - 3);
}

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// The number of the escape, or 0.
unsigned long escaped_number(const Occasion& o) {
  constexpr std::size_t kMostDigits = 8;
  const auto digits = escape_of(o);
  if (!has_utf8_type(o) || !digits || !is_hexadecimal(*digits) || digits->size() > kMostDigits) return 0;
  return std::stoul(std::string(*digits), nullptr, 16);
}

bool is_above_a_third(const Occasion& o) {
  constexpr std::size_t kMostDigits = 19;
  constexpr std::size_t kShare = 3;
  return o.size_limit != 0 && is_decimal(o.value) && o.value.size() <= kMostDigits && !is_above_limit(o) &&
         number_in(o.value) > o.size_limit / kShare;
}

constexpr Row kSizeRows[] = {
    {Defect::no_room_answered_451, "SIZE", is_above_a_third, 451},
    {Defect::no_room_answered_450, "SIZE", is_above_a_third, 450},
    {Defect::any_declared_size_answered_451, "SIZE", [](const Occasion& o) { return is_decimal(o.value); }, 451},
    {Defect::size_sign_accepted, "SIZE",
     [](const Occasion& o) {
       return !o.value.empty() && contains("+-", o.value.substr(0, 1)) && is_decimal(o.value.substr(1));
     },
     kTaken},
    {Defect::size_unit_accepted, "SIZE",
     [](const Occasion& o) {
       const std::size_t end = o.value.find_first_not_of("0123456789");
       return end > 0 && end != std::string_view::npos && base::is_alpha(o.value[end]);
     },
     kTaken},
    {Defect::size_of_21_digits_accepted, "SIZE",
     [](const Occasion& o) { return is_decimal(o.value) && o.value.size() > kMaxSizeDigits; }, kTaken},
    {Defect::size_without_value_accepted, "SIZE", has_no_value, kTaken},
    {Defect::size_zero_refused, "SIZE", [](const Occasion& o) { return o.value == "0"; }, kBadValue},
    {Defect::size_leading_zeros_refused, "SIZE",
     [](const Occasion& o) { return o.value.size() > 1 && o.value.front() == '0' && is_decimal(o.value); }, kBadValue},
    {Defect::size_value_wraps_at_32_bits, "SIZE",
     [](const Occasion& o) { return is_above_limit(o) && (number_in(o.value) & 0xFFFFFFFFU) <= o.size_limit; }, kTaken},
    {Defect::size_value_wraps_at_64_bits, "SIZE",
     [](const Occasion& o) { return is_above_limit(o) && number_in(o.value) <= o.size_limit; }, kTaken},
    {Defect::size_equal_to_limit_refused, "SIZE",
     [](const Occasion& o) { return is_decimal(o.value) && !is_above_limit(o) && number_in(o.value) == o.size_limit; },
     kTooLarge},
    {Defect::size_over_limit_refused_at_rcpt, "SIZE", is_above_limit, kTaken},
    {Defect::body_without_value_accepted, "BODY", has_no_value, kTaken},
    {Defect::body_7bit_refused, "BODY", [](const Occasion& o) { return is(o.value, "7BIT"); }, kBadValue},
};

constexpr Row kDsnRows[] = {
    {Defect::ret_without_value_accepted, "RET", has_no_value, kTaken},
    {Defect::ret_abbreviated_accepted, "RET",
     [](const Occasion& o) { return begins(o.value, "FULL") || begins(o.value, "HDRS"); }, kTaken},
    {Defect::ret_needs_envid, "RET", [](const Occasion& o) { return !has_other(o, "ENVID"); }, kBadValue},
    {Defect::notify_without_value_accepted, "NOTIFY", has_no_value, kTaken},
    {Defect::notify_separated_by_semicolons_accepted, "NOTIFY",
     [](const Occasion& o) {
       std::string with_commas(o.value);
       std::replace(with_commas.begin(), with_commas.end(), ';', ',');
       const auto words = words_of(with_commas);
       return contains(o.value, ";") && std::all_of(words.begin(), words.end(), is_notify_word);
     },
     kTaken},
    {Defect::notify_abbreviated_accepted, "NOTIFY", has_abbreviated_word, kTaken},
    {Defect::notify_never_last_accepted, "NOTIFY", has_never_last, kTaken},
    {Defect::notify_delay_refused, "NOTIFY",
     [](const Occasion& o) { return contains(base::to_upper(o.value), "DELAY"); }, kBadValue},
    {Defect::notify_of_three_words_refused, "NOTIFY", [](const Occasion& o) { return words_of(o.value).size() > 2; },
     kBadValue},
    {Defect::envid_encoded_character_refused, "ENVID", [](const Occasion& o) { return is_encoded(o.value); },
     kBadValue},
    {Defect::envid_parentheses_refused, "ENVID", [](const Occasion& o) { return contains(o.value, "("); }, kBadValue},
    {Defect::envid_broken_hexadecimal_accepted, "ENVID", [](const Occasion& o) { return has_broken_code(o.value); },
     kTaken},
    {Defect::orcpt_empty_type_accepted, "ORCPT",
     [](const Occasion& o) { return o.value.starts_with(';') && is_xtext(address_of(o.value)); }, kTaken},
    {Defect::orcpt_other_type_refused, "ORCPT", [](const Occasion& o) { return !begins(o.value, "rfc822;"); },
     kBadValue},
    {Defect::orcpt_utf8_type_refused, "ORCPT", [](const Occasion& o) { return begins(o.value, "utf-8;"); }, kBadValue},
    {Defect::orcpt_encoded_character_refused, "ORCPT",
     [](const Occasion& o) { return is_encoded(address_of(o.value)); }, kBadValue},
    {Defect::orcpt_utf8_empty_escape_accepted, "ORCPT",
     [](const Occasion& o) { return has_utf8_type(o) && escape_of(o) == ""; }, kTaken},
    {Defect::orcpt_utf8_surrogate_accepted, "ORCPT",
     [](const Occasion& o) { return escaped_number(o) >= 0xD800 && escaped_number(o) <= 0xDFFF; }, kTaken},
    {Defect::orcpt_utf8_number_too_large_accepted, "ORCPT",
     [](const Occasion& o) { return escaped_number(o) > 0x10FFFF; }, kTaken},
    {Defect::orcpt_utf8_open_escape_accepted, "ORCPT",
     [](const Occasion& o) { return has_utf8_type(o) && contains(o.value, "\\x") && !escape_of(o); }, kTaken},
    {Defect::orcpt_utf8_bad_digit_accepted, "ORCPT",
     [](const Occasion& o) {
       const auto digits = escape_of(o);
       return has_utf8_type(o) && digits && !digits->empty() && !is_hexadecimal(*digits);
     },
     kTaken},
    {Defect::orcpt_broken_hexadecimal_accepted, "ORCPT",
     [](const Occasion& o) { return !o.value.starts_with(';') && has_broken_code(address_of(o.value)); }, kTaken},
};

constexpr Row kOtherRows[] = {
    {Defect::mail_auth_null_refused, "AUTH", [](const Occasion& o) { return o.value == "<>"; }, kBadValue},
    {Defect::mail_auth_encoded_character_refused, "AUTH", [](const Occasion& o) { return is_encoded(o.value); },
     kBadValue},
    {Defect::mail_auth_broken_hexadecimal_accepted, "AUTH", [](const Occasion& o) { return has_broken_code(o.value); },
     kTaken},
    {Defect::mail_auth_long_value_refused, "AUTH",
     [](const Occasion& o) { return o.value.size() > kShortMailboxOctets; }, kBadValue},
    {Defect::body_binarymime_in_lower_case_refused, "BODY", [](const Occasion& o) { return o.value == "binarymime"; },
     kBadValue},
    {Defect::body_binarymime_refused, "BODY", [](const Occasion& o) { return is(o.value, "BINARYMIME"); },
     kNotRecognized},
    {Defect::smtputf8_needs_body, "SMTPUTF8", [](const Occasion& o) { return !has_other(o, "BODY"); }, kBadValue},
    {Defect::smtputf8_refused_with_body, "SMTPUTF8", [](const Occasion& o) { return has_other(o, "BODY"); }, kBadValue},
};

template <std::size_t count>
const Row* row_for(const Row (&rows)[count], const Occasion& occasion, const DefectSet& defects) {
  const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) {
    return r.keyword == occasion.keyword && defects.has(r.defect) && r.concerns(occasion);
  });
  return row == std::end(rows) ? nullptr : row;
}

}  // namespace

std::optional<int> defective_parameter_code(const ParameterOccasion& occasion, const DefectSet& defects) {
  if (defects.empty()) return std::nullopt;
  const Row* row = row_for(kSizeRows, occasion, defects);
  if (row == nullptr) row = row_for(kDsnRows, occasion, defects);
  if (row == nullptr) row = row_for(kOtherRows, occasion, defects);
  return row == nullptr ? std::nullopt : std::optional<int>(row->code);
}

int bad_value_code(std::string_view keyword, const DefectSet& defects) {
  const bool is_mail = keyword == "RET" || keyword == "ENVID";
  const bool is_rcpt = keyword == "NOTIFY" || keyword == "ORCPT";
  if ((is_mail && defects.has(Defect::bad_mail_parameter_of_dsn_answered_555)) ||
      (is_rcpt && defects.has(Defect::bad_rcpt_parameter_of_dsn_answered_555))) {
    return kNotRecognized;
  }
  return kBadValue;
}

bool accepts_unoffered(std::string_view keyword, const DefectSet& defects) {
  return ((keyword == "HOLDFOR" || keyword == "HOLDUNTIL") &&
          defects.has(Defect::holdfor_parameter_accepted_unoffered)) ||
         (keyword == "MTRK" && defects.has(Defect::mtrk_parameter_accepted_unoffered)) ||
         (keyword == "CONPERM" && defects.has(Defect::conperm_parameter_accepted_unoffered)) ||
         (keyword == "CONNEG" && defects.has(Defect::conneg_parameter_accepted_unoffered));
}

bool refuses_unoffered(std::string_view keyword, const DefectSet& defects) {
  constexpr std::pair<Defect, std::string_view> kOfDsn[] = {{Defect::ret_parameter_accepted_unoffered, "RET"},
                                                            {Defect::envid_parameter_accepted_unoffered, "ENVID"},
                                                            {Defect::notify_parameter_accepted_unoffered, "NOTIFY"},
                                                            {Defect::orcpt_parameter_accepted_unoffered, "ORCPT"}};
  const auto is_keyword = [&](const auto& row) { return row.second == keyword; };
  const auto is_active = [&](const auto& row) { return defects.has(row.first); };
  return std::any_of(std::begin(kOfDsn), std::end(kOfDsn), is_keyword) &&
         std::any_of(std::begin(kOfDsn), std::end(kOfDsn), is_active) &&
         std::none_of(std::begin(kOfDsn), std::end(kOfDsn),
                      [&](const auto& row) { return is_keyword(row) && is_active(row); });
}

bool may_be_repeated(std::string_view keyword, const DefectSet& defects) {
  if (keyword == "SIZE") return defects.has(Defect::size_repeated_accepted);
  if (keyword == "BODY") return defects.has(Defect::body_repeated_accepted);
  if (keyword == "MT-PRIORITY") return defects.has(Defect::mt_priority_repeated_accepted);
  return (keyword == "RET" || keyword == "ENVID" || keyword == "NOTIFY" || keyword == "ORCPT") &&
         defects.has(Defect::dsn_parameter_repeated_accepted);
}

}  // namespace smtpspec::server
