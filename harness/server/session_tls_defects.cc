// The defects of STARTTLS (RFC 3207): when it is taken, and what of the plaintext session is still there inside TLS.
#include <utility>

#include "harness/server/session_implementation.h"

namespace smtpspec::server {

// True if the defect has dealt with the command.
bool Session::Implementation::spoils_tls_command(const Command& command) {
  if (command.verb == Verb::ehlo && info_.is_tls && !client_name_.empty() && greetings_before_tls_ > 0 &&
      has(Defect::ehlo_inside_tls_answered_503)) {
    answer(503, "", "Bad sequence of commands, EHLO has come before");
    return true;
  }
  if (command.verb != Verb::starttls) return false;
  if (!command.argument.empty() && has(Defect::starttls_argument_forgets_ehlo)) client_name_.clear();
  if (!info_.is_tls && command.argument.empty()) {
    if (has(Defect::starttls_unoffered_not_answered)) return true;
    const bool is_taken = has(Defect::starttls_unoffered_answered_220);
    if (is_taken || has(Defect::starttls_unoffered_answered_250)) {
      answer(is_taken ? 220 : 250, "2.0.0", "Ok");
      return true;
    }
  }
  if (!info_.is_tls) {
    if (client_name_.empty() || !command.argument.empty()) return false;
    if (!has(Defect::starttls_advertised_but_answered_454)) return false;
    answer(454, "4.7.0", "TLS not available due to temporary reason");
    return true;
  }
  if (has(Defect::starttls_inside_tls_forgets_ehlo)) {
    answer(sequence_error("TLS is active already"));
    client_name_.clear();
    return true;
  }
  if (has(Defect::starttls_inside_tls_closes)) close();
  return mode_ == Mode::closed || has(Defect::starttls_inside_tls_not_answered);
}

// Plaintext behind STARTTLS.
void Session::Implementation::take_injected(std::string_view input) {
  const bool is_kept = has(Defect::starttls_executes_injected_commands) ||
                       has(Defect::starttls_executes_last_injected_command) || has(Defect::starttls_keeps_partial_line);
  if (is_kept) injected_ += input;
}

// The handshake is done.
void Session::Implementation::use_injected() {
  const std::string injected = std::exchange(injected_, "");
  if (has(Defect::starttls_executes_injected_commands)) return consume(injected);
  const std::size_t last_end = injected.rfind("\r\n");
  if (has(Defect::starttls_keeps_partial_line)) {
    std::string_view partial = injected;
    if (last_end != std::string::npos) partial.remove_prefix(last_end + 2);
    lines_.take(partial);
  }
  if (last_end == std::string::npos || !has(Defect::starttls_executes_last_injected_command)) return;
  const std::size_t before = last_end == 0 ? std::string::npos : injected.rfind("\r\n", last_end - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 2;
  consume(std::string_view(injected).substr(begin, last_end + 2 - begin));
}

// What is kept of the session before the handshake; called before it is forgotten.
void Session::Implementation::keep_over_tls() {
  greetings_before_tls_ = greetings_;
  const bool keeps_name =
      (!extended_ && has(Defect::starttls_keeps_helo)) || (greetings_ > 0 && has(Defect::ehlo_inside_tls_answered_503));
  if (keeps_name) kept_client_name_ = client_name_;
  if (has(Defect::starttls_keeps_recipients)) kept_recipients_ = transaction_.recipients;
  if (transaction_.is_open && has(Defect::starttls_restores_transaction)) kept_transaction_ = transaction_;
}

}  // namespace smtpspec::server
