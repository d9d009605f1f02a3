// The defects of BDAT (RFC 3030): how its line is read, when a chunk is refused and what becomes of it, and what may
// come between two chunks.
#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/octet_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/server/utf8_defects.h"
#include "harness/wire/command.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kMostChunks = 20;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The number that `text` begins with.
std::uint64_t number_at(std::string_view text, int base) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

// The same as a counter of 64 bits that nobody looks after.
std::uint64_t wrapped_number_at(std::string_view text) {
  std::uint64_t number = 0;
  for (char c : text.substr(0, text.find(' '))) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

}  // namespace

// What a defect takes the argument of BDAT for, or nothing.
std::optional<wire::BdatCommand> Session::Implementation::misread_bdat(std::string_view argument) const {
  const std::string upper = base::to_upper(argument);
  const bool has_last = contains(upper, "LAST");
  if (const auto chunk = wire::parse_bdat(argument)) {
    const bool is_octal = argument.size() > 1 && argument.front() == '0';
    if (has(Defect::bdat_count_off_by_one_with_lower_case_last) && argument.ends_with("last") &&
        chunk->chunk_octets > 0) {
      return wire::BdatCommand{chunk->chunk_octets - 1, true};
    }
    if (has(Defect::bdat_size_read_as_octal) && is_octal) return wire::BdatCommand{number_at(argument, 8), has_last};
    if (has(Defect::bdat_size_wraps_at_64_bits)) return wire::BdatCommand{wrapped_number_at(argument), has_last};
    return std::nullopt;
  }
  const bool begins_with_digit = !argument.empty() && base::is_digit(argument.front());
  if (has(Defect::bdat_negative_size_accepted) && argument.starts_with('-')) return wire::BdatCommand{0, has_last};
  if (has(Defect::bdat_last_without_size_accepted) && upper == "LAST") return wire::BdatCommand{0, true};
  if (has(Defect::bdat_text_behind_last_accepted) && begins_with_digit && contains(upper, " LAST")) {
    return wire::BdatCommand{number_at(argument, 10), true};
  }
  return std::nullopt;
}

// True if the defect has dealt with the command.
bool Session::Implementation::spoils_bdat(std::string_view argument) {
  chunk_segment_ = segments_;
  if (has(Defect::bdat_unoffered_not_answered)) return true;
  const bool goes_on = has(Defect::bdat_unoffered_answered_354);
  if (goes_on || has(Defect::bdat_unoffered_answered_250)) {
    answer(goes_on ? 354 : 250, goes_on ? "" : "2.0.0", "Go on");
    return true;
  }
  if (wire::parse_bdat(argument)) {
    const bool has_leading_zero = argument.size() > 1 && argument.front() == '0' && base::is_digit(argument[1]);
    if (!has_leading_zero || !has(Defect::bdat_size_with_leading_zeros_refused)) return false;
    answer(501, "5.5.4", "Syntax error in the size");
    return true;
  }
  const std::size_t digits = argument.find_first_of("0123456789");
  if (digits == std::string_view::npos || !has(Defect::bdat_malformed_waits_for_chunk)) return false;
  chunk_left_ = number_at(argument.substr(digits), 10);
  chunk_is_last_ = false;
  chunk_refusal_ = Reply{501, "5.5.4", {"Syntax error"}};
  if (chunk_left_ == 0) finish_chunk();
  else mode_ = Mode::chunk;
  return true;
}

// BDAT 0 that means more, or less, than nothing.
void Session::Implementation::spoil_empty_chunk() {
  if (chunk_left_ != 0) return;
  const bool forgets = has(chunk_is_last_ ? Defect::bdat_zero_last_forgets_chunks : Defect::bdat_zero_forgets_chunks);
  if (forgets) transaction_.content.clear();
  if (has(Defect::bdat_zero_ends_message)) chunk_is_last_ = true;
}

// `refusal`: what a conforming server says to the chunk.
std::optional<Reply> Session::Implementation::defective_chunk_refusal(std::optional<Reply> refusal) {
  const Reply out_of_sequence{503, "5.5.1", {"Bad sequence of commands"}};
  const bool is_behind_rcpt =
      std::any_of(sent_.begin(), sent_.end(), [](const SentReply& r) { return r.verb == Verb::rcpt; });
  if (is_behind_rcpt && has(Defect::bdat_behind_rcpt_refused)) return out_of_sequence;
  if (transaction_.is_open && has_used_data_ && has(Defect::bdat_after_data_message_refused)) return out_of_sequence;
  if ((is_binary_data_refused_ && has(Defect::refused_data_blocks_bdat)) ||
      (transaction_.is_open && was_bdat_failed_ && has(Defect::bdat_failure_kept_over_rset))) {
    return out_of_sequence;
  }
  const std::size_t limit = config_->max_message_octets;
  if (refusal && refusal->code == 552) refused_chunk_octets_ = std::max(refused_chunk_octets_, chunk_left_);
  if (!refusal && limit != 0 && refused_chunk_octets_ > limit - std::min(limit, chunk_left_) &&
      has(Defect::bdat_octets_of_failed_message_count)) {
    return Reply{552, "5.3.4", {"Message size exceeds fixed maximum message size"}};
  }
  if (transaction_.chunks >= kMostChunks && has(Defect::bdat_limited_to_twenty_chunks)) {
    return Reply{552, "5.3.4", {"Too many chunks"}};
  }
  if (!refusal) return refusal;
  if (!transaction_.is_open && is_last_message_chunked_ && has(Defect::bdat_after_last_answered_554)) {
    return Reply{554, "5.5.1", {"No transaction"}};
  }
  const bool lacks_recipient = transaction_.is_open && transaction_.recipients.empty();
  if (lacks_recipient && chunk_is_last_ && has(Defect::bdat_without_recipient_last_accepted)) return std::nullopt;
  return refusal;
}

// True if the octets of a refused chunk are left to be read as commands.
bool Session::Implementation::leaves_refused_chunk() const {
  const bool is_behind_message = !transaction_.is_open && is_last_message_chunked_;
  return has(Defect::bdat_refused_chunk_read_as_commands) ||
         (transaction_.is_open && transaction_.recipients.empty() &&
          has(Defect::bdat_without_recipient_read_as_commands)) ||
         (chunk_refusal_->code == 552 && has(Defect::bdat_oversize_read_as_commands)) ||
         (is_behind_message && has(Defect::bdat_after_last_read_as_commands)) ||
         (!transaction_.is_open && !is_last_message_chunked_ && has(Defect::bdat_before_mail_read_as_commands)) ||
         (transaction_.refused_chunks > 0 && has(Defect::bdat_behind_failed_chunk_read_as_commands));
}

// A chunk has been refused; true if nothing more is to be said.
bool Session::Implementation::spoils_refused_chunk() {
  ++transaction_.refused_chunks;
  is_behind_chunk_ = true;
  is_bdat_failed_ = true;
  if (has(Defect::bdat_refusal_closes)) {
    close();
    return false;
  }
  if (has(Defect::bdat_failure_forgotten_by_next_chunk)) transaction_.has_failed_chunk = false;
  return std::exchange(is_chunk_answered_, false);
}

// The whole chunk has been taken.
void Session::Implementation::spoil_chunk() {
  ++transaction_.chunks;
  is_behind_chunk_ = true;
  std::string chunk = transaction_.content.substr(chunk_begins_at_);
  transaction_.content.resize(chunk_begins_at_);
  transaction_.content += with_chunk_defects(std::move(chunk), config_->defects);
}

// The last chunk has been taken; true if the defect has dealt with the message.
bool Session::Implementation::spoils_chunked_message(std::string& content) {
  has_used_bdat_ = true;
  is_last_message_chunked_ = true;
  is_last_chunk_empty_ = chunk_begins_at_ > 0 && content.size() == chunk_begins_at_;
  if (transaction_.recipients.empty() && has(Defect::bdat_without_recipient_last_accepted)) {
    reset_transaction();
    answer(250, "2.0.0", "Ok");
    return true;
  }
  content = with_chunked_message_defects(std::move(content), config_->defects);
  if (transaction_.sender.body == "BINARYMIME") content = with_binary_defects(std::move(content), config_->defects);
  if (transaction_.sender.body == "8BITMIME") content = with_eight_bit_defects(std::move(content), config_->defects);
  constexpr std::string_view kSmuggledEnd = "\n.\n";
  if (transaction_.sender.smtp_utf8) content = with_utf8_header_defects(std::move(content), config_->defects);
  const std::size_t end = content.find(kSmuggledEnd);
  if (end == std::string::npos || !has(Defect::bdat_bare_lf_dot_ends_message)) return false;
  const std::string rest = content.substr(end + kSmuggledEnd.size());
  accept_message(content.substr(0, end + 1));
  consume(rest);
  return true;
}

// A command between two chunks, or behind them; true if the defect has dealt with it.
bool Session::Implementation::spoils_between_chunks(const Command& command) {
  const bool is_between = transaction_.has_chunks;
  if (command.verb == Verb::rset && is_bdat_failed_ && spoils_reset_of_chunks()) return true;
  const bool is_refused =
      (command.verb == Verb::noop && is_between && has(Defect::noop_between_chunks_refused)) ||
      (command.verb == Verb::rset && is_between && has(Defect::rset_between_chunks_refused)) ||
      (command.verb == Verb::mail && was_bdat_failed_ && has(Defect::rset_does_not_end_failed_bdat)) ||
      (command.verb == Verb::data && !is_between && transaction_.is_open && has_used_bdat_ &&
       has(Defect::data_after_bdat_message_refused));
  if (is_refused) {
    answer(503, "5.5.1", "Bad sequence of commands, BDAT is under way");
    return true;
  }
  if (!is_between) return false;
  if (command.verb == Verb::noop && has(Defect::noop_between_chunks_drops_chunks)) transaction_.content.clear();
  if (command.verb == Verb::ehlo && has(Defect::ehlo_keeps_chunks)) kept_content_ = transaction_.content;
  if (command.verb == Verb::data && has(Defect::data_after_bdat_answered_554)) {
    answer(554, "5.5.1", "BDAT is under way");
    return true;
  }
  const bool takes_recipient = command.verb == Verb::rcpt && has(Defect::rcpt_between_chunks_accepted);
  if (takes_recipient) rcpt(command.argument);
  return takes_recipient;
}

// RSET behind a refused chunk; true if the defect has dealt with it.
bool Session::Implementation::spoils_reset_of_chunks() {
  if (has(Defect::rset_after_failed_chunk_refused)) {
    answer(503, "5.5.1", "Bad sequence of commands, BDAT is under way");
    return true;
  }
  if (has(Defect::rset_after_failed_chunk_keeps_transaction)) {
    answer(250, "2.0.0", "Ok, state is reset");
    return true;
  }
  is_bdat_failed_ = false;
  was_bdat_failed_ = true;
  if (has(Defect::rset_after_failed_chunk_closes)) close();
  return mode_ == Mode::closed;
}

// A client has counted too few octets, and what it did not count comes as a command line.
bool Session::Implementation::spoils_line_behind_chunk(const CommandLine& line) {
  if (has(Defect::octets_behind_chunk_dropped)) return true;
  const bool adds = has(Defect::octets_behind_chunk_added_to_message);
  if (adds) transaction_.content += line.text + "\r\n";
  if (!adds && !has(Defect::octets_behind_chunk_accepted)) return false;
  answer(250, "2.0.0", "Ok");
  return true;
}

// What becomes of a reply to BDAT, or nothing if no defect concerns it. May change the reply.
std::optional<ReplyFate> Session::Implementation::fate_of_chunk_reply(Reply& reply) {
  if (verb_ == Verb::data && answered_ == Answered::message && is_last_message_chunked_) {
    const bool is_lost =
        has(Defect::bdat_last_not_answered) || (is_last_chunk_empty_ && has(Defect::bdat_zero_last_not_answered));
    if (is_lost) return ReplyFate::withheld;
    const bool is_doubled =
        has(Defect::bdat_last_answered_twice) || (is_last_chunk_empty_ && has(Defect::bdat_zero_last_answered_twice));
    if (is_doubled) return ReplyFate::doubled;
  }
  if (verb_ != Verb::bdat) return std::nullopt;
  const bool is_answered =
      std::any_of(sent_.begin(), sent_.end(), [](const SentReply& sent) { return sent.verb == Verb::bdat; });
  if (reply.code == 250 && is_answered && has(Defect::bdat_chunks_of_segment_answered_once)) return ReplyFate::withheld;
  if (reply.code < 400 || sent_.empty()) return std::nullopt;
  if (has(Defect::bdat_refused_in_pipeline_not_answered)) return ReplyFate::withheld;
  if (has(Defect::bdat_refused_in_pipeline_answered_250)) reply = {250, "2.0.0", {"Chunk received"}};
  return std::nullopt;
}

}  // namespace smtpspec::server
