#include "harness/server/utf8_defects.h"

#include <algorithm>

namespace smtpspec::server {
namespace {

unsigned char octet_of(char c) { return static_cast<unsigned char>(c); }
bool is_non_ascii(char c) { return octet_of(c) >= 0x80U; }
bool has_non_ascii(std::string_view text) { return std::any_of(text.begin(), text.end(), is_non_ascii); }

bool has_overlong_sequence(std::string_view text) { return text.find_first_of("\xc0\xc1") != std::string_view::npos; }

bool has_surrogate(std::string_view text) {
  const std::size_t lead = text.find('\xed');
  return lead != std::string_view::npos && lead + 1 < text.size() && octet_of(text[lead + 1]) >= 0xA0U;
}

// A sequence that an ASCII character cuts.
bool has_truncated_sequence(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (octet_of(text[i]) < 0xC2U) continue;
    const std::size_t octets = octet_of(text[i]) >= 0xF0U ? 4 : octet_of(text[i]) >= 0xE0U ? 3 : 2;
    const std::string_view sequence = text.substr(i, octets);
    if (!std::all_of(sequence.begin(), sequence.end(), is_non_ascii)) return true;
  }
  return false;
}

bool accepts_bad_u_label(std::string_view argument, const DefectSet& defects) {
  const std::size_t at = argument.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view domain = argument.substr(at + 1, argument.find('>', at) - at - 1);
  if (!has_non_ascii(domain)) return false;
  const std::string dotted = '.' + std::string(domain) + '.';
  const auto has = [&](std::string_view part) { return dotted.find(part) != std::string::npos; };
  return ((has(".-") || has("-.")) && defects.has(Defect::u_label_with_hyphen_at_edge_accepted)) ||
         (has("..") && defects.has(Defect::u_label_that_is_empty_accepted)) ||
         defects.has(Defect::u_label_with_any_characters_accepted);
}

}  // namespace

bool refuses_utf8_mailbox(const wire::Mailbox& mailbox, const DefectSet& defects) {
  const bool is_quoted = mailbox.local_part.starts_with('"');
  const std::string text = mailbox.local_part + mailbox.domain;
  return (has_non_ascii(mailbox.domain) && defects.has(Defect::non_ascii_domain_refused)) ||
         (is_quoted && has_non_ascii(mailbox.local_part) && defects.has(Defect::non_ascii_quoted_string_refused)) ||
         (std::any_of(text.begin(), text.end(), [](char c) { return octet_of(c) >= 0xF0U; }) &&
          defects.has(Defect::four_octet_character_refused));
}

bool accepts_bad_utf8(std::string_view argument, const DefectSet& defects) {
  return accepts_bad_u_label(argument, defects) ||
         (has_overlong_sequence(argument) && defects.has(Defect::overlong_utf8_accepted)) ||
         (has_surrogate(argument) && defects.has(Defect::utf8_surrogates_accepted)) ||
         (has_truncated_sequence(argument) && defects.has(Defect::truncated_utf8_accepted)) ||
         (has_non_ascii(argument) && argument.find("..") < argument.find('@') &&
          defects.has(Defect::non_ascii_empty_atom_accepted));
}

std::string with_utf8_header_defects(std::string content, const DefectSet& defects) {
  if (!defects.has(Defect::utf8_header_becomes_question_marks)) return content;
  const std::size_t end = std::min(content.find("\r\n\r\n"), content.size());
  std::replace_if(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(end), is_non_ascii, '?');
  return content;
}

}  // namespace smtpspec::server
