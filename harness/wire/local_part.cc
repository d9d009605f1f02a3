// Words: atoms, quoted strings, local parts (RFC 5321 §4.1.2, RFC 6531 §3.3), and the octets they are made of.
#include <algorithm>
#include <cstdint>

#include "harness/base/octets.h"
#include "harness/wire/grammar.h"

namespace smtpspec::wire {
namespace grammar {
namespace {

// RFC 5322 §3.2.3
bool is_atext(char c) {
  return base::is_alnum(c) || (c != '\0' && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}

}  // namespace

std::size_t utf8_sequence_octets(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (text.empty() || octet(0) < 0xc2 || octet(0) > 0xf4) return 0;
  const std::size_t size = octet(0) < 0xe0 ? 2 : octet(0) < 0xf0 ? 3 : 4;
  if (text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((octet(i) & 0xc0) != 0x80) return 0;
  const bool is_overlong = (octet(0) == 0xe0 && octet(1) < 0xa0) || (octet(0) == 0xf0 && octet(1) < 0x90);
  const bool is_outside = (octet(0) == 0xed && octet(1) > 0x9f) || (octet(0) == 0xf4 && octet(1) > 0x8f);
  return is_overlong || is_outside ? 0 : size;
}

std::string shown_octet(const Cursor& cursor) {
  if (cursor.is_done()) return "the end";
  return "'" + base::escape(cursor.rest().substr(0, 1)) + "'";
}

SyntaxError unexpected_octet(const Cursor& cursor, SyntaxReason reason, std::string_view where) {
  if (!cursor.is_done()) {
    const auto octet = static_cast<std::uint8_t>(cursor.peek());
    if (octet >= 0x80) reason = SyntaxReason::not_ascii;
    else if (octet < 0x20 || octet == 0x7f) reason = SyntaxReason::control_octet;
  }
  return {cursor.at, shown_octet(cursor) + " may not stand " + std::string(where), reason};
}

Result<std::string, SyntaxError> quoted_string(Cursor& cursor, const GrammarOptions& options) {
  const std::size_t begin = cursor.at;
  if (!cursor.take('"')) return fail(SyntaxReason::bad_quoted_string, begin, "a quoted string begins with '\"'");
  std::string out;
  while (!cursor.take('"')) {
    if (cursor.is_done()) return fail(SyntaxReason::bad_quoted_string, cursor.at, "a quoted string ends with '\"'");
    const bool is_pair = cursor.take('\\');
    const bool is_printable = !cursor.is_done() && cursor.peek() >= 32 && cursor.peek() <= 126;
    const std::size_t sequence = options.allow_utf8 && !is_pair ? utf8_sequence_octets(cursor.rest()) : 0;
    if (!is_printable && sequence == 0)
      return base::make_unexpected(unexpected_octet(cursor, SyntaxReason::bad_quoted_string,
                                                    is_pair ? "behind a backslash" : "in a quoted string"));
    const std::size_t size = std::max<std::size_t>(1, sequence);
    out.append(cursor.rest().substr(0, size));
    cursor.at += size;
  }
  if (out.empty() && !options.allow_empty_quoted_string)
    return fail(SyntaxReason::bad_quoted_string, begin, "nothing stands between the quotes");
  return out;
}

Result<std::string, SyntaxError> atom(Cursor& cursor, const GrammarOptions& options) {
  const std::size_t begin = cursor.at;
  while (!cursor.is_done()) {
    const std::size_t octets = is_atext(cursor.peek()) ? 1
                               : options.allow_utf8    ? utf8_sequence_octets(cursor.rest())
                                                       : 0;
    if (octets == 0) break;
    cursor.at += octets;
  }
  if (cursor.at == begin)
    return base::make_unexpected(unexpected_octet(cursor, SyntaxReason::bad_string, "where a word must be"));
  return std::string(cursor.since(begin));
}

Result<LocalPart, SyntaxError> local_part(Cursor& cursor, const GrammarOptions& options) {
  const std::size_t begin = cursor.at;
  LocalPart out;
  if (cursor.peek() == '"') {
    auto content = quoted_string(cursor, options);
    if (!content) return base::make_unexpected(content.error());
    out.canonical = std::move(*content);
  } else {
    do {
      auto word = atom(cursor, options);
      if (!word) {
        SyntaxError error = word.error();
        if (error.reason == SyntaxReason::bad_string) error.reason = SyntaxReason::bad_local_part;
        return base::make_unexpected(std::move(error));
      }
    } while (cursor.take('.'));
    out.canonical = cursor.since(begin);
  }
  out.as_written = cursor.since(begin);
  if (options.enforce_limits && out.as_written.size() > kMaxLocalPartOctets)
    return fail(SyntaxReason::too_long, begin + kMaxLocalPartOctets, "the local part is longer than 64 octets");
  return out;
}

}  // namespace grammar

Result<std::string, SyntaxError> parse_local_part(std::string_view text, const GrammarOptions& options) {
  grammar::Cursor cursor{text};
  auto found = grammar::local_part(cursor, options);
  if (!found) return base::make_unexpected(found.error());
  if (!cursor.is_done())
    return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_local_part, "in a local part"));
  return std::move(found->canonical);
}

Result<std::string, SyntaxError> parse_string(std::string_view text, const GrammarOptions& options) {
  grammar::Cursor cursor{text};
  auto found = cursor.peek() == '"' ? grammar::quoted_string(cursor, options) : grammar::atom(cursor, options);
  if (found && !cursor.is_done())
    return base::make_unexpected(
        grammar::unexpected_octet(cursor, SyntaxReason::bad_string, "in an atom or behind it"));
  return found;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const bool is_ascii = static_cast<std::uint8_t>(text.front()) < 0x80;
    const std::size_t size = is_ascii ? 1 : grammar::utf8_sequence_octets(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace smtpspec::wire
