// Domains and address literals: RFC 5321 §4.1.2 (Domain), §4.1.3.
#include <cstdint>
#include <vector>

#include "harness/base/octets.h"
#include "harness/wire/grammar.h"

namespace smtpspec::wire {
namespace grammar {
namespace {

// One sub-domain: Let-dig [Ldh-str], or a U-label (RFC 6531 §3.3) taken as letters, digits, hyphens and UTF-8.
Result<std::size_t, SyntaxError> label(Cursor& cursor, const GrammarOptions& options) {
  const std::size_t begin = cursor.at;
  while (!cursor.is_done()) {
    const bool is_ldh = base::is_alnum(cursor.peek()) || cursor.peek() == '-';
    const std::size_t octets = is_ldh ? 1 : options.allow_utf8 ? utf8_sequence_octets(cursor.rest()) : 0;
    if (octets == 0) break;
    cursor.at += octets;
  }
  const std::size_t size = cursor.at - begin;
  if (size == 0) {
    if (!cursor.is_done() && cursor.peek() != '.' && cursor.peek() != '>')
      return base::make_unexpected(
          unexpected_octet(cursor, SyntaxReason::bad_domain, "at the start of a domain label"));
    return fail(SyntaxReason::bad_domain, begin, "a domain label is missing");
  }
  if (cursor.text[begin] == '-') return fail(SyntaxReason::bad_domain, begin, "a domain label may not begin with '-'");
  if (cursor.text[cursor.at - 1] == '-')
    return fail(SyntaxReason::bad_domain, cursor.at - 1, "a domain label may not end with '-'");
  if (options.enforce_limits && size > kMaxDomainLabelOctets)
    return fail(SyntaxReason::too_long, begin + kMaxDomainLabelOctets, "a domain label is longer than 63 octets");
  return size;
}

bool is_hex_digit(char c) { return base::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Standardized-tag = Ldh-str
bool is_tag(std::string_view text) {
  for (const char c : text)
    if (!base::is_alnum(c) && c != '-') return false;
  return !text.empty() && text.back() != '-';
}

// Counts the 16-bit groups of "a:b:c", an IPv4 address at the end counting as two; -1 if it is not that. No text at
// all is no group.
int count_groups(std::string_view text, bool may_end_in_ipv4) {
  if (text.empty()) return 0;
  int groups = 0;
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool is_last = colon == std::string_view::npos;
    if (is_last && may_end_in_ipv4 && is_ipv4_address(group)) return groups + 2;
    if (group.empty() || group.size() > 4) return -1;
    for (const char c : group)
      if (!is_hex_digit(c)) return -1;
    ++groups;
    if (is_last) return groups;
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

Result<std::string, SyntaxError> domain(Cursor& cursor, const GrammarOptions& options) {
  const std::size_t begin = cursor.at;
  do {
    if (const auto size = label(cursor, options); !size) return base::make_unexpected(size.error());
  } while (cursor.take('.'));
  if (options.enforce_limits && cursor.at - begin > kMaxDomainOctets)
    return fail(SyntaxReason::too_long, begin + kMaxDomainOctets, "the domain is longer than 255 octets");
  return std::string(cursor.since(begin));
}

Result<std::string, SyntaxError> address_literal(Cursor& cursor) {
  const std::size_t begin = cursor.at;
  if (!cursor.take('[')) return fail(SyntaxReason::bad_address_literal, begin, "an address literal begins with '['");
  while (!cursor.is_done() && cursor.peek() >= 33 && cursor.peek() <= 126 && cursor.peek() != '[' &&
         cursor.peek() != '\\' && cursor.peek() != ']')
    ++cursor.at;
  const std::string_view inner = cursor.since(begin + 1);
  if (!cursor.take(']'))
    return base::make_unexpected(
        unexpected_octet(cursor, SyntaxReason::bad_address_literal, "where an address literal must end with ']'"));
  const std::size_t colon = inner.find(':');
  if (colon == std::string_view::npos) {
    if (!is_ipv4_address(inner))
      return fail(SyntaxReason::bad_address_literal, begin + 1, "neither an IPv4 address nor a tag and ':'");
    return std::string(cursor.since(begin));
  }
  const std::string_view tag = inner.substr(0, colon);
  const std::string_view content = inner.substr(colon + 1);
  if (base::equals_ignoring_case(tag, "IPv6")) {
    if (!is_ipv6_address(content))
      return fail(SyntaxReason::bad_address_literal, begin + colon + 2, "not an IPv6 address");
  } else if (!is_tag(tag)) {
    return fail(SyntaxReason::bad_address_literal, begin + 1, "the tag of an address literal is malformed");
  } else if (content.empty()) {
    return fail(SyntaxReason::bad_address_literal, begin + colon + 2, "nothing follows the tag of the address literal");
  }
  return std::string(cursor.since(begin));
}

Result<std::string, SyntaxError> host(Cursor& cursor, const GrammarOptions& options) {
  return cursor.peek() == '[' ? address_literal(cursor) : domain(cursor, options);
}

}  // namespace grammar

bool is_ipv4_address(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3) return false;
    int value = 0;
    for (const char c : text.substr(0, end)) {
      if (!base::is_digit(c)) return false;
      value = value * 10 + (c - '0');
    }
    if (value > 255) return false;
    text.remove_prefix(part < 3 ? end + 1 : end);
  }
  return true;
}

bool is_ipv6_address(std::string_view text) {
  constexpr int kGroups = 8;
  // "::" stands for at least two groups (RFC 5321 §4.1.3), unlike in RFC 4291.
  constexpr int kMaxShownGroups = 6;
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return grammar::count_groups(text, true) == kGroups;
  const int before = grammar::count_groups(text.substr(0, gap), false);
  const int after = grammar::count_groups(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after <= kMaxShownGroups;
}

Result<std::string, SyntaxError> parse_domain(std::string_view text, const GrammarOptions& options) {
  grammar::Cursor cursor{text};
  auto found = grammar::domain(cursor, options);
  if (found && !cursor.is_done())
    return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_domain, "in a domain"));
  return found;
}

Result<std::string, SyntaxError> parse_address_literal(std::string_view text) {
  grammar::Cursor cursor{text};
  auto found = grammar::address_literal(cursor);
  if (found && !cursor.is_done())
    return grammar::fail(SyntaxReason::trailing_text, cursor.at, "text follows the address literal");
  return found;
}

}  // namespace smtpspec::wire
