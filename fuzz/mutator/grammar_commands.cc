#include "fuzz/mutator/grammar.h"
#include "harness/base/base64.h"
#include "harness/base/octets.h"

namespace smtpspec::fuzz {

using wire::Verb;

std::string Grammar::auth_exchange() {
  const std::string good = base::base64(std::string(1, '\0') + words_.user + std::string(1, '\0') + words_.password);
  const std::string user = base::base64(words_.user);
  const std::string password = base::base64(words_.password);
  switch (random_.below(12)) {
    case 0:
    case 1:
      return "PLAIN " + good;
    case 2:
      return "PLAIN\r\n" + good;
    case 3:
    case 4:
      return "LOGIN\r\n" + user + "\r\n" + password;
    case 5:
      return "LOGIN " + user + "\r\n" + password;
    case 6:
      return any_of(
                 {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "EXTERNAL", "DIGEST-MD5"}) +
             "\r\n" + any_of({"*", "=", "", "AA==", "AAAA", "A", "====", "\xFF"});
    case 7:
      return "PLAIN " + any_of({"=", "*", "AA==", "AAA=", "AGEA", "AGEAYg", "AGEAYg==x", "A=GE", "!!!!", ""});
    case 8:
      return "PLAIN " + base::base64(std::string(random_.between(1, 9000), 'a'));
    case 9:
      return "CRAM-MD5\r\n" + base::base64(words_.user + " " + std::string(32, '0'));
    case 10:
      return std::string(random_.between(1, 40), 'M') + " " + good;
    default:
      return twist("PLAIN " + good);
  }
}

std::string Grammar::command(Verb verb) {
  switch (verb) {
    case Verb::helo:
      return "HELO " + domain();
    case Verb::ehlo:
      return "EHLO " + domain();
    case Verb::lhlo:
      return "LHLO " + domain();
    case Verb::mail:
      return "MAIL FROM:" + (random_.one_in(3) ? path() : "<" + words_.sender + ">") + mail_parameters();
    case Verb::rcpt:
      return "RCPT TO:" + (random_.one_in(3) ? path() : "<" + words_.recipient + ">") + rcpt_parameters();
    case Verb::vrfy:
      return "VRFY " + mailbox();
    case Verb::expn:
      return "EXPN " + any_of({"staff", "team", "ghosts", "x", ""});
    case Verb::help:
      return "HELP" + any_of({"", " MAIL", " x", " "});
    case Verb::noop:
      return "NOOP" + (random_.one_in(3) ? " " + mailbox() : std::string());
    case Verb::auth:
      return "AUTH " + auth_exchange();
    case Verb::bdat:
      // One in three does not fit into a counter of 31, 32 or 64 bits.
      return "BDAT " +
             (random_.one_in(3) ? any_of({"2147483648", "4294967296", "4294967297", "4294967301",
                                          "18446744073709551616", "18446744073709551621"})
                                : number()) +
             any_of({"", " LAST", " last", " LAST ", " x", "  LAST"});
    case Verb::etrn:
      return "ETRN " + any_of({"", "@", "#"}) + domain();
    case Verb::burl:
      return "BURL imap://" + domain() + "/x" + any_of({"", " LAST"});
    case Verb::data:
    case Verb::rset:
    case Verb::quit:
    case Verb::starttls:
    case Verb::turn:
    case Verb::atrn:
      return std::string(wire::to_string(verb)) + (random_.one_in(6) ? " " + mailbox() : std::string());
    case Verb::unknown:
      return any_of({"XFOO", "SEND FROM:<a@b>", "SOML", "SAML", "XCLIENT NAME=x", "WIZ", "DEBUG", "GET / HTTP/1.0", "",
                     " ", "X", "MAILX", "DAT", "EHL", ".", "..", "250 ok"});
  }
  return "NOOP";
}

std::string Grammar::command() {
  constexpr Verb kVerbs[] = {Verb::helo, Verb::ehlo, Verb::mail,    Verb::mail, Verb::mail, Verb::rcpt,
                             Verb::rcpt, Verb::rcpt, Verb::data,    Verb::rset, Verb::rset, Verb::vrfy,
                             Verb::expn, Verb::help, Verb::noop,    Verb::bdat, Verb::bdat, Verb::etrn,
                             Verb::turn, Verb::atrn, Verb::unknown, Verb::burl};
  Verb verb = random_.pick(kVerbs);
  if (words_.is_lmtp && verb == Verb::ehlo) verb = Verb::lhlo;
  std::string text = command(verb);
  if (random_.one_in(16)) text = base::to_lower(text);
  if (random_.one_in(12)) text = twist(std::move(text));
  return text;
}

}  // namespace smtpspec::fuzz
