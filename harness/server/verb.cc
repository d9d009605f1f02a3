#include "harness/server/verb.h"

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

struct Spelling {
  std::string_view word;
  Verb verb;
};

constexpr Spelling kSpellings[] = {
    {"EHLO", Verb::ehlo}, {"HELO", Verb::helo}, {"LHLO", Verb::lhlo},         {"MAIL", Verb::mail},
    {"RCPT", Verb::rcpt}, {"DATA", Verb::data}, {"BDAT", Verb::bdat},         {"RSET", Verb::rset},
    {"NOOP", Verb::noop}, {"QUIT", Verb::quit}, {"VRFY", Verb::vrfy},         {"EXPN", Verb::expn},
    {"HELP", Verb::help}, {"ETRN", Verb::etrn}, {"STARTTLS", Verb::starttls}, {"AUTH", Verb::auth},
    {"TURN", Verb::turn}, {"ATRN", Verb::atrn}, {"SEND", Verb::send},         {"SOML", Verb::soml},
    {"SAML", Verb::saml},
};

}  // namespace

bool is_unimplemented(Verb verb) {
  return verb == Verb::turn || verb == Verb::atrn || verb == Verb::send || verb == Verb::soml || verb == Verb::saml;
}

Verb verb_from(std::string_view word) {
  for (const Spelling& spelling : kSpellings) {
    if (base::equals_ignoring_case(word, spelling.word)) return spelling.verb;
  }
  return Verb::unknown;
}

}  // namespace smtpspec::server
