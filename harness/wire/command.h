// Command lines: RFC 5321 §4.1.1 and the verbs of its extensions. The linter's authority on what is well-formed, and
// the reference server's parser. Lines and arguments come without CRLF; error offsets count into the text given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/path.h"
#include "harness/wire/syntax.h"

namespace smtpspec::wire {

enum class Verb {
  helo,
  ehlo,
  lhlo,  // RFC 2033
  mail,
  rcpt,
  data,
  rset,
  vrfy,
  expn,
  help,
  noop,
  quit,
  starttls,  // RFC 3207
  auth,      // RFC 4954
  bdat,      // RFC 3030
  etrn,      // RFC 1985
  turn,      // RFC 821, obsolete
  atrn,      // RFC 2645
  burl,      // RFC 4468
  unknown,
};
// "MAIL"; "unknown".
std::string_view to_string(Verb verb);
// In any letter case.
Verb parse_verb(std::string_view word);

// Views into the line that was given.
struct CommandLine {
  Verb verb = Verb::unknown;
  std::string_view verb_text;  // up to the first SP
  std::string_view argument;   // behind it, every octet
  bool has_argument = false;   // there was an SP
};
CommandLine split_command(std::string_view line);

struct MailCommand {
  std::optional<Path> reverse_path;  // none: "<>"
  std::vector<Parameter> parameters;
  bool operator==(const MailCommand&) const = default;
};
struct RcptCommand {
  Path forward_path;  // "<Postmaster>" has no domain
  std::vector<Parameter> parameters;
  bool operator==(const RcptCommand&) const = default;
};
struct BdatCommand {
  std::uint64_t chunk_octets = 0;
  bool is_last = false;
  bool operator==(const BdatCommand&) const = default;
};
struct AuthCommand {
  std::string mechanism;                        // as written
  std::optional<std::string> initial_response;  // still in base64; "=" is an empty one
  bool operator==(const AuthCommand&) const = default;
};

// "FROM:<...> ..." and "TO:<...> ...".
Result<MailCommand, SyntaxError> parse_mail(std::string_view argument, const GrammarOptions& options = {});
Result<RcptCommand, SyntaxError> parse_rcpt(std::string_view argument, const GrammarOptions& options = {});
// Domain or address-literal, for LHLO too. ASCII only (RFC 6531 §3.7.1).
Result<std::string, SyntaxError> parse_ehlo_argument(std::string_view argument, const GrammarOptions& options = {});
// Domain only.
Result<std::string, SyntaxError> parse_helo_argument(std::string_view argument, const GrammarOptions& options = {});
Result<BdatCommand, SyntaxError> parse_bdat(std::string_view argument);
Result<AuthCommand, SyntaxError> parse_auth(std::string_view argument);
// A node name, "@" and a domain, or "#" and a queue name (RFC 1985 §5). Gives the argument.
Result<std::string, SyntaxError> parse_etrn(std::string_view argument);
// VRFY and EXPN. The ABNF has String; §3.5.1 and the examples also name "user@domain", so a Local-part and a Mailbox
// are taken too. With allow_utf8 a last " SMTPUTF8" may follow (RFC 6531 §3.7.4.2). Gives the argument without it.
Result<std::string, SyntaxError> parse_vrfy(std::string_view argument, const GrammarOptions& options = {});

// Why `line` is not a command by the grammar, or nothing if it is one. A line of an unknown, alphabetic verb and
// printable ASCII behind it is a command: nobody can know its grammar (Verb::unknown tells).
std::optional<SyntaxError> check_command_line(std::string_view line, const GrammarOptions& options = {});

// A base64 text by the grammar of RFC 4954 §8, padding included.
bool is_base64(std::string_view text);

}  // namespace smtpspec::wire
