#include "harness/server/session.h"

#include <utility>

#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

// Whose replies have no enhanced status codes (RFC 2034 §4).
bool is_greeting(Verb verb) { return verb == Verb::ehlo || verb == Verb::helo || verb == Verb::lhlo; }

}  // namespace

Session::Implementation::Implementation(const Config& config, Environment& environment, SessionInfo info)
    : config_(&config),
      environment_(&environment),
      info_(std::move(info)),
      directory_(config),
      replies_(config.extensions.enhanced_status_codes),
      lines_(config.defects),
      data_(config.defects),
      envelope_replies_(config.defects),
      awake_(config.defects) {}

Output Session::Implementation::feed(std::string_view octets) {
  if (std::exchange(owes_greeting_, false)) greet();
  if (!config_->defects.empty()) begin_segment(octets);
  consume(octets);
  if (!config_->defects.empty()) {
    spoil_pipeline();
    end_segment();
  }
  return take_output();
}

Output Session::Implementation::tls_established(TlsInfo info) {
  info_.is_tls = true;
  info_.tls = std::move(info);
  mode_ = Mode::command;
  lines_.clear();
  forget_after_tls();
  if (has(Defect::starttls_sends_second_greeting)) greet();
  if (!config_->defects.empty()) use_injected();
  return take_output();
}

Output Session::Implementation::end_with_421(const std::string& enhanced, const std::string& why) {
  verb_ = Verb::none;
  mode_ = Mode::closed;
  out_.then = Then::close;
  const std::string name = has(Defect::timeout_reply_without_domain) ? "***" : config_->host_name;
  if (!has(Defect::timeout_closes_without_421)) answer(421, enhanced, name + " " + why);
  return take_output();
}

void Session::Implementation::connection_lost() {
  if (client_name_.empty() && !follows_unnamed_session_) environment_->memory.was_last_session_unnamed = true;
  if (!config_->defects.empty() && verb_ != Verb::quit) remember_lost_connection();
  if (!config_->defects.empty()) remember_unfinished();
  if (!config_->defects.empty()) ++environment_->memory.ends;
  if (!config_->defects.empty() && mode_ == Mode::data) spoil_lost_message();
  if (mode_ != Mode::data) deliver_held_messages();
  if (!transaction_.recipients.empty() && has(Defect::lost_connection_completes_transaction)) {
    accept_message(mode_ == Mode::data ? data_.take_content() : "");
  }
  const bool delivers_part = has(Defect::lost_connection_delivers_partial_message) ||
                             (info_.is_tls && has(Defect::lost_tls_connection_delivers_partial_message));
  if (mode_ == Mode::data && delivers_part) accept_message(data_.take_content());
  const bool delivers_chunks = has(Defect::lost_connection_delivers_chunks) ||
                               (info_.is_tls && has(Defect::lost_tls_connection_delivers_chunks));
  const bool completes_chunk = mode_ == Mode::chunk && !chunk_refusal_ &&
                               (has(Defect::lost_connection_completes_chunk) ||
                                (chunk_is_last_ && has(Defect::lost_connection_completes_last_chunk)));
  if ((transaction_.has_chunks && verb_ != Verb::quit && delivers_chunks) || completes_chunk) {
    accept_message(std::move(transaction_.content));
  }
  if (has(Defect::transaction_leaks_into_next_session)) {
    for (const AcceptedRecipient& accepted : transaction_.recipients) {
      environment_->memory.abandoned.recipients.push_back(accepted.recipient);
    }
  }
  mode_ = Mode::closed;
}

std::chrono::seconds Session::Implementation::current_timeout() const {
  if (has(Defect::idle_timeout_too_short)) return std::chrono::seconds{20};
  return mode_ == Mode::data || mode_ == Mode::chunk ? config_->data_timeout : config_->command_timeout;
}

Output Session::Implementation::take_output() {
  reply_starts_.clear();
  sent_.clear();
  return std::exchange(out_, Output{});
}

void Session::Implementation::consume(std::string_view input) {
  while (!input.empty()) {
    switch (mode_) {
      case Mode::closed:
        return;
      case Mode::awaiting_tls:
        // RFC 3207 §4.2: plaintext behind STARTTLS is never executed.
        if (!config_->defects.empty()) take_injected(input);
        return;
      case Mode::command:
        if (!lines_.take(input)) return answer_unfinished_line();
        obey(lines_.line());
        if (last_code_ >= 400 && has(Defect::pipelining_drops_input_after_error)) return;
        break;
      case Mode::sasl:
        if (!config_->defects.empty() && overflows_sasl_line(input)) break;
        if (!lines_.take(input)) return;
        take_sasl_line(lines_.line());
        break;
      case Mode::data:
        consume_data(input);
        break;
      case Mode::chunk:
        consume_chunk(input);
        break;
    }
    if (!config_->defects.empty() && drops_rest_of_segment()) return;
  }
}

void Session::Implementation::answer(int code, std::string_view enhanced, std::string_view text) {
  if (!config_->defects.empty()) return answer(one_line(code, enhanced, std::string(text)));
  replies_.write(code, is_greeting(verb_) ? std::string_view() : enhanced, text, out_.octets);
  last_code_ = code;
  count_error(code);
}

void Session::Implementation::answer(Reply reply) {
  if (is_greeting(verb_)) reply.enhanced.clear();
  if (!extended_ && !client_name_.empty() && has(Defect::enhanced_code_missing_after_helo)) reply.enhanced.clear();
  const ReplyFate fate = config_->defects.empty() ? ReplyFate::sent : spoil_reply(reply);
  last_code_ = reply.code;
  if (fate == ReplyFate::withheld) return;
  if (fate == ReplyFate::replaced_by_close) return close();
  if (!config_->defects.empty()) reply_starts_.push_back(out_.octets.size());
  replies_.write(reply, verb_, awake_, out_.octets);
  if (!config_->defects.empty()) sent_.push_back({verb_, reply.code, answered_});
  if (fate == ReplyFate::doubled) replies_.write(reply, verb_, awake_, out_.octets);
  if (fate == ReplyFate::followed_by_close) close();
  count_error(reply.code);
}

void Session::Implementation::count_error(int code) {
  if (code < 500 || mode_ == Mode::closed) return;
  ++errors_;
  if (config_->max_errors != 0 && errors_ >= config_->max_errors) {
    mode_ = Mode::closed;
    out_.then = Then::close;
    verb_ = Verb::none;
    answer(421, "4.7.0", config_->host_name + " Too many errors, closing transmission channel");
  }
}

bool Session::Implementation::must_authenticate() const {
  const bool required = config_->require_auth || (config_->role == Role::submission && !config_->users.empty());
  return required && user_.empty() && !has(Defect::authentication_not_required);
}

void Session::Implementation::reset_transaction() {
  if (!config_->defects.empty()) hide_recipients();
  transaction_ = Transaction{};
}

Session::Session(const Config& config, Environment& environment, SessionInfo info)
    : implementation_(std::make_unique<Implementation>(config, environment, std::move(info))) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Output Session::start() { return implementation_->start(); }
Output Session::feed(std::string_view octets) { return implementation_->feed(octets); }
Output Session::tls_established(TlsInfo info) { return implementation_->tls_established(std::move(info)); }
Output Session::timed_out() { return implementation_->end_with_421("4.4.2", "Timeout, closing transmission channel"); }
Output Session::shutdown() { return implementation_->end_with_421("4.3.2", "Service shutting down"); }
void Session::connection_lost() { implementation_->connection_lost(); }
std::chrono::seconds Session::current_timeout() const { return implementation_->current_timeout(); }

}  // namespace smtpspec::server
