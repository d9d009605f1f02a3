#include "harness/server/verb.h"

#include <cstdint>

#include "harness/base/short_word.h"

namespace smtpspec::server {
namespace {

using base::short_word;

struct Spelling {
  std::uint64_t word;
  Verb verb;
};

constexpr Spelling kSpellings[] = {
    {short_word("EHLO"), Verb::ehlo}, {short_word("HELO"), Verb::helo}, {short_word("LHLO"), Verb::lhlo},
    {short_word("MAIL"), Verb::mail}, {short_word("RCPT"), Verb::rcpt}, {short_word("DATA"), Verb::data},
    {short_word("BDAT"), Verb::bdat}, {short_word("RSET"), Verb::rset}, {short_word("NOOP"), Verb::noop},
    {short_word("QUIT"), Verb::quit}, {short_word("VRFY"), Verb::vrfy}, {short_word("EXPN"), Verb::expn},
    {short_word("HELP"), Verb::help}, {short_word("ETRN"), Verb::etrn}, {short_word("STARTTLS"), Verb::starttls},
    {short_word("AUTH"), Verb::auth}, {short_word("TURN"), Verb::turn}, {short_word("ATRN"), Verb::atrn},
    {short_word("SEND"), Verb::send}, {short_word("SOML"), Verb::soml}, {short_word("SAML"), Verb::saml},
};

}  // namespace

bool is_unimplemented(Verb verb) {
  return verb == Verb::turn || verb == Verb::atrn || verb == Verb::send || verb == Verb::soml || verb == Verb::saml;
}

Verb verb_from(std::string_view word) {
  const std::uint64_t wanted = short_word(word);
  for (const Spelling& spelling : kSpellings) {
    if (spelling.word == wanted) return spelling.verb;
  }
  return Verb::unknown;
}

}  // namespace smtpspec::server
