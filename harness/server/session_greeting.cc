// Opening and closing a session: greeting, EHLO, HELO, LHLO, RSET, NOOP, QUIT, STARTTLS (RFC 5321 §3.1, §3.2, §4.1.1).
#include <iterator>
#include <utility>
#include <vector>

#include "harness/base/octets.h"
#include "harness/server/client_name_defects.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/extension_list.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {

Output Session::Implementation::start() {
  serial_ = ++environment_->memory.sessions_started;
  follows_unnamed_session_ = std::exchange(environment_->memory.was_last_session_unnamed, false);
  if (!config_->defects.empty()) wake_defects();
  if (!config_->defects.empty() && refuses_session()) return take_output();
  if (has(Defect::transaction_leaks_into_next_session)) {
    for (Recipient& recipient : std::exchange(environment_->memory.abandoned, Envelope{}).recipients) {
      Resolution resolution = directory_.resolve_local_name(recipient.mailbox_key);
      kept_recipients_.push_back({std::move(recipient), std::move(resolution)});
    }
  }
  if (opens_defectively()) return take_output();
  greet();
  return take_output();
}

std::string Session::Implementation::name_in_replies() const {
  if (has(Defect::greeting_with_unqualified_name)) return config_->host_name.substr(0, config_->host_name.find('.'));
  return config_->host_name;
}

void Session::Implementation::greet() {
  verb_ = Verb::none;
  std::string line = name_in_replies();
  if (!config_->greeting_text.empty()) (line += ' ') += config_->greeting_text;
  Reply greeting = one_line(220, "", std::move(line));
  if (config_->refuses_service) greeting = {554, "", {name_in_replies() + " No SMTP service here"}};
  if (has(Defect::greeting_answers_250)) greeting.code = 250;
  if (has(Defect::greeting_without_domain)) greeting.lines = {"*** SMTP service ready ***"};
  if (has(Defect::greeting_with_enhanced_code)) greeting.enhanced = "2.0.0";
  if (has(Defect::greeting_with_non_ascii_text)) greeting.lines.back() += " caf\xc3\xa9";
  if (has(Defect::greeting_with_name_behind_text)) greeting.lines = {"ESMTP server " + config_->host_name};
  if (has(Defect::greeting_with_underscore_in_domain)) greeting.lines = {"smtp_" + greeting.lines.front()};
  if (has(Defect::greeting_sent_twice)) answer(greeting);
  answer(std::move(greeting));
}

void Session::Implementation::ehlo(std::string_view argument) { greet_client(argument, true); }
void Session::Implementation::lhlo(std::string_view argument) {
  greet_client(argument, !has(Defect::lhlo_answered_without_extensions));
}
void Session::Implementation::helo(std::string_view argument) {
  if (has(Defect::helo_refused)) return answer(502, "", "Command not implemented");
  greet_client(argument, false);
}

void Session::Implementation::greet_client(std::string_view argument, bool extended) {
  std::optional<std::string> name = read_client_name(argument, extended);
  if (name && refuses_client_name(*name, config_->defects)) name.reset();
  if (!name && !argument.empty() && has(Defect::ehlo_accepts_any_name)) name = "unknown.invalid";
  if (!name && argument.empty() && has(Defect::ehlo_without_argument_accepted)) name = "unknown.invalid";
  if (!name) {
    if (has(Defect::refused_ehlo_clears_transaction)) reset_transaction();
    if (has(Defect::refused_ehlo_forgets_client)) client_name_.clear();
    return answer(501, "", argument.empty() ? "Syntax error, domain required" : "Syntax error, not a domain name");
  }
  const bool is_same = extended && client_name_ == *name && has(Defect::same_ehlo_keeps_transaction);
  client_name_ = std::move(*name);
  if (first_client_name_.empty()) first_client_name_ = client_name_;
  extended_ = extended;
  if (has(extended ? Defect::ehlo_keeps_recipients : Defect::helo_keeps_recipients)) {
    kept_recipients_ = std::move(transaction_.recipients);
  }
  const bool keeps = extended ? has(Defect::ehlo_keeps_transaction) : has(Defect::helo_keeps_transaction);
  if (!keeps && !is_same && !(extended && !config_->defects.empty() && keeps_sender_over_ehlo())) reset_transaction();
  if (extended && kept_transaction_) transaction_ = *std::exchange(kept_transaction_, std::nullopt);
  if (greetings_ > 0 && has(Defect::second_ehlo_forgets_authentication)) user_.clear();
  const bool lists = has(Defect::helo_answers_with_extensions) ||
                     (greetings_ > 0 && has(Defect::helo_after_ehlo_answers_with_extensions));
  const std::string label = has(Defect::ehlo_reply_with_underscore_in_domain) ? "smtp_" : "";
  if (extended || lists) {
    answer_extended_greeting();
  } else if (has(Defect::helo_lists_one_extension)) {
    answer({250, "", {name_in_replies(), "8BITMIME"}});
  } else {
    answer(250, "", label + name_in_replies());
  }
  ++greetings_;
}

void Session::Implementation::answer_extended_greeting() {
  Reply reply{250, "", {name_in_replies() + " greets " + client_name_}};
  if (has(Defect::ehlo_first_line_without_domain)) reply.lines = {"(pleased to meet you)"};
  if (has(Defect::ehlo_reply_with_name_behind_text)) reply.lines = {client_name_ + ", this is " + name_in_replies()};
  if (has(Defect::ehlo_reply_with_underscore_in_domain)) reply.lines = {"smtp_" + reply.lines.front()};
  if (has(Defect::ehlo_reply_with_non_ascii_domain)) reply.lines.front().insert(0, "b\xc3\xbcro.");
  if (has(Defect::ehlo_reply_with_non_ascii_greeting)) reply.lines.front() += ", gr\xc3\xbc\xc3\x9f dich";
  if (has(Defect::ehlo_greets_with_enhanced_code)) reply.lines.front() = "2.0.0 " + reply.lines.front();
  std::vector<std::string> lines =
      extension_lines(*config_, {info_.is_tls, !user_.empty(), greetings_, sasl_digests() != nullptr});
  reply.lines.reserve(1 + lines.size());
  reply.lines.insert(reply.lines.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
  answer(std::move(reply));
}

void Session::Implementation::rset(std::string_view) {
  if (!config_->defects.empty() && spoils_rset()) return;
  if (has(Defect::rset_refused_outside_transaction) && !transaction_.is_open) {
    return answer(503, "5.5.1", "No transaction to reset");
  }
  if (!config_->defects.empty()) remember_before_rset();
  if (has(Defect::rset_forgets_ehlo)) client_name_.clear();
  if (has(Defect::rset_keeps_recipients) || (is_helo_session() && has(Defect::helo_rset_keeps_recipients))) {
    transaction_.is_open = false;
    kept_recipients_ = std::move(transaction_.recipients);
  }
  if (has(Defect::rset_keeps_chunks)) kept_content_ = std::move(transaction_.content);
  const bool changes_nothing =
      transaction_.has_refused_recipients && has(Defect::rset_behind_refused_rcpt_changes_nothing);
  if (!has(Defect::rset_keeps_transaction) && !changes_nothing) reset_transaction();
  answer(250, "2.0.0", "Ok, state is reset");
  if (has(Defect::rset_closes)) close();
}

void Session::Implementation::noop(std::string_view argument) {
  if (has(Defect::noop_argument_refused) && !argument.empty()) return answer(501, "5.5.4", "No argument allowed");
  if (has(Defect::noop_clears_transaction)) reset_transaction();
  answer(250, "2.0.0", "Ok");
  if (has(Defect::noop_argument_answered_too) && !argument.empty()) answer_unknown_command();
}

void Session::Implementation::quit(std::string_view) {
  if (has(Defect::quit_refused_before_ehlo) && client_name_.empty()) return answer(503, "5.5.1", "Send EHLO first");
  if (has(Defect::quit_refused_in_transaction) && transaction_.is_open) return answer(503, "5.5.1", "Finish first");
  if ((has(Defect::quit_completes_transaction) && !transaction_.recipients.empty()) ||
      (has(Defect::quit_delivers_chunks) && transaction_.has_chunks)) {
    accept_message(std::move(transaction_.content));
    out_.octets.clear();
    reply_starts_.clear();
  }
  if (!has(Defect::quit_not_answered)) {
    std::string text = name_in_replies() + " Service closing transmission channel";
    if (has(Defect::quit_reply_without_domain)) text = "*** Service closing transmission channel";
    if (has(Defect::quit_reply_with_name_behind_text)) text = "Good bye from " + config_->host_name;
    if (has(Defect::quit_reply_with_underscore_in_domain)) text = "smtp_" + text;
    answer(221, "2.0.0", text);
  }
  connection_lost();
  if (!has(Defect::quit_leaves_connection_open)) return close();
  mode_ = Mode::command;
}

void Session::Implementation::starttls(std::string_view) {
  if (client_name_.empty()) return answer(sequence_error("send EHLO first"));
  if (info_.is_tls && has(Defect::starttls_answered_220_inside_tls)) return answer(220, "2.0.0", "Ready to start TLS");
  if (info_.is_tls) return answer(503, "5.5.1", "TLS is active already");
  answer(has(Defect::starttls_answered_250) ? 250 : 220, "2.0.0", "Ready to start TLS");
  if (has(Defect::starttls_goes_on_in_clear)) return;
  mode_ = Mode::awaiting_tls;
  out_.then = Then::start_tls;
}

// RFC 3207 §4.2: nothing learnt in plaintext survives.
void Session::Implementation::forget_after_tls() {
  if (!config_->defects.empty()) keep_over_tls();
  if (!has(Defect::starttls_keeps_ehlo)) {
    client_name_ = std::exchange(kept_client_name_, "");
    extended_ = extended_ && !client_name_.empty();
  }
  if (!has(Defect::starttls_keeps_transaction)) reset_transaction();
  if (!has(Defect::starttls_keeps_authentication)) user_.clear();
}

}  // namespace smtpspec::server
