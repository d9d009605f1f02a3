// Paths, mailboxes, domains and address literals (RFC 5321 §4.1.2, §4.1.3; RFC 6531 §3.3 where allowed). Each parse_
// function takes a whole text: what follows the production is an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/limits.h"
#include "harness/wire/syntax.h"

namespace smtpspec::wire {

struct Mailbox {
  std::string local_part;  // as written, quotes and backslashes included
  std::string canonical;   // local_part without quoting: `"a\b"` and `ab` are one mailbox (RFC 5321 §4.1.2)
  std::string domain;      // with brackets if it is a literal; empty only in <Postmaster>
  bool is_literal = false;
  bool operator==(const Mailbox&) const = default;
};

struct Path {
  std::vector<std::string> source_route;  // the domains, without "@"
  Mailbox mailbox;
  bool operator==(const Path&) const = default;
};

// esmtp-param
struct Parameter {
  std::string keyword;  // as written; compare ignoring case
  std::optional<std::string> value;
  bool operator==(const Parameter&) const = default;
};

// "a@b" for any mailbox, in the form that was written.
std::string to_string(const Mailbox& mailbox);
// "<@r:a@b>"
std::string to_string(const Path& path);

Result<std::string, SyntaxError> parse_domain(std::string_view text, const GrammarOptions& options = {});
// With its brackets. A tag IPv6 must be followed by an IPv6 address: General-address-literal is for the other tags.
Result<std::string, SyntaxError> parse_address_literal(std::string_view text);
Result<Mailbox, SyntaxError> parse_mailbox(std::string_view text, const GrammarOptions& options = {});
// With its brackets; not "<>", not "<Postmaster>".
Result<Path, SyntaxError> parse_path(std::string_view text, const GrammarOptions& options = {});
// Dot-string or Quoted-string. Gives the unquoted form.
Result<std::string, SyntaxError> parse_local_part(std::string_view text, const GrammarOptions& options = {});
// String = Atom / Quoted-string. Gives the unquoted form.
Result<std::string, SyntaxError> parse_string(std::string_view text, const GrammarOptions& options = {});

bool is_ipv4_address(std::string_view text);
// All four forms of RFC 5321 §4.1.3, without "IPv6:".
bool is_ipv6_address(std::string_view text);
// ehlo-keyword and esmtp-keyword have one grammar.
bool is_keyword(std::string_view text);
// RFC 3629: shortest forms only, no surrogates, at most U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace smtpspec::wire
