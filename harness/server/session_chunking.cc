// BDAT (RFC 3030 §2): counted chunks instead of a terminator. A refused chunk is read and dropped before its refusal.
#include <limits>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/content_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/wire/command.h"

namespace smtpspec::server {

void Session::Implementation::bdat(std::string_view argument) {
  if (!config_->defects.empty() && spoils_bdat(argument)) return;
  const bool wraps = has(Defect::bdat_size_wraps);
  auto chunk = wire::parse_bdat(argument);
  if (!chunk && has(Defect::bdat_malformed_accepted)) chunk = wire::BdatCommand{};
  if (!config_->defects.empty()) {
    if (auto misread = misread_bdat(argument)) chunk = *misread;
  }
  if (!chunk) return answer(501, "5.5.4", "Syntax error, " + chunk.error().message);
  if (has(Defect::bdat_last_case_sensitive) && chunk->is_last && argument.ends_with("last")) {
    return answer(501, "5.5.4", "Syntax error");
  }
  // A size that no counter can hold is as good as endless (RFC 3030 §2): saturated, never wrapped.
  constexpr std::uint64_t kMost = std::numeric_limits<std::size_t>::max();
  chunk_left_ = static_cast<std::size_t>(chunk->chunk_octets < kMost ? chunk->chunk_octets : kMost);
  if (wraps) chunk_left_ &= 0xFFFFFFFFU;
  chunk_is_last_ = chunk->is_last;
  if (!config_->defects.empty()) spoil_empty_chunk();
  chunk_begins_at_ = transaction_.content.size();
  chunk_refusal_ = chunk_refusal();
  if (!config_->defects.empty()) chunk_refusal_ = defective_chunk_refusal(std::move(chunk_refusal_));
  const bool drops = chunk_refusal_ && leaves_refused_chunk();
  if (chunk_left_ == 0 || drops) return finish_chunk();
  is_chunk_answered_ = chunk_refusal_ && has(Defect::bdat_refused_before_chunk);
  if (is_chunk_answered_ || (chunk_refusal_ && has(Defect::bdat_refusal_answered_twice))) answer(*chunk_refusal_);
  if (has(Defect::bdat_answered_before_chunk) && !chunk_is_last_) answer(250, "2.0.0", "Ok");
  mode_ = Mode::chunk;
}

// Why the chunk that was announced will be dropped, or nothing.
std::optional<Reply> Session::Implementation::chunk_refusal() const {
  if (must_authenticate()) return Reply{530, "5.7.0", {"Authentication required"}};
  if (!transaction_.is_open && !(has(Defect::bdat_after_last_accepted) && messages_ > 0)) {
    return sequence_error("MAIL first");
  }
  if (transaction_.has_failed_chunk) return sequence_error("a chunk has failed, RSET first");
  if (chunk_left_ == 0 && !chunk_is_last_ && has(Defect::bdat_zero_refused))
    return Reply{501, "5.5.4", {"Empty chunk"}};
  if (chunk_left_ == 0 && chunk_is_last_ && has(Defect::bdat_zero_last_refused)) {
    return Reply{501, "5.5.4", {"Empty chunk"}};
  }
  if (transaction_.recipients.empty() && transaction_.is_open && !has(Defect::bdat_without_recipient_accepted)) {
    if (transaction_.has_refused_recipients) return Reply{554, "5.5.1", {"No valid recipients"}};
    return sequence_error("RCPT first");
  }
  const std::size_t limit = config_->max_message_octets;
  const std::size_t so_far = transaction_.content.size();
  const bool is_over = limit != 0 && (so_far > limit || chunk_left_ > limit - so_far);
  if (is_over && !has(Defect::bdat_size_limit_not_enforced)) {
    return Reply{552, "5.3.4", {"Message size exceeds fixed maximum message size"}};
  }
  return std::nullopt;
}

void Session::Implementation::consume_chunk(std::string_view& input) {
  if (has(Defect::bdat_nothing_in_segment_of_command) && chunk_segment_ == segments_) {
    input = {};
    return;
  }
  if (chunk_refusal_ && chunk_segment_ != segments_ && has(Defect::bdat_refused_chunk_ends_with_segment)) {
    return finish_chunk();
  }
  const std::string_view part = input.substr(0, chunk_left_);
  if (!chunk_refusal_) transaction_.content += part;
  input.remove_prefix(part.size());
  chunk_left_ -= part.size();
  if (chunk_left_ != 0) return;
  if (has(Defect::bdat_drops_input_behind_chunk) || (chunk_refusal_ && has(Defect::bdat_refusal_drops_segment)))
    input = {};
  finish_chunk();
}

void Session::Implementation::finish_chunk() {
  const bool was_read = mode_ == Mode::chunk;
  mode_ = Mode::command;
  verb_ = Verb::bdat;
  if (chunk_refusal_) {
    Reply refusal = *std::exchange(chunk_refusal_, std::nullopt);
    if (transaction_.is_open && !transaction_.recipients.empty()) transaction_.has_failed_chunk = true;
    const bool is_answered = !config_->defects.empty() && spoils_refused_chunk();
    // RFC 2033 §4.3: the last chunk is answered once for each recipient, so not at all without one.
    const bool answers_each = config_->role == Role::lmtp && chunk_is_last_;
    std::size_t count = answers_each ? transaction_.recipients.size() : 1;
    if (count == 0 && has(Defect::lmtp_refused_last_chunk_answered_without_recipients)) count = 1;
    for (std::size_t i = 0; i < count && !is_answered; ++i) answer(refusal);
    if (chunk_is_last_) reset_transaction();
    return;
  }
  transaction_.has_chunks = true;
  if (!config_->defects.empty()) spoil_chunk();
  if (chunk_is_last_) return finish_chunks();
  if (was_read && (has(Defect::bdat_answered_before_chunk) || has(Defect::bdat_chunk_not_answered))) return;
  const bool answers_each = config_->role == Role::lmtp && has(Defect::lmtp_answers_each_chunk_per_recipient);
  const std::size_t count = answers_each ? transaction_.recipients.size() : 1;
  for (std::size_t i = 0; i < count; ++i) answer(250, "2.0.0", "Chunk received");
}

void Session::Implementation::finish_chunks() {
  std::string content = std::move(transaction_.content);
  if (has(Defect::bdat_dots_unstuffed)) {
    wire::DataDecoder decoder;
    std::string unstuffed;
    decoder.feed(content, unstuffed);
    content = std::move(unstuffed);
  }
  if (has(Defect::bdat_changes_bare_line_ends)) {
    content = with_content_defects(std::move(content), {Defect::bare_lf_in_data_becomes_line_end});
  }
  if (!config_->defects.empty() && spoils_chunked_message(content)) return;
  if (auto refusal = content_refusal(content)) return refuse_message(*refusal, content);
  accept_message(with_content_defects(std::move(content), config_->defects));
}

}  // namespace smtpspec::server
