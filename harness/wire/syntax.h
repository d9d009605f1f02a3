// What the command grammar answers when a text is not in it, and the choices where RFCs differ.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace smtpspec::wire {

using base::Result;

enum class SyntaxReason {
  bad_verb,              // empty, or not alphabetic
  missing_argument,      //
  unexpected_argument,   // DATA, RSET, QUIT, STARTTLS, TURN take none
  extra_space,           // one SP separates, never two, and none follows "FROM:"
  trailing_space,        //
  bad_clause,            // neither "FROM:" nor "TO:" where it must stand
  missing_open_bracket,  // of a path
  missing_close_bracket,
  null_path,  // "<>" where only a reverse-path may be null
  bad_source_route,
  bad_local_part,
  bad_quoted_string,
  missing_domain,  // a mailbox without "@"
  bad_domain,
  bad_address_literal,
  bad_parameter,
  bad_string,     // neither Atom nor Quoted-string
  bad_number,     // of BDAT
  bad_mechanism,  // of AUTH
  bad_base64,
  bad_url,
  not_ascii,  // and UTF-8 is not allowed here, or is not UTF-8
  control_octet,
  too_long,
  trailing_text,  // the production ended, the argument did not
};
std::string_view to_string(SyntaxReason reason);

struct SyntaxError {
  std::size_t offset = 0;  // octets into the parsed text, for a caret; its length if something is missing at the end
  std::string message;     // one sentence, no full stop
  SyntaxReason reason{};
  bool operator==(const SyntaxError&) const = default;
};

struct GrammarOptions {
  // RFC 6531 §3.3: UTF-8 in local parts, domains and parameter values. Never in EHLO's argument (§3.7.1).
  bool allow_utf8 = false;
  // RFC 5321 §4.1.2 has `Quoted-string = DQUOTE *QcontentSMTP DQUOTE`, so `""@example.org` is a mailbox; erratum
  // 3135 on the same production of RFC 5322 wants at least one octet between the quotes.
  bool allow_empty_quoted_string = true;
  // RFC 5321 §4.5.3.1.1 to 3: over-long local parts, domains and paths are errors. They are within the grammar.
  bool enforce_limits = false;
};

}  // namespace smtpspec::wire
