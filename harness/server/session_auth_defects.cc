// The defects of how an AUTH exchange ends: what it leaves open, what it forgets, and lines that no buffer holds.
#include <algorithm>

#include "harness/base/octets.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {

// True if the defect has dealt with the command.
bool Session::Implementation::spoils_auth(std::string_view argument) {
  const std::string mechanism = base::to_upper(argument.substr(0, argument.find(' ')));
  const bool is_plain = mechanism == "PLAIN";
  const bool is_alone = argument.size() == mechanism.size();
  if (is_plain && is_alone && has(Defect::auth_plain_without_initial_response_not_answered)) return true;
  if (info_.is_tls || (!is_plain && mechanism != "LOGIN")) return false;
  if (has(is_plain ? Defect::auth_plain_answered_538_in_clear : Defect::auth_login_answered_538_in_clear)) {
    answer(538, "5.7.11", "Encryption required for requested authentication mechanism");
    return true;
  }
  if (!is_plain || !has(Defect::auth_plain_answered_534_in_clear)) return false;
  answer(534, "5.7.9", "Authentication mechanism is too weak");
  return true;
}

// True if the defect has dealt with the end of the exchange.
bool Session::Implementation::spoils_outcome(SaslOutcome outcome) {
  const bool is_cancelled = outcome == SaslOutcome::cancelled;
  const bool is_rejected = outcome == SaslOutcome::rejected;
  const bool is_malformed = outcome == SaslOutcome::malformed;
  if (is_cancelled) has_cancelled_auth_ = true;
  if (outcome == SaslOutcome::crashed) {
    vanish();
    return true;
  }
  const bool is_complete = outcome == SaslOutcome::success || outcome == SaslOutcome::rejected;
  if (is_complete && !info_.is_tls && has(Defect::auth_response_answered_538_in_clear)) {
    sasl_.reset();
    answer(538, "5.7.11", "Encryption required for requested authentication mechanism");
    return true;
  }
  if (is_cancelled && has(Defect::auth_cancel_not_answered)) {
    sasl_.reset();
    return true;
  }
  if ((is_cancelled && has(Defect::auth_cancel_closes)) || (is_malformed && has(Defect::auth_bad_base64_closes))) {
    close();
    return true;
  }
  const bool stays_open = (is_cancelled && has(Defect::auth_cancel_leaves_exchange_open)) ||
                          (is_rejected && has(Defect::auth_failure_leaves_exchange_open)) ||
                          (is_malformed && has(Defect::auth_bad_base64_leaves_exchange_open));
  if (stays_open) {
    if (is_rejected) answer(535, "5.7.8", "Authentication credentials invalid");
    if (is_malformed) answer(501, "5.5.2", "Cannot decode the response");
    if (is_cancelled) answer(501, "5.7.0", "Authentication cancelled");
    mode_ = Mode::sasl;
    return true;
  }
  if (!is_rejected) return false;
  ++failed_auths_;
  if (has(Defect::auth_failure_forgets_ehlo)) {
    client_name_.clear();
    extended_ = false;
  }
  if (has(Defect::auth_failure_authenticates)) user_ = "nobody";
  if (failed_auths_ > 1 && has(Defect::second_auth_failure_closes)) {
    sasl_.reset();
    answer(535, "5.7.8", "Authentication credentials invalid");
    close();
    return true;
  }
  return false;
}

// A buffer that ends an exchange once it is full, and leaves the rest of the line to whoever reads next.
bool Session::Implementation::overflows_sasl_line(std::string_view& input) {
  if (!has(Defect::auth_long_line_read_as_commands)) return false;
  std::string_view part = input.substr(0, kMaxLineOctets - lines_.partial().size());
  const std::size_t octets = part.size();
  const bool is_complete = lines_.take(part);
  input.remove_prefix(octets - part.size());
  if (is_complete) {
    take_sasl_line(lines_.line());
  } else if (lines_.partial().size() == kMaxLineOctets) {
    lines_.clear();
    sasl_.reset();
    mode_ = Mode::command;
    verb_ = Verb::auth;
    answer(500, "5.5.6", "Authentication exchange line is too long");
  }
  return true;
}

}  // namespace smtpspec::server
