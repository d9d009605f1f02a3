// The productions of RFC 5321 §4.1.2 and §4.1.3 as functions over one cursor, for the parsers of this room. Each reads
// its production from the cursor on and leaves the cursor behind it; what may follow is the caller's business.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/wire/path.h"
#include "harness/wire/syntax.h"

namespace smtpspec::wire::grammar {

struct Cursor {
  std::string_view text;
  std::size_t at = 0;

  bool is_done() const { return at == text.size(); }
  // The octet under the cursor; NUL at the end, so ask is_done() where NUL matters.
  char peek() const { return is_done() ? '\0' : text[at]; }
  std::string_view rest() const { return text.substr(at); }
  bool take(char c) {
    if (is_done() || text[at] != c) return false;
    ++at;
    return true;
  }
  std::string_view since(std::size_t begin) const { return text.substr(begin, at - begin); }
};

inline auto fail(SyntaxReason reason, std::size_t offset, std::string message) {
  return base::make_unexpected(SyntaxError{offset, std::move(message), reason});
}

struct LocalPart {
  std::string as_written;
  std::string canonical;
};

Result<std::string, SyntaxError> domain(Cursor& cursor, const GrammarOptions& options);
Result<std::string, SyntaxError> address_literal(Cursor& cursor);
// Domain or address-literal.
Result<std::string, SyntaxError> host(Cursor& cursor, const GrammarOptions& options);
Result<std::string, SyntaxError> quoted_string(Cursor& cursor, const GrammarOptions& options);  // unquoted
Result<std::string, SyntaxError> atom(Cursor& cursor, const GrammarOptions& options);
Result<LocalPart, SyntaxError> local_part(Cursor& cursor, const GrammarOptions& options);
Result<Mailbox, SyntaxError> mailbox(Cursor& cursor, const GrammarOptions& options);
Result<Path, SyntaxError> path(Cursor& cursor, const GrammarOptions& options);
// *(SP esmtp-param) up to the end.
Result<std::vector<Parameter>, SyntaxError> parameters(Cursor& cursor, const GrammarOptions& options);

// The octets of the UTF-8 sequence for one non-ASCII character that `text` begins with, 0 if it begins with none.
std::size_t utf8_sequence_octets(std::string_view text);

// "'x'", or an escaped octet, for messages; "the end" where the cursor is done.
std::string shown_octet(const Cursor& cursor);
// The error for an octet that cannot stand under the cursor: `reason`, unless the octet is not ASCII or a control.
SyntaxError unexpected_octet(const Cursor& cursor, SyntaxReason reason, std::string_view where);

}  // namespace smtpspec::wire::grammar
