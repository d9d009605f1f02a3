#include "harness/server/verb_defects.h"

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kVerbOctets = 4;  // of every verb of RFC 5321

using Word = std::string_view;

bool is_any(Word) { return true; }
bool is_lower(Word word) { return base::to_lower(word) == word; }
bool is_upper(Word word) { return base::to_upper(word) == word; }
bool is_mixed(Word word) { return !is_lower(word) && !is_upper(word); }

struct UnknownVerb {
  Defect defect;
  Verb verb;
  bool (*is_unknown)(Word word);
};

constexpr UnknownVerb kUnknownVerbs[] = {
    {Defect::ehlo_unknown, Verb::ehlo, is_any},
    {Defect::helo_unknown, Verb::helo, is_any},
    {Defect::mail_unknown, Verb::mail, is_any},
    {Defect::rcpt_unknown, Verb::rcpt, is_any},
    {Defect::data_unknown, Verb::data, is_any},
    {Defect::rset_unknown, Verb::rset, is_any},
    {Defect::quit_unknown, Verb::quit, is_any},
    {Defect::vrfy_unknown, Verb::vrfy, is_any},
    {Defect::expn_unknown, Verb::expn, is_any},
    {Defect::lhlo_unknown, Verb::lhlo, is_any},
    {Defect::lower_case_ehlo_unknown, Verb::ehlo, is_lower},
    {Defect::lower_case_lhlo_unknown, Verb::lhlo, is_lower},
    {Defect::lower_case_data_unknown, Verb::data, is_lower},
    {Defect::lower_case_quit_unknown, Verb::quit, is_lower},
    {Defect::lower_case_extension_verb_unknown, Verb::bdat, is_lower},
    {Defect::lower_case_extension_verb_unknown, Verb::etrn, is_lower},
    {Defect::lower_case_extension_verb_unknown, Verb::starttls, is_lower},
    {Defect::lower_case_extension_verb_unknown, Verb::auth, is_lower},
};

}  // namespace

Verb with_verb_defects(Verb verb, std::string_view word, const DefectSet& defects) {
  if (defects.has(Defect::verb_case_sensitive) && !is_upper(word)) return Verb::unknown;
  if (defects.has(Defect::mixed_case_verb_unknown) && is_mixed(word)) return Verb::unknown;
  for (const UnknownVerb& unknown : kUnknownVerbs) {
    if (unknown.verb == verb && defects.has(unknown.defect) && unknown.is_unknown(word)) return Verb::unknown;
  }
  if (verb == Verb::unknown && defects.has(Defect::verb_recognized_by_four_letters)) {
    return verb_from(word.substr(0, kVerbOctets));
  }
  return verb;
}

std::string with_missing_space(std::string_view line) {
  std::string text(line);
  const bool is_joined =
      base::starts_with_ignoring_case(line, "MAILFROM:") || base::starts_with_ignoring_case(line, "RCPTTO:");
  if (is_joined) text.insert(kVerbOctets, " ");
  return text;
}

}  // namespace smtpspec::server
