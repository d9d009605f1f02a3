#include "harness/wire/command.h"

#include <limits>
#include <utility>

#include "harness/base/octets.h"
#include "harness/base/short_word.h"
#include "harness/wire/grammar.h"

namespace smtpspec::wire {
namespace {

using grammar::Cursor;
using grammar::fail;

struct VerbName {
  Verb verb;
  std::string_view name;
  std::uint64_t word;

  constexpr VerbName(Verb is, std::string_view named) : verb(is), name(named), word(base::short_word(named)) {}
};

constexpr VerbName kVerbNames[] = {
    {Verb::helo, "HELO"},         {Verb::ehlo, "EHLO"}, {Verb::lhlo, "LHLO"}, {Verb::mail, "MAIL"},
    {Verb::rcpt, "RCPT"},         {Verb::data, "DATA"}, {Verb::rset, "RSET"}, {Verb::vrfy, "VRFY"},
    {Verb::expn, "EXPN"},         {Verb::help, "HELP"}, {Verb::noop, "NOOP"}, {Verb::quit, "QUIT"},
    {Verb::starttls, "STARTTLS"}, {Verb::auth, "AUTH"}, {Verb::bdat, "BDAT"}, {Verb::etrn, "ETRN"},
    {Verb::turn, "TURN"},         {Verb::atrn, "ATRN"}, {Verb::burl, "BURL"},
};

// "FROM:" or "TO:", and an SP behind it is the commonest of all malformations.
std::optional<SyntaxError> clause(Cursor& cursor, std::string_view keyword) {
  if (cursor.peek() == ' ')
    return SyntaxError{0, "one space separates the verb from its argument", SyntaxReason::extra_space};
  if (!base::starts_with_ignoring_case(cursor.rest(), keyword))
    return SyntaxError{0, "the argument begins with " + std::string(keyword), SyntaxReason::bad_clause};
  cursor.at += keyword.size();
  if (cursor.peek() == ' ')
    return SyntaxError{cursor.at, "no space follows " + std::string(keyword), SyntaxReason::extra_space};
  return std::nullopt;
}

// An optional last " LAST" or " SMTPUTF8".
Result<bool, SyntaxError> last_word(Cursor& cursor, std::string_view word, SyntaxReason reason) {
  if (cursor.is_done()) return false;
  if (!cursor.take(' ')) return base::make_unexpected(grammar::unexpected_octet(cursor, reason, "here"));
  if (cursor.is_done()) return fail(SyntaxReason::trailing_space, cursor.at - 1, "a space ends the line");
  if (!base::equals_ignoring_case(cursor.rest(), word))
    return fail(SyntaxReason::trailing_text, cursor.at, "only " + std::string(word) + " may follow");
  cursor.at = cursor.text.size();
  return true;
}

bool is_base64_octet(char c) { return base::is_alnum(c) || c == '+' || c == '/'; }

}  // namespace

std::string_view to_string(Verb verb) {
  for (const VerbName& known : kVerbNames)
    if (known.verb == verb) return known.name;
  return "unknown";
}

Verb parse_verb(std::string_view word) {
  const std::uint64_t wanted = base::short_word(word);
  for (const VerbName& known : kVerbNames)
    if (known.word == wanted) return known.verb;
  return Verb::unknown;
}

CommandLine split_command(std::string_view line) {
  CommandLine out;
  const std::size_t space = line.find(' ');
  out.verb_text = line.substr(0, space);
  out.verb = parse_verb(out.verb_text);
  out.has_argument = space != std::string_view::npos;
  if (out.has_argument) out.argument = line.substr(space + 1);
  return out;
}

Result<MailCommand, SyntaxError> parse_mail(std::string_view argument, const GrammarOptions& options) {
  Cursor cursor{argument};
  if (auto error = clause(cursor, "FROM:")) return base::make_unexpected(std::move(*error));
  MailCommand out;
  if (cursor.rest().starts_with("<>")) {
    cursor.at += 2;
  } else {
    auto path = grammar::path(cursor, options);
    if (!path) return base::make_unexpected(path.error());
    out.reverse_path = std::move(*path);
  }
  auto parameters = grammar::parameters(cursor, options);
  if (!parameters) return base::make_unexpected(parameters.error());
  out.parameters = std::move(*parameters);
  return out;
}

Result<RcptCommand, SyntaxError> parse_rcpt(std::string_view argument, const GrammarOptions& options) {
  constexpr std::string_view kPostmaster = "<Postmaster>";
  Cursor cursor{argument};
  if (auto error = clause(cursor, "TO:")) return base::make_unexpected(std::move(*error));
  RcptCommand out;
  if (base::starts_with_ignoring_case(cursor.rest(), kPostmaster)) {
    out.forward_path.mailbox.local_part = cursor.rest().substr(1, kPostmaster.size() - 2);
    out.forward_path.mailbox.canonical = out.forward_path.mailbox.local_part;
    cursor.at += kPostmaster.size();
  } else {
    auto path = grammar::path(cursor, options);
    if (!path) return base::make_unexpected(path.error());
    out.forward_path = std::move(*path);
  }
  auto parameters = grammar::parameters(cursor, options);
  if (!parameters) return base::make_unexpected(parameters.error());
  out.parameters = std::move(*parameters);
  return out;
}

Result<std::string, SyntaxError> parse_ehlo_argument(std::string_view argument, const GrammarOptions& options) {
  GrammarOptions ascii = options;
  ascii.allow_utf8 = false;
  Cursor cursor{argument};
  auto found = grammar::host(cursor, ascii);
  if (!found || cursor.is_done()) return found;
  if (cursor.rest().find_first_not_of(' ') == std::string_view::npos)
    return fail(SyntaxReason::trailing_space, cursor.at, "a space ends the line");
  const bool is_literal = found->front() == '[';
  if (is_literal || cursor.peek() == ' ')
    return fail(SyntaxReason::trailing_text, cursor.at, "text follows the client's name");
  return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_domain, "in a domain"));
}

Result<std::string, SyntaxError> parse_helo_argument(std::string_view argument, const GrammarOptions& options) {
  if (argument.starts_with('['))
    return fail(SyntaxReason::bad_domain, 0, "HELO takes a domain; only EHLO takes an address literal");
  return parse_ehlo_argument(argument, options);
}

Result<BdatCommand, SyntaxError> parse_bdat(std::string_view argument) {
  Cursor cursor{argument};
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  BdatCommand out;
  while (base::is_digit(cursor.peek())) {
    const auto digit = static_cast<std::uint64_t>(cursor.peek() - '0');
    out.chunk_octets = out.chunk_octets > (kMost - digit) / 10 ? kMost : out.chunk_octets * 10 + digit;
    ++cursor.at;
  }
  if (cursor.at == 0)
    return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_number, "where a size must be"));
  const auto is_last = last_word(cursor, "LAST", SyntaxReason::bad_number);
  if (!is_last) return base::make_unexpected(is_last.error());
  out.is_last = *is_last;
  return out;
}

Result<AuthCommand, SyntaxError> parse_auth(std::string_view argument) {
  Cursor cursor{argument};
  while (base::is_alnum(cursor.peek()) || cursor.peek() == '-' || cursor.peek() == '_') ++cursor.at;
  AuthCommand out{std::string(cursor.since(0)), std::nullopt};
  if (cursor.at == 0 || (!cursor.is_done() && cursor.peek() != ' '))
    return base::make_unexpected(
        grammar::unexpected_octet(cursor, SyntaxReason::bad_mechanism, "in the name of a mechanism"));
  if (cursor.at > kMaxMechanismOctets)
    return fail(SyntaxReason::bad_mechanism, kMaxMechanismOctets, "the name of a mechanism is longer than 20 octets");
  if (!cursor.take(' ')) return out;
  if (cursor.is_done()) return fail(SyntaxReason::trailing_space, cursor.at - 1, "a space ends the line");
  if (cursor.rest() != "=" && !is_base64(cursor.rest()))
    return fail(SyntaxReason::bad_base64, cursor.at, "the initial response is neither base64 nor '='");
  out.initial_response = std::string(cursor.rest());
  return out;
}

Result<std::string, SyntaxError> parse_etrn(std::string_view argument) {
  Cursor cursor{argument};
  if (cursor.take('#')) {
    while (cursor.peek() >= 33 && cursor.peek() <= 126) ++cursor.at;
    if (cursor.at == 1 || !cursor.is_done())
      return base::make_unexpected(
          grammar::unexpected_octet(cursor, SyntaxReason::bad_string, "in the name of a queue"));
    return std::string(argument);
  }
  cursor.take('@');
  auto found = grammar::domain(cursor, {});
  if (!found) return found;
  if (!cursor.is_done())
    return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_domain, "in a domain"));
  return std::string(argument);
}

Result<std::string, SyntaxError> parse_vrfy(std::string_view argument, const GrammarOptions& options) {
  Cursor cursor{argument};
  if (auto local = grammar::local_part(cursor, options); !local) return base::make_unexpected(local.error());
  if (cursor.take('@')) {
    if (auto where = grammar::host(cursor, options); !where) return where;
  }
  const std::string name(cursor.since(0));
  if (options.allow_utf8) {
    const auto has_word = last_word(cursor, "SMTPUTF8", SyntaxReason::bad_string);
    if (!has_word) return base::make_unexpected(has_word.error());
  }
  if (cursor.is_done()) return name;
  if (cursor.rest().find_first_not_of(' ') == std::string_view::npos)
    return fail(SyntaxReason::trailing_space, cursor.at, "a space ends the line");
  return base::make_unexpected(grammar::unexpected_octet(cursor, SyntaxReason::bad_string, "behind a word"));
}

bool is_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  for (const char c : text)
    if (!is_base64_octet(c)) return false;
  return true;
}

}  // namespace smtpspec::wire
