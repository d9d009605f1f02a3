// DATA: from 354 to the one reply at the end of data (RFC 5321 §3.3, §4.1.1.4).
#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/content_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/server/text_defects.h"
#include "harness/server/trace.h"

namespace smtpspec::server {

std::optional<Reply> Session::Implementation::data_refusal() const {
  if (!transaction_.is_open) return sequence_error("MAIL first");
  if (transaction_.has_chunks && !has(Defect::data_after_bdat_accepted)) return sequence_error("BDAT is under way");
  if (transaction_.sender.body == "BINARYMIME") return sequence_error("binary content needs BDAT");
  if (!transaction_.recipients.empty()) return std::nullopt;
  if (has(Defect::data_without_recipient_accepted)) return std::nullopt;
  // RFC 2033 §4.2 wants 503; RFC 5321 §3.3 leaves 503 or 554, and 554 says that there were some.
  if (!transaction_.has_refused_recipients || config_->role == Role::lmtp) return sequence_error("RCPT first");
  return Reply{554, "5.5.1", {"No valid recipients"}};
}

void Session::Implementation::data(std::string_view) {
  auto refusal = data_refusal();
  if (!config_->defects.empty()) spoil_data_refusal(refusal);
  if (refusal) {
    if (has(Defect::refused_data_clears_transaction)) reset_transaction();
    return answer(std::move(*refusal));
  }
  Reply go_ahead{354, "", {"Start mail input; end with <CRLF>.<CRLF>"}};
  if (has(Defect::data_answered_250)) go_ahead.code = 250;
  if (has(Defect::data_answered_with_enhanced_code)) go_ahead.enhanced = "3.0.0";
  answer(std::move(go_ahead));
  if (has(Defect::content_executed_as_commands)) {
    receives_content_as_commands_ = true;
    return;
  }
  has_answered_content_ = false;
  messages_at_data_ = environment_->memory.messages;
  data_tail_ = "\r\n";
  has_used_data_ = true;
  is_last_message_chunked_ = false;
  data_.start(message_limit());
  mode_ = Mode::data;
}

std::size_t Session::Implementation::message_limit() const {
  if (has(Defect::message_of_64k_refused)) return 32'768;
  if (has(Defect::size_limit_not_advertised)) return 65'536;
  if (has(Defect::size_limit_not_enforced_in_data)) return 0;
  if (const std::size_t left = limit_left_by_rset(); left != 0) return left;
  const std::size_t limit = config_->max_message_octets;
  // Who holds a message to what was declared of it may do so, but has to count as the client did.
  const bool counts_wrongly = has(Defect::stuffed_dots_count_as_size) || has(Defect::final_dot_counts_as_size) ||
                              has(Defect::trace_fields_count_as_size);
  if (!counts_wrongly || declared_octets_ == 0) return limit;
  return limit == 0 ? declared_octets_ : std::min(limit, declared_octets_);
}

void Session::Implementation::consume_data(std::string_view& input) {
  if (has(Defect::lost_connection_behind_dot_completes_message)) data_tail_ += input;
  const bool is_complete = data_.take(input);
  if (!config_->defects.empty() && spoils_content_line()) return;
  if (!answered_before_end_of_data_ && has(Defect::message_answered_before_dot) && data_.lines() > 1) {
    answered_before_end_of_data_ = true;
    verb_ = Verb::data;
    answer(250, "2.0.0", "Ok");
  }
  if (!is_complete) return;
  if (has(Defect::pipelining_drops_input_behind_data)) input = {};
  if (!config_->defects.empty()) behind_message_ = input;
  finish_data();
}

void Session::Implementation::finish_data() {
  receives_content_as_commands_ = false;
  mode_ = Mode::command;
  verb_ = Verb::data;
  answered_ = Answered::message;
  const bool tolerates_bare = config_->takes_malformed_input || tolerates_bare_line_endings(config_->defects);
  const bool is_refused_for_form = (data_.has_bare_line_ending() && !tolerates_bare) ||
                                   (data_.longest_line_octets() > 900 && has(Defect::long_text_line_refused));
  const bool is_over_limit = data_.is_over_limit();
  std::string content = data_.take_content();
  if (content.empty() && has(Defect::empty_message_closes)) {
    out_.then = Then::reset;
    mode_ = Mode::closed;
    return;
  }
  if (!config_->defects.empty() && spoils_message(content)) return;
  if (is_over_limit)
    return refuse_message({552, "5.3.4", {"Message size exceeds fixed maximum message size"}}, content);
  if (is_refused_for_form)
    return refuse_message({554, "5.6.0", {"Message has a bare CR or LF, or too long a line"}}, content);
  if (auto refusal = content_refusal(content)) return refuse_message(*refusal, content);
  if (!config_->defects.empty())
    content = with_text_defects(content, messages_ + 1, transaction_.sender.body == "8BITMIME", config_->defects);
  accept_message(with_content_defects(std::move(content), config_->defects));
}

std::optional<Reply> Session::Implementation::content_refusal(std::string_view content) const {
  if (!config_->defects.empty()) {
    if (auto refusal = defective_content_refusal(content, config_->defects)) return refusal;
  }
  if (transaction_.sender.body != "BINARYMIME" && has(Defect::binary_label_without_body_refused) &&
      base::to_lower(content).find("content-transfer-encoding: binary") != std::string::npos) {
    return Reply{554, "5.6.1", {"Binary content was not announced"}};
  }
  for (const AcceptedRecipient& accepted : transaction_.recipients) {
    if (is_deferred(accepted.recipient, config_->deferred_text_prefix))
      return Reply{451, "4.3.0", {"Not now, please try again later"}};
  }
  if (is_looping(content)) return Reply{554, "5.4.6", {"Mail loop: too many hops"}};
  return std::nullopt;
}

bool Session::Implementation::is_looping(std::string_view content) const {
  const auto& recipients = transaction_.recipients;
  const bool goes_on = std::any_of(recipients.begin(), recipients.end(),
                                   [](const AcceptedRecipient& one) { return one.recipient.is_relayed; });
  std::size_t most = config_->max_received_fields;
  if (goes_on && has(Defect::relay_loop_limit_of_10000)) most = 10'000;
  if (goes_on && has(Defect::relay_detects_no_loop)) most = 0;
  return most > 0 && count_header_fields(content, "received:") > most;
}

// The end of data consumes the buffers, whatever the outcome; LMTP answers once for each recipient (RFC 2033 §4.2).
void Session::Implementation::refuse_message(const Reply& reply, const std::string& content) {
  const bool answers_each = config_->role == Role::lmtp && !has(Defect::lmtp_refused_message_answered_once);
  const std::size_t count = answers_each ? transaction_.recipients.size() : 1;
  if (has(Defect::refused_message_delivered)) store_for(transaction_, transaction_.recipients, content);
  if (!config_->defects.empty()) remember_refused_message();
  if (!has(Defect::refused_message_keeps_envelope)) reset_transaction();
  for (std::size_t i = 0; i < count; ++i) answer(reply);
}

}  // namespace smtpspec::server
