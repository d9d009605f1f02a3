// Is a whole line a command? One check for each verb's argument, over the parsers of command.h.
#include "harness/base/octets.h"
#include "harness/wire/command.h"
#include "harness/wire/grammar.h"

namespace smtpspec::wire {
namespace {

using grammar::Cursor;

// `parsed` as an error whose offset counts from the line's start.
template <class T>
std::optional<SyntaxError> error_of(const Result<T, SyntaxError>& parsed, std::size_t argument_begin) {
  if (parsed) return std::nullopt;
  SyntaxError error = parsed.error();
  error.offset += argument_begin;
  return error;
}

// atrn = "ATRN" [SP domain *("," domain)], RFC 2645 §5.2.1
Result<bool, SyntaxError> check_atrn(std::string_view argument) {
  Cursor cursor{argument};
  do {
    if (const auto domain = grammar::domain(cursor, {}); !domain) return base::make_unexpected(domain.error());
  } while (cursor.take(','));
  if (!cursor.is_done())
    return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_domain, "in a list of domains"));
  return true;
}

// burl-cmd = "BURL" SP absolute-URI [SP "LAST"], RFC 4468 §4. Of the URI, its scheme and its octets.
Result<bool, SyntaxError> check_burl(std::string_view argument) {
  Cursor cursor{argument};
  const auto is_scheme = [&](char c) { return base::is_alnum(c) || c == '+' || c == '.' || c == '-'; };
  while (cursor.at == 0 ? base::is_alpha(cursor.peek()) : is_scheme(cursor.peek())) ++cursor.at;
  if (cursor.at == 0 || !cursor.take(':'))
    return grammar::fail(SyntaxReason::bad_url, cursor.at, "an absolute URI begins with a scheme and ':'");
  const std::size_t begin = cursor.at;
  while (cursor.peek() >= 33 && cursor.peek() <= 126) ++cursor.at;
  if (cursor.at == begin || (!cursor.is_done() && cursor.peek() != ' '))
    return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_url, "in a URI"));
  if (!cursor.is_done() && !base::equals_ignoring_case(cursor.rest(), " LAST"))
    return grammar::fail(SyntaxReason::trailing_text, cursor.at, "only LAST may follow the URI");
  return true;
}

std::optional<SyntaxError> check_unknown(const CommandLine& command, std::string_view line,
                                         const GrammarOptions& options) {
  for (Cursor cursor{line, command.verb_text.size()}; !cursor.is_done(); ++cursor.at) {
    const auto octet = static_cast<unsigned char>(cursor.peek());
    if ((octet >= 32 && octet <= 126) || (octet >= 0x80 && options.allow_utf8 && is_utf8(line))) continue;
    return grammar::unexpected_octet(cursor, SyntaxReason::bad_string, "in a command");
  }
  return std::nullopt;
}

bool takes_no_argument(Verb verb) {
  return verb == Verb::data || verb == Verb::rset || verb == Verb::quit || verb == Verb::starttls || verb == Verb::turn;
}

bool needs_no_argument(Verb verb) {
  return takes_no_argument(verb) || verb == Verb::help || verb == Verb::noop || verb == Verb::atrn ||
         verb == Verb::unknown;
}

std::optional<SyntaxError> check_argument(const CommandLine& command, std::string_view line,
                                          const GrammarOptions& options) {
  const std::string_view argument = command.argument;
  const std::size_t begin = command.verb_text.size() + 1;
  switch (command.verb) {
    case Verb::helo:
      return error_of(parse_helo_argument(argument, options), begin);
    case Verb::ehlo:
    case Verb::lhlo:
      return error_of(parse_ehlo_argument(argument, options), begin);
    case Verb::mail:
      return error_of(parse_mail(argument, options), begin);
    case Verb::rcpt:
      return error_of(parse_rcpt(argument, options), begin);
    case Verb::vrfy:
    case Verb::expn:
      return error_of(parse_vrfy(argument, options), begin);
    case Verb::help:
    case Verb::noop:
      return error_of(parse_string(argument, options), begin);
    case Verb::auth:
      return error_of(parse_auth(argument), begin);
    case Verb::bdat:
      return error_of(parse_bdat(argument), begin);
    case Verb::etrn:
      return error_of(parse_etrn(argument), begin);
    case Verb::atrn:
      return error_of(check_atrn(argument), begin);
    case Verb::burl:
      return error_of(check_burl(argument), begin);
    case Verb::data:
    case Verb::rset:
    case Verb::quit:
    case Verb::starttls:
    case Verb::turn:
      return SyntaxError{begin, std::string(to_string(command.verb)) + " takes no argument",
                         SyntaxReason::unexpected_argument};
    case Verb::unknown:
      return check_unknown(command, line, options);
  }
  return std::nullopt;
}

}  // namespace

std::optional<SyntaxError> check_command_line(std::string_view line, const GrammarOptions& options) {
  const CommandLine command = split_command(line);
  Cursor cursor{line};
  while (base::is_alpha(cursor.peek())) ++cursor.at;
  if (command.verb_text.empty()) return SyntaxError{0, "a command begins with a verb", SyntaxReason::bad_verb};
  if (cursor.at != command.verb_text.size())
    return grammar::unexpected_octet(cursor, SyntaxReason::bad_verb, "in a verb");
  if (!command.has_argument) {
    if (needs_no_argument(command.verb)) return std::nullopt;
    return SyntaxError{line.size(), std::string(to_string(command.verb)) + " takes an argument",
                       SyntaxReason::missing_argument};
  }
  if (command.argument.find_first_not_of(' ') == std::string_view::npos) {
    if (needs_no_argument(command.verb))
      return SyntaxError{cursor.at, "a space ends the line", SyntaxReason::trailing_space};
    return SyntaxError{line.size(), std::string(to_string(command.verb)) + " takes an argument",
                       SyntaxReason::missing_argument};
  }
  if (command.argument.starts_with(' ') && command.verb != Verb::unknown && !takes_no_argument(command.verb))
    return SyntaxError{cursor.at + 1, "one space separates the verb from its argument", SyntaxReason::extra_space};
  return check_argument(command, line, options);
}

}  // namespace smtpspec::wire
