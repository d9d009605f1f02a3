// The defects of pipelining: what a server does wrong because of how commands and replies share a segment (RFC 2920).
#include <algorithm>
#include <utility>

#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kSmallBufferOctets = 1024;
constexpr std::size_t kFullBufferOctets = 4096;
constexpr std::size_t kMostCommands = 3;  // of a segment

bool may_stand_anywhere(Verb verb) { return verb == Verb::mail || verb == Verb::rcpt || verb == Verb::rset; }

}  // namespace

void Session::Implementation::begin_segment(std::string_view& octets) {
  if (mode_ == Mode::command && has(Defect::input_beyond_1024_octets_lost)) {
    octets = octets.substr(0, kSmallBufferOctets);
  }
  if (has(Defect::crlf_in_two_segments_not_seen)) lines_.forget_cr();
  segment_octets_ = octets.size();
  ++segments_;
}

void Session::Implementation::end_segment() {
  if (mode_ == Mode::command && !lines_.partial().empty()) spoil_unfinished_line();
  const std::string waiting = std::exchange(held_back_, "");
  std::vector<std::string> replies = replies_of_segment();
  if (replies.empty()) {
    if (out_.octets.empty() && out_.then == Then::keep_open) {
      held_back_ = waiting;
    } else {
      out_.octets.insert(0, waiting);
    }
    return;
  }
  reorder_replies(replies);
  const std::size_t held = out_.then == Then::keep_open ? replies_to_hold_back() : 0;
  out_.octets = waiting;
  for (std::size_t i = 0; i < replies.size(); ++i) (i + held < replies.size() ? out_.octets : held_back_) += replies[i];
}

void Session::Implementation::spoil_unfinished_line() {
  const bool is_lost = has(Defect::command_in_two_segments_lost) ||
                       (has(Defect::line_across_full_buffer_lost) && segment_octets_ >= kFullBufferOctets);
  const bool is_refused = has(Defect::command_in_two_segments_refused);
  if (is_lost || is_refused) lines_.clear();
  if (!is_refused) return;
  verb_ = Verb::unknown;
  answer(500, "5.5.2", "Syntax error, the line has no end");
}

// The replies to one segment, or nothing if there is none or another defect has damaged them.
std::vector<std::string> Session::Implementation::replies_of_segment() const {
  std::vector<std::string> replies;
  if (sent_.size() != reply_starts_.size()) return replies;
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    const std::size_t end = i + 1 < sent_.size() ? reply_starts_[i + 1] : out_.octets.size();
    if (end < reply_starts_[i] || end > out_.octets.size()) return {};
    replies.push_back(out_.octets.substr(reply_starts_[i], end - reply_starts_[i]));
  }
  return replies;
}

void Session::Implementation::reorder_replies(std::vector<std::string>& replies) const {
  std::vector<std::string> first;
  std::vector<std::string> others;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const bool is_last = i + 1 == replies.size();
    const bool comes_first = (sent_[i].code >= 400 && has(Defect::pipelined_refusals_answered_first)) ||
                             (sent_[i].verb == Verb::noop && has(Defect::pipelined_noop_answered_first)) ||
                             (is_last && has(Defect::pipelined_last_reply_first));
    if (!is_last && sent_[i].answered == Answered::message) {
      if (has(Defect::reply_to_message_behind_next_reply)) std::swap(replies[i], replies[i + 1]);
      if (sent_[i + 1].verb == Verb::quit && has(Defect::pipelined_quit_not_answered)) replies[i + 1].clear();
      if (sent_[i + 1].verb == Verb::quit && has(Defect::pipelined_quit_loses_reply_to_message)) replies[i].clear();
    }
    (comes_first ? first : others).push_back(replies[i]);
  }
  replies = std::move(first);
  std::move(others.begin(), others.end(), std::back_inserter(replies));
}

// How many of the last replies wait for the next command.
std::size_t Session::Implementation::replies_to_hold_back() const {
  const SentReply& last = sent_.back();
  const std::size_t count = sent_.size();
  const bool is_group = count > 1;
  const bool needs_sync = is_group && std::all_of(sent_.begin(), sent_.end(),
                                                  [](const SentReply& r) { return may_stand_anywhere(r.verb); });
  if (needs_sync && has(Defect::group_without_sync_held_back)) return count;
  if (count > kMostCommands && has(Defect::replies_beyond_three_held_back)) return count - kMostCommands;
  const bool is_data = last.verb == Verb::data && last.answered == Answered::command;
  const bool holds_last =
      (needs_sync && has(Defect::last_reply_of_group_held_back)) ||
      (last.verb == Verb::noop && has(Defect::noop_reply_held_back)) ||
      (last.verb == Verb::bdat && last.code == 250 && has(Defect::bdat_reply_held_back)) ||
      (last.verb == Verb::etrn && has(Defect::etrn_reply_held_back)) ||
      (last.verb == Verb::noop && is_group && has(Defect::noop_of_group_reply_held_back)) ||
      (last.verb == Verb::vrfy && has(Defect::vrfy_reply_held_back)) ||
      (last.verb == Verb::expn && has(Defect::expn_reply_held_back)) ||
      (last.verb == Verb::turn && has(Defect::turn_reply_held_back)) ||
      (last.verb == Verb::ehlo && greetings_ > 1 && has(Defect::second_ehlo_reply_held_back)) ||
      (is_data && is_group && has(Defect::data_reply_of_group_held_back)) ||
      (is_data && last.code >= 400 && has(Defect::refused_data_reply_held_back)) ||
      (last.verb == Verb::unknown && has(Defect::unknown_command_reply_held_back)) ||
      (last.verb == Verb::unknown && is_group && has(Defect::unknown_command_of_group_reply_held_back));
  return holds_last ? 1 : 0;
}

bool Session::Implementation::drops_rest_of_segment() const {
  if (sent_.empty()) return false;
  const SentReply& last = sent_.back();
  const bool is_refusal = last.code >= 400;
  const bool is_greeting = last.verb == Verb::ehlo || last.verb == Verb::helo || last.verb == Verb::lhlo;
  return (last.verb == Verb::rset && has(Defect::pipelined_rset_drops_input)) ||
         (sent_.size() >= kMostCommands && has(Defect::pipeline_limited_to_three_commands)) ||
         (last.verb == Verb::rcpt && is_refusal && has(Defect::refused_recipient_drops_input)) ||
         (last.verb == Verb::data && last.answered == Answered::command && is_refusal &&
          has(Defect::refused_data_drops_input)) ||
         (last.verb == Verb::auth && is_refusal && has(Defect::refused_auth_drops_input)) ||
         (last.verb == Verb::auth && last.code == 235 && has(Defect::auth_success_drops_input)) ||
         (last.verb == Verb::unknown && has(Defect::unknown_command_drops_input)) ||
         (is_greeting && has(Defect::ehlo_drops_input));
}

// The reply to a command because of what came before it in its segment.
std::optional<Reply> Session::Implementation::defective_group_reply(Verb verb) const {
  const auto holds = [&](auto is_one) { return std::any_of(sent_.begin(), sent_.end(), is_one); };
  const bool behind_rset = holds([](const SentReply& r) { return r.verb == Verb::rset; });
  const bool behind_rcpt = holds([](const SentReply& r) { return r.verb == Verb::rcpt; });
  const bool behind_message = holds([](const SentReply& r) { return r.answered == Answered::message; });
  const bool is_refused =
      (verb == Verb::mail && behind_rset && has(Defect::pipelined_mail_behind_rset_refused)) ||
      (verb == Verb::mail && behind_message && has(Defect::pipelined_mail_behind_message_refused)) ||
      (verb == Verb::rcpt && behind_rcpt && has(Defect::pipelined_recipients_refused)) ||
      (verb == Verb::data && !sent_.empty() && has(Defect::pipelined_data_refused)) ||
      (verb == Verb::quit && behind_rcpt && has(Defect::pipelined_quit_refused));
  if (is_refused) return Reply{503, "5.5.1", {"Improper use of command pipelining"}};
  if (verb == Verb::rset && !sent_.empty() && has(Defect::pipelined_rset_ignored)) return Reply{250, "2.0.0", {"Ok"}};
  return std::nullopt;
}

}  // namespace smtpspec::server
