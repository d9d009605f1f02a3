// AUTH (RFC 4954): when it may be used, and its replies. The mechanisms are in sasl_exchange.
#include <utility>

#include "harness/server/extension_list.h"
#include "harness/server/sasl_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {

std::optional<Reply> Session::Implementation::auth_refusal() const {
  // AUTH belongs to the extensions that EHLO negotiates: HELO does not open it.
  if (!extended_ && !has(Defect::auth_accepted_before_ehlo)) return sequence_error("send EHLO first");
  if (!user_.empty() && !has(Defect::second_auth_accepted)) return sequence_error("authenticated already");
  if (transaction_.is_open && !has(Defect::auth_accepted_in_transaction))
    return sequence_error("a transaction is open");
  if (!is_auth_offered(*config_, info_.is_tls)) return Reply{530, "5.7.0", {"Must issue a STARTTLS command first"}};
  if (has_failed_auth_ && has(Defect::auth_refused_after_failure)) return Reply{503, "5.5.1", {"One attempt only"}};
  if (has_cancelled_auth_ && has(Defect::auth_cancel_blocks_next_auth)) return Reply{503, "5.5.1", {"Cancelled once"}};
  return std::nullopt;
}

const base::KeyedDigests* Session::Implementation::sasl_digests() const {
  return config_->extensions.sasl_challenges ? environment_->digests() : nullptr;
}

void Session::Implementation::auth(std::string_view argument) {
  if (auto refusal = auth_refusal()) return answer(std::move(*refusal));
  if (!config_->defects.empty() && spoils_auth(argument)) return;
  const std::size_t space = argument.find(' ');
  const auto mechanism =
      sasl_mechanism_from(argument.substr(0, space), {sasl_digests() != nullptr, info_.is_tls}, config_->defects);
  if (!mechanism) {
    if (has(Defect::auth_unknown_mechanism_answered_500)) return answer(500, "5.5.1", "Command not recognized");
    return answer(504, "5.5.4", "Unrecognized authentication type");
  }
  std::optional<std::string_view> initial_response;
  if (space != std::string_view::npos) initial_response = argument.substr(space + 1);
  if (initial_response && has(Defect::auth_initial_response_refused))
    return answer(501, "5.5.4", "No initial response");
  sasl_ = std::make_unique<SaslExchange>(*mechanism, config_->users, config_->defects);
  if (sasl_digests()) sasl_->use_digests(*sasl_digests(), environment_->unique_id(), config_->host_name);
  follow(sasl_->start(initial_response));
}

void Session::Implementation::take_sasl_line(const CommandLine& line) {
  verb_ = Verb::auth;
  mode_ = Mode::command;
  const std::size_t limit = has(Defect::auth_line_limited_to_512_octets) ? wire::kMaxCommandLineOctets : kMaxLineOctets;
  if (line.octets > limit) {
    sasl_.reset();
    if (has(Defect::auth_long_line_not_answered)) return;
    return answer(500, "5.5.6", "Authentication exchange line is too long");
  }
  if (!sasl_) return;
  follow(sasl_->respond(line.text));
}

void Session::Implementation::follow(const SaslStep& step) {
  mode_ = Mode::command;
  if (step.outcome == SaslOutcome::challenge) {
    mode_ = Mode::sasl;
    return answer(334, "", challenge_text(step.challenge, config_->defects));
  }
  if (!config_->defects.empty() && spoils_outcome(step.outcome)) return;
  sasl_.reset();
  has_failed_auth_ = step.outcome != SaslOutcome::success;
  switch (step.outcome) {
    case SaslOutcome::challenge:
    case SaslOutcome::crashed:
      return;
    case SaslOutcome::success:
      user_ = step.user;
      if (has(Defect::auth_success_answered_250)) return answer(250, "2.7.0", "Authentication successful");
      return answer(235, "2.7.0", "Authentication successful");
    case SaslOutcome::malformed:
      return answer(501, "5.5.2", "Cannot decode the response");
    case SaslOutcome::cancelled:
      return answer(501, "5.7.0", "Authentication cancelled");
    case SaslOutcome::rejected:
      if (has(Defect::auth_failure_answered_501)) return answer(501, "5.7.8", "Authentication failed");
      answer(535, "5.7.8", "Authentication credentials invalid");
      if (has(Defect::auth_failure_closes)) close();
      return;
  }
}

}  // namespace smtpspec::server
