#include "harness/wire/path.h"

#include "harness/base/octets.h"
#include "harness/wire/grammar.h"

namespace smtpspec::wire {
namespace grammar {

Result<Mailbox, SyntaxError> mailbox(Cursor& cursor, const GrammarOptions& options) {
  auto local = local_part(cursor, options);
  if (!local) return base::make_unexpected(local.error());
  if (!cursor.take('@')) {
    if (cursor.is_done() || cursor.peek() == '>')
      return fail(SyntaxReason::missing_domain, cursor.at, "the mailbox has no '@' and domain");
    return base::make_unexpected(unexpected_octet(cursor, SyntaxReason::bad_local_part, "in a local part"));
  }
  const bool is_literal = cursor.peek() == '[';
  auto where = host(cursor, options);
  if (!where) return base::make_unexpected(where.error());
  return Mailbox{std::move(local->as_written), std::move(local->canonical), std::move(*where), is_literal};
}

Result<Path, SyntaxError> path(Cursor& cursor, const GrammarOptions& options) {
  const std::size_t begin = cursor.at;
  if (!cursor.take('<')) return fail(SyntaxReason::missing_open_bracket, begin, "a path begins with '<'");
  if (cursor.peek() == '>') return fail(SyntaxReason::null_path, begin, "only a reverse-path may be null");
  Path out;
  if (cursor.peek() == '@') {
    do {
      if (!cursor.take('@'))
        return fail(SyntaxReason::bad_source_route, cursor.at, "each domain of a source route begins with '@'");
      auto hop = domain(cursor, options);
      if (!hop) return base::make_unexpected(hop.error());
      out.source_route.push_back(std::move(*hop));
    } while (cursor.take(','));
    if (!cursor.take(':'))
      return fail(SyntaxReason::bad_source_route, cursor.at, "a source route ends with ':' and a mailbox follows");
  }
  auto found = mailbox(cursor, options);
  if (!found) return base::make_unexpected(found.error());
  out.mailbox = std::move(*found);
  if (!cursor.take('>')) {
    if (cursor.is_done() || cursor.peek() == ' ')
      return fail(SyntaxReason::missing_close_bracket, cursor.at, "a path ends with '>'");
    const auto reason = out.mailbox.is_literal ? SyntaxReason::missing_close_bracket : SyntaxReason::bad_domain;
    return base::make_unexpected(
        unexpected_octet(cursor, reason, out.mailbox.is_literal ? "behind an address literal" : "in a domain"));
  }
  if (options.enforce_limits && cursor.at - begin > kMaxPathOctets)
    return fail(SyntaxReason::too_long, begin + kMaxPathOctets, "the path is longer than 256 octets");
  return out;
}

Result<std::vector<Parameter>, SyntaxError> parameters(Cursor& cursor, const GrammarOptions& options) {
  std::vector<Parameter> out;
  while (!cursor.is_done()) {
    if (!cursor.take(' '))
      return base::make_unexpected(
          unexpected_octet(cursor, SyntaxReason::trailing_text, "where SP or the end must be"));
    if (cursor.is_done()) return fail(SyntaxReason::trailing_space, cursor.at - 1, "a space ends the line");
    if (cursor.peek() == ' ') return fail(SyntaxReason::extra_space, cursor.at, "one space separates parameters");
    const std::size_t begin = cursor.at;
    while (base::is_alnum(cursor.peek()) || (cursor.peek() == '-' && cursor.at > begin)) ++cursor.at;
    Parameter parameter{std::string(cursor.since(begin)), std::nullopt};
    if (cursor.at == begin || (!cursor.is_done() && cursor.peek() != ' ' && cursor.peek() != '='))
      return base::make_unexpected(
          unexpected_octet(cursor, SyntaxReason::bad_parameter, "in the keyword of a parameter"));
    if (cursor.take('=')) {
      const std::size_t value = cursor.at;
      while (!cursor.is_done() && cursor.peek() != ' ') {
        const bool is_value = cursor.peek() >= 33 && cursor.peek() <= 126 && cursor.peek() != '=';
        const std::size_t octets = is_value ? 1 : options.allow_utf8 ? utf8_sequence_octets(cursor.rest()) : 0;
        if (octets == 0)
          return base::make_unexpected(
              unexpected_octet(cursor, SyntaxReason::bad_parameter, "in the value of a parameter"));
        cursor.at += octets;
      }
      if (cursor.at == value)
        return fail(SyntaxReason::bad_parameter, value, "the value of a parameter is missing behind '='");
      parameter.value = std::string(cursor.since(value));
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

}  // namespace grammar

std::string to_string(const Mailbox& mailbox) {
  return mailbox.domain.empty() ? mailbox.local_part : mailbox.local_part + "@" + mailbox.domain;
}

std::string to_string(const Path& path) {
  std::string out = "<";
  for (const auto& hop : path.source_route) {
    if (out.size() > 1) out += ',';
    out += '@';
    out += hop;
  }
  if (!path.source_route.empty()) out += ':';
  out += to_string(path.mailbox);
  out += '>';
  return out;
}

Result<Mailbox, SyntaxError> parse_mailbox(std::string_view text, const GrammarOptions& options) {
  grammar::Cursor cursor{text};
  auto found = grammar::mailbox(cursor, options);
  if (found && !cursor.is_done())
    return base::make_unexpected(grammar::unexpected_octet(
        cursor, found->is_literal ? SyntaxReason::trailing_text : SyntaxReason::bad_domain, "behind a mailbox"));
  return found;
}

Result<Path, SyntaxError> parse_path(std::string_view text, const GrammarOptions& options) {
  grammar::Cursor cursor{text};
  auto found = grammar::path(cursor, options);
  if (found && !cursor.is_done()) return grammar::fail(SyntaxReason::trailing_text, cursor.at, "text follows the path");
  return found;
}

bool is_keyword(std::string_view text) {
  for (const char c : text)
    if (!base::is_alnum(c) && c != '-') return false;
  return !text.empty() && text.front() != '-';
}

}  // namespace smtpspec::wire
