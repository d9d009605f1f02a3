// What a session with defects does where a conforming one would greet or obey (the tables are in command_defects.cc).
#include <utility>

#include "harness/server/command_defects.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {

// The connection is reset, or is open and dead, or is greeted later: true if the greeting must not come now.
bool Session::Implementation::opens_defectively() {
  const bool is_simultaneous = info_.other_sessions > 0;
  owes_greeting_ = has(Defect::greeting_waits_for_client);
  const bool is_closed =
      has(Defect::greeting_closes) || (is_simultaneous && has(Defect::simultaneous_connection_closed));
  const bool is_dead = is_simultaneous && has(Defect::simultaneous_connection_not_greeted);
  if (std::exchange(environment_->memory.resets_next_session, false)) vanish();
  if (has(Defect::next_connection_reset)) vanish();
  if (is_closed) close();
  if (is_dead) mode_ = Mode::closed;
  return owes_greeting_ || mode_ == Mode::closed;
}

Occasion Session::Implementation::occasion_of(const CommandLine& line, const Command& command) const {
  const bool has_null_sender = transaction_.is_open && transaction_.sender.reverse_path.empty();
  const bool is_repeated = !refused_line_.empty() && line.text == refused_line_;
  return {command.verb,          command.argument, line.text,       previous_verb_,      is_repeated,
          !client_name_.empty(), extended_,        has_null_sender, info_.other_sessions};
}

void Session::Implementation::dispatch_defectively(const CommandLine& line, const Command& command) {
  const Occasion occasion = occasion_of(line, command);
  if (const Interception* interception = interception_of(occasion, awake_)) {
    // A command that was not heard of is no command before the next one.
    if (interception->code == 0) verb_ = Verb::none;
    if (interception->code != 0) {
      const std::string enhanced = std::to_string(interception->code / 100) + ".0.0";
      answer(interception->code, enhanced, std::string(interception_text(interception->code)));
    }
    if (interception->closes) close();
    return;
  }
  last_code_ = 0;
  suffer_other_sessions();
  dispatch(command);
  spoil_buffers(command);
  if (command.argument.starts_with(' ') && has(Defect::double_space_answered_twice)) dispatch(command);
  refused_line_ = last_code_ >= 500 ? line.text : "";
  suffer_aftermath(occasion);
}

// Of the latest reply.
void Session::Implementation::suffer_aftermath(const Occasion& occasion) {
  std::vector<AcceptedRecipient>& recipients = transaction_.recipients;
  switch (aftermath_of(occasion, last_code_, config_->defects)) {
    case Aftermath::none:
      break;
    case Aftermath::clears_transaction:
      reset_transaction();
      break;
    case Aftermath::drops_recipients:
      recipients.clear();
      break;
    case Aftermath::keeps_first_recipient:
      if (recipients.size() > 1) recipients.resize(1);
      break;
    case Aftermath::drops_last_recipient:
      if (recipients.size() > 1) recipients.pop_back();
      break;
    case Aftermath::closes:
      close();
      break;
  }
}

// A refusal that refuses nothing.
void Session::Implementation::obey_in_spite_of_refusal(Verb verb) {
  if (verb == Verb::rset && has(Defect::refused_rset_resets)) reset_transaction();
  if (verb == Verb::quit && has(Defect::refused_quit_closes)) close();
  if (verb == Verb::data && !transaction_.recipients.empty() && has(Defect::refused_data_waits_for_message)) {
    data_.start(message_limit());
    mode_ = Mode::data;
  }
}

// At the beginning of a session, and at each command.
void Session::Implementation::wake_defects() {
  if (!config_->has_dormant_defects) {
    awake_ = config_->defects;
    return;
  }
  awake_ = awake_defects(config_->defects, {follows_unnamed_session_, previous_verb_ == Verb::noop,
                                            !client_name_.empty(), info_.is_tls, mails_, resets_, messages_});
}

// The connection is aborted without a word.
void Session::Implementation::vanish() {
  mode_ = Mode::closed;
  out_.then = Then::reset;
}

}  // namespace smtpspec::server
