// From a command line to its handler: what every command has in common.
#include <algorithm>

#include "harness/base/octets.h"
#include "harness/base/printable.h"
#include "harness/server/command_defects.h"
#include "harness/server/command_limits.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/session_implementation.h"
#include "harness/server/verb_defects.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {
namespace {

std::string_view without_trailing_blanks(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 32 || octet == 127;
  });
}

// RFC 6531 §3.2: where UTF-8 may stand at all.
bool takes_utf8(Verb verb) {
  return verb == Verb::mail || verb == Verb::rcpt || verb == Verb::vrfy || verb == Verb::expn;
}

// RFC 3030 §2: between the first chunk and the last, only these make sense.
bool is_allowed_between_chunks(Verb verb, const DefectSet& defects) {
  if (verb == Verb::data && defects.has(Defect::data_after_bdat_accepted)) return true;
  return verb == Verb::bdat || verb == Verb::rset || verb == Verb::noop || verb == Verb::quit || verb == Verb::ehlo ||
         verb == Verb::helo || verb == Verb::lhlo || verb == Verb::unknown || is_unimplemented(verb);
}

}  // namespace

const Session::Implementation::CommandRule Session::Implementation::kCommandRules[] = {
    {Verb::ehlo, &Implementation::ehlo, Needs::nothing, true},
    {Verb::helo, &Implementation::helo, Needs::nothing, true},
    {Verb::lhlo, &Implementation::lhlo, Needs::nothing, true},
    {Verb::mail, &Implementation::mail, Needs::argument, false},
    {Verb::rcpt, &Implementation::rcpt, Needs::argument, false},
    {Verb::data, &Implementation::data, Needs::no_argument, false},
    {Verb::bdat, &Implementation::bdat, Needs::argument, true},  // has octets to swallow before it may refuse
    {Verb::rset, &Implementation::rset, Needs::no_argument, true},
    {Verb::noop, &Implementation::noop, Needs::nothing, true},
    {Verb::quit, &Implementation::quit, Needs::no_argument, true},
    {Verb::vrfy, &Implementation::vrfy, Needs::argument, false},
    {Verb::expn, &Implementation::expn, Needs::argument, false},
    {Verb::help, &Implementation::help, Needs::nothing, true},
    {Verb::etrn, &Implementation::etrn, Needs::argument, false},
    {Verb::starttls, &Implementation::starttls, Needs::no_argument, true},
    {Verb::auth, &Implementation::auth, Needs::argument, true},
    {Verb::turn, &Implementation::unimplemented, Needs::nothing, true},
    {Verb::atrn, &Implementation::unimplemented, Needs::nothing, true},
    {Verb::send, &Implementation::unimplemented, Needs::nothing, true},
    {Verb::soml, &Implementation::unimplemented, Needs::nothing, true},
    {Verb::saml, &Implementation::unimplemented, Needs::nothing, true},
};

void Session::Implementation::obey(const CommandLine& line) {
  if (answered_early_) {
    answered_early_ = false;
    return;
  }
  previous_verb_ = verb_;
  if (!config_->defects.empty()) wake_defects();
  answered_ = Answered::command;
  verb_ = Verb::none;
  if (receives_content_as_commands_ && line.text == ".") return finish_data();
  if (line.octets > wire::kMaxCommandLineOctets && has(Defect::long_line_cut_into_commands)) {
    // A line that is too long only with its CRLF leaves an empty one.
    const std::size_t cut = std::min(line.text.size(), wire::kMaxCommandLineOctets);
    obey({line.text.substr(0, cut), wire::kMaxCommandLineOctets, false});
    return obey({line.text.substr(cut), line.octets - wire::kMaxCommandLineOctets, false});
  }
  std::string spaced;
  if (config_->defects.has(Defect::verb_without_space_accepted)) spaced = with_missing_space(line.text);
  const std::string_view whole = spaced.empty() ? line.text : spaced;
  const std::string_view text = without_trailing_blanks(whole);
  if (text.size() < whole.size() && has(Defect::trailing_space_refused)) {
    return answer(501, "5.5.2", "Space before the end of the line");
  }
  const std::size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  Command command{verb_from(word), space == std::string_view::npos ? std::string_view() : text.substr(space + 1)};
  if (!config_->defects.empty()) command.verb = with_verb_defects(command.verb, word, awake_);
  verb_ = command.verb;
  if (!config_->defects.empty() && spoils_line(line)) return;
  if (auto fault = line_fault(line, command)) {
    answer(std::move(*fault));
    if (line.octets > wire::kMaxCommandLineOctets && has(Defect::long_line_closes)) close();
    if (!config_->defects.empty()) suffer_aftermath(occasion_of(line, command));
    return;
  }
  if (config_->defects.empty()) return dispatch(command);
  dispatch_defectively(line, command);
}

std::optional<Reply> Session::Implementation::line_fault(const CommandLine& line, const Command& command) const {
  if (line.has_bare_line_ending) return Reply{500, "5.5.2", {"Syntax error, bare CR or LF in the command line"}};
  const std::size_t limit =
      defective_line_limit(line.text, command.verb, max_line_octets(command.verb, *config_), config_->defects);
  if (line.octets > limit) return Reply{500, "5.5.2", {"Line too long"}};
  if (base::is_printable(line.text)) return std::nullopt;
  if (has_non_ascii(line.text)) {
    const bool may_be_utf8 = offers_smtp_utf8(*config_) && takes_utf8(command.verb);
    if (!may_be_utf8 && !has(Defect::non_ascii_command_accepted)) {
      return Reply{500, "5.5.2", {"Syntax error - invalid character"}};
    }
  }
  // RFC 5321 §4.1.2; a path with such characters is left to the grammar, which says so in more detail.
  if (command.verb != Verb::unknown && has_control_character(command.argument) &&
      !has(Defect::control_character_accepted)) {
    return Reply{501, "5.5.2", {"Invalid character in the argument"}};
  }
  return std::nullopt;
}

bool Session::Implementation::is_implemented(Verb verb) const {
  const Extensions& on = config_->extensions;
  const bool is_lmtp = config_->role == Role::lmtp;
  if (verb == Verb::ehlo || verb == Verb::helo) return !is_lmtp || has(Defect::lmtp_answers_ehlo);
  if (verb == Verb::lhlo) return is_lmtp || has(Defect::lhlo_accepted_by_smtp);
  if (verb == Verb::bdat) return on.chunking && !has(Defect::chunking_advertised_but_refused);
  if (verb == Verb::etrn) return on.etrn && config_->role == Role::mx && !has(Defect::etrn_advertised_but_refused);
  if (verb == Verb::starttls) return on.starttls && !has(Defect::starttls_advertised_but_refused);
  if (verb == Verb::auth) return on.auth && !config_->users.empty() && !has(Defect::auth_advertised_but_refused);
  return verb != Verb::unknown;
}

void Session::Implementation::dispatch(const Command& command) {
  if (config_->refuses_service && command.verb != Verb::quit) return answer(sequence_error("no service here"));
  if (!is_implemented(command.verb)) return answer_unknown_command();
  if (!config_->defects.empty() && spoils_command(command)) return;
  if (client_name_.empty() && has(Defect::commands_need_ehlo) && command.verb != Verb::ehlo &&
      command.verb != Verb::helo && command.verb != Verb::lhlo && command.verb != Verb::quit) {
    return answer(503, "5.5.1", "Send EHLO first");
  }
  if (transaction_.has_chunks && !is_allowed_between_chunks(command.verb, config_->defects) &&
      !has(Defect::mail_between_chunks_accepted)) {
    return answer(503, "5.5.1", "Bad sequence of commands, BDAT is under way");
  }
  for (const CommandRule& rule : kCommandRules) {
    if (rule.verb != command.verb) continue;
    const bool is_closed_too =
        (command.verb == Verb::noop || command.verb == Verb::rset) && has(Defect::noop_and_rset_need_authentication);
    if (must_authenticate() && (!rule.open_to_all || is_closed_too)) {
      if (has(Defect::authentication_required_answered_550)) return answer(550, "5.7.1", "Access denied");
      return answer(530, "5.7.0", "Authentication required");
    }
    if (rule.needs == Needs::argument && command.argument.empty() && !tolerates_missing_argument(command.verb)) {
      return answer(501, "5.5.4", "Syntax error, argument required");
    }
    if (rule.needs == Needs::no_argument && !command.argument.empty() && !tolerates_argument(command.verb)) {
      answer(501, "5.5.4", "Syntax error, no argument allowed");
      if (!config_->defects.empty()) obey_in_spite_of_refusal(command.verb);
      return;
    }
    return (this->*rule.handle)(command.argument);
  }
}

bool Session::Implementation::tolerates_missing_argument(Verb verb) const {
  return (verb == Verb::vrfy && has(Defect::vrfy_without_argument_accepted)) ||
         (verb == Verb::expn && has(Defect::expn_without_argument_accepted)) ||
         (verb == Verb::etrn && has(Defect::etrn_without_argument_accepted));
}

bool Session::Implementation::tolerates_argument(Verb verb) const {
  return (verb == Verb::rset && has(Defect::rset_argument_accepted)) ||
         (verb == Verb::data && has(Defect::data_argument_accepted)) ||
         (verb == Verb::quit && has(Defect::quit_argument_accepted)) ||
         (verb == Verb::starttls && has(Defect::starttls_argument_accepted));
}

void Session::Implementation::answer_unknown_command() {
  verb_ = Verb::unknown;
  if (has(Defect::unknown_command_answered_250)) return answer(250, "2.0.0", "Ok");
  if (has(Defect::unknown_command_answered_502)) return answer(502, "5.5.1", "Command not implemented");
  if (has(Defect::unknown_command_not_answered)) return;
  if (has(Defect::unknown_command_resets_connection)) return vanish();
  if (has(Defect::unknown_command_clears_transaction)) reset_transaction();
  answer(500, "5.5.1", "Command not recognized");
  if (has(Defect::unknown_command_closes)) close();
  if (has(Defect::second_unknown_command_closes) && errors_ >= 2) close();
}

void Session::Implementation::unimplemented(std::string_view) {
  if (verb_ == Verb::turn && has(Defect::turn_swaps_roles)) {
    answer(250, "2.0.0", "Ok");
    mode_ = Mode::closed;
    return;
  }
  answer(502, "5.5.1", "Command not implemented");
}

void Session::Implementation::close() {
  mode_ = Mode::closed;
  out_.then = Then::close;
}

void Session::Implementation::answer_unfinished_line() {
  if (has(Defect::quit_before_line_end) && base::equals_ignoring_case(lines_.partial(), "QUIT")) {
    verb_ = Verb::quit;
    return quit({});
  }
  if (!has(Defect::reply_before_line_end) || answered_early_) return;
  if (!base::equals_ignoring_case(lines_.partial(), "NOOP")) return;
  answered_early_ = true;
  verb_ = Verb::noop;
  answer(250, "2.0.0", "Ok");
}

void Session::Implementation::spoil_pipeline() {
  if (reply_starts_.size() < 3) return;
  const std::size_t second = reply_starts_[1];
  const std::size_t third = reply_starts_[2];
  if (has(Defect::pipelining_loses_reply)) out_.octets.erase(second, third - second);
  if (has(Defect::pipelining_reorders_replies)) {
    std::rotate(out_.octets.begin(), out_.octets.begin() + static_cast<std::ptrdiff_t>(second),
                out_.octets.begin() + static_cast<std::ptrdiff_t>(third));
  }
}

}  // namespace smtpspec::server
