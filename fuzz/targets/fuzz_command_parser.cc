// wire/command.h and wire/path.h: what was read can be written and read again, errors lie within the text, and the
// authority on lines agrees with the parsers of arguments.
#include <string>

#include "fuzz/targets/target.h"
#include "harness/base/octets.h"
#include "harness/wire/command.h"

namespace smtpspec::fuzz {

namespace {

template <class Parsed>
void check_error(const Parsed& parsed, std::string_view text) {
  if (parsed) return;
  promise(parsed.error().offset <= text.size(), "an error lies within the text");
  promise(!parsed.error().message.empty(), "an error says what is wrong");
  promise(!wire::to_string(parsed.error().reason).empty(), "an error has a reason");
}

void check_path(const wire::Path& path, const wire::GrammarOptions& options) {
  if (path.mailbox.domain.empty()) return;  // <Postmaster>
  const std::string text = wire::to_string(path);
  const auto again = wire::parse_path(text, options);
  promise(again.has_value(), "a path that was read is a path when it is written");
  promise(*again == path, "… and the same one");
}

void check_line(std::string_view line, const wire::GrammarOptions& options) {
  const auto error = wire::check_command_line(line, options);
  if (error) promise(error->offset <= line.size(), "a line's error lies within the line");
  const wire::CommandLine command = wire::split_command(line);
  promise(line.starts_with(command.verb_text), "the verb begins the line");
  promise(command.verb_text.size() + command.has_argument + command.argument.size() == line.size(), "nothing is lost");
  promise(wire::parse_verb(base::to_lower(command.verb_text)) == command.verb, "a verb has no letter case");
  const std::string_view argument = command.argument;
  bool is_good = true;
  switch (command.verb) {
    case wire::Verb::mail: {
      const auto mail = wire::parse_mail(argument, options);
      check_error(mail, argument);
      if (mail && mail->reverse_path) check_path(*mail->reverse_path, options);
      is_good = mail.has_value();
      break;
    }
    case wire::Verb::rcpt: {
      const auto rcpt = wire::parse_rcpt(argument, options);
      check_error(rcpt, argument);
      if (rcpt) check_path(rcpt->forward_path, options);
      is_good = rcpt.has_value();
      break;
    }
    case wire::Verb::ehlo:
    case wire::Verb::lhlo: {
      const auto name = wire::parse_ehlo_argument(argument, options);
      check_error(name, argument);
      is_good = name.has_value();
      break;
    }
    case wire::Verb::bdat: {
      const auto chunk = wire::parse_bdat(argument);
      check_error(chunk, argument);
      if (chunk) {
        const std::string written = std::to_string(chunk->chunk_octets) + (chunk->is_last ? " LAST" : "");
        promise(wire::parse_bdat(written) == chunk, "a chunk is the same when it is written and read");
      }
      is_good = chunk.has_value();
      break;
    }
    case wire::Verb::auth: {
      const auto auth = wire::parse_auth(argument);
      check_error(auth, argument);
      is_good = auth.has_value();
      break;
    }
    case wire::Verb::helo:
    case wire::Verb::data:
    case wire::Verb::rset:
    case wire::Verb::vrfy:
    case wire::Verb::expn:
    case wire::Verb::help:
    case wire::Verb::noop:
    case wire::Verb::quit:
    case wire::Verb::starttls:
    case wire::Verb::etrn:
    case wire::Verb::turn:
    case wire::Verb::atrn:
    case wire::Verb::burl:
    case wire::Verb::unknown:
      return;
  }
  promise(error.has_value() != is_good, "a line is a command if and only if its argument is one");
}

}  // namespace

void fuzz_command_parser(std::string_view octets) {
  while (!octets.empty()) {
    const std::size_t end = octets.find('\n');
    const std::string_view line = octets.substr(0, end);
    octets.remove_prefix(end == std::string_view::npos ? octets.size() : end + 1);
    for (const bool allow_utf8 : {false, true})
      for (const bool enforce_limits : {false, true})
        check_line(line, {.allow_utf8 = allow_utf8, .enforce_limits = enforce_limits});
    check_error(wire::parse_path(line), line);
    check_error(wire::parse_mailbox(line), line);
    check_error(wire::parse_domain(line), line);
    check_error(wire::parse_address_literal(line), line);
    check_error(wire::parse_vrfy(line), line);
    check_error(wire::parse_etrn(line), line);
    check_error(wire::parse_local_part(line), line);
    if (const auto strict = wire::parse_mailbox(line))
      promise(wire::parse_mailbox(line, {.allow_utf8 = true}) == strict, "UTF-8 only adds mailboxes");
  }
}

}  // namespace smtpspec::fuzz
