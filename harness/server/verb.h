// The command verbs that the server knows by name (RFC 5321 §4.1.1, its extensions, and what it knows but does not do).
#pragma once

#include <string_view>

namespace smtpspec::server {

enum class Verb {
  none,  // the greeting, a timeout, an empty line
  unknown,
  ehlo,
  helo,
  lhlo,
  mail,
  rcpt,
  data,
  bdat,
  rset,
  noop,
  quit,
  vrfy,
  expn,
  help,
  etrn,
  starttls,
  auth,
  // Known by name only: 502 (RFC 5321 §4.2.4).
  turn,
  atrn,
  send,
  soml,
  saml,
};

// True for the verbs that are known by name only.
bool is_unimplemented(Verb verb);

// The verb that `word` spells in any letter case, or Verb::unknown.
Verb verb_from(std::string_view word);

}  // namespace smtpspec::server
