// The defects by which the buffers of a transaction (RFC 5321 §4.1.1, §4.1.4) change where nothing should change them,
// or are not emptied where they should be: by commands that leave them alone, by commands that are refused, by earlier
// transactions of the session and by other sessions.
#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

struct Meddling {
  Verb verb;  // which leaves all buffers untouched
  Defect keeps_first_recipient;
  Defect drops_last_recipient;
  Defect forgets_sender;
};

constexpr Meddling kMeddlings[] = {
    {Verb::noop, Defect::noop_keeps_first_recipient_only, Defect::noop_drops_last_recipient,
     Defect::noop_forgets_sender},
    {Verb::vrfy, Defect::vrfy_keeps_first_recipient_only, Defect::vrfy_drops_last_recipient,
     Defect::vrfy_forgets_sender},
    {Verb::expn, Defect::expn_keeps_first_recipient_only, Defect::expn_drops_last_recipient,
     Defect::expn_forgets_sender},
    {Verb::help, Defect::help_keeps_first_recipient_only, Defect::help_drops_last_recipient,
     Defect::help_forgets_sender},
};

// A mailbox as it stood behind RCPT TO:, without brackets.
std::string_view mailbox_as_sent(const Recipient& recipient) {
  const std::string_view text = recipient.as_sent;
  return text.empty() ? text : text.substr(1, text.find('>') - 1);
}

std::string_view domain_as_sent(const Recipient& recipient) {
  const std::string_view mailbox = mailbox_as_sent(recipient);
  return mailbox.substr(std::min(mailbox.rfind('@'), mailbox.size()));
}

bool has_upper_case(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_postmaster_without_domain(const Recipient& recipient) {
  return base::equals_ignoring_case(mailbox_as_sent(recipient), "postmaster");
}

bool is_postmaster_in_another_case(const Recipient& recipient) {
  const std::string_view mailbox = mailbox_as_sent(recipient);
  const std::string_view name = mailbox.substr(0, mailbox.find('@'));
  return base::equals_ignoring_case(name, "postmaster") && name != "postmaster" && name != "Postmaster";
}

struct Loss {
  Defect defect;
  bool (*concerns)(const Recipient& recipient);
};

constexpr Loss kLosses[] = {
    {Defect::quoted_recipient_lost, [](const Recipient& r) { return mailbox_as_sent(r).starts_with('"'); }},
    {Defect::postmaster_without_domain_lost, is_postmaster_without_domain},
    {Defect::postmaster_in_another_case_lost, is_postmaster_in_another_case},
    {Defect::recipient_with_domain_in_capitals_lost,
     [](const Recipient& r) { return !domain_as_sent(r).starts_with("@[") && has_upper_case(domain_as_sent(r)); }},
    {Defect::recipient_at_address_literal_lost, [](const Recipient& r) { return domain_as_sent(r).starts_with("@["); }},
};

}  // namespace

// A command has been answered.
void Session::Implementation::spoil_buffers(const Command& command) {
  if (!transaction_.is_open) return note_refused_sender(command);
  std::vector<AcceptedRecipient>& recipients = transaction_.recipients;
  const bool has_several = recipients.size() > 1;
  const bool is_refused = last_code_ >= 400;
  for (const Meddling& one : kMeddlings) {
    if (one.verb != command.verb) continue;
    if (has_several && has(one.keeps_first_recipient)) recipients.resize(1);
    if (has_several && has(one.drops_last_recipient)) recipients.pop_back();
    if (has(one.forgets_sender)) transaction_.sender.reverse_path.clear();
  }
  if (!is_refused) add_named_recipients(command);
  const bool drops_last =
      (command.verb == Verb::rcpt && is_refused && has(Defect::refused_rcpt_drops_last_recipient)) ||
      (command.verb == Verb::unknown && has(Defect::unknown_command_drops_last_recipient)) ||
      (command.verb == Verb::mail && is_refused && has(Defect::refused_nested_mail_drops_last_recipient)) ||
      (command.verb == Verb::rcpt && !is_refused && transaction_.has_refused_recipients &&
       has(Defect::recipient_behind_refused_one_lost));
  if (has_several && drops_last) recipients.pop_back();
  if (command.verb == Verb::mail && is_refused && has(Defect::refused_nested_mail_replaces_sender)) {
    const auto path = read_mail_argument(command.argument, *config_);
    if (path && !path->is_null) transaction_.sender.reverse_path = to_mailbox_text(path->address);
  }
  if (command.verb == Verb::rcpt) refused_as_last_.reset();
  if (command.verb == Verb::rcpt && last_code_ == 550 && !recipients.empty() && config_->role != Role::lmtp &&
      has(Defect::refused_recipient_counts_as_last)) {
    refused_as_last_ = as_if_accepted(command.argument);
  }
}

// A MAIL outside a transaction has been answered.
void Session::Implementation::note_refused_sender(const Command& command) {
  if (command.verb != Verb::mail || !has(Defect::sender_of_refused_mail_taken)) return;
  const auto path = read_mail_argument(command.argument, *config_);
  if (path && !path->is_null) refused_sender_ = to_mailbox_text(path->address);
}

// VRFY, EXPN or RCPT has been answered with 2yz within a transaction.
void Session::Implementation::add_named_recipients(const Command& command) {
  std::vector<AcceptedRecipient>& recipients = transaction_.recipients;
  const auto add = [&](Resolution resolution) {
    const Recipient recipient{resolution.mailbox, resolution.mailbox_key, "", ""};
    if (!resolution.mailbox_key.empty()) recipients.push_back({recipient, std::move(resolution)});
  };
  const bool is_question = (command.verb == Verb::vrfy && has(Defect::vrfy_adds_recipient)) ||
                           (command.verb == Verb::expn && has(Defect::expn_adds_members));
  if (const auto address = is_question ? read_user_name(command.argument, *config_) : std::nullopt) {
    const Resolution resolution = directory_.resolve(*address);
    if (!resolution.list) add(resolution);
    if (resolution.list && command.verb == Verb::expn) {
      for (Resolution& member : directory_.members_of(*resolution.list)) add(std::move(member));
    }
  }
  if (command.verb != Verb::rcpt || !has(Defect::repeated_recipient_lost)) return;
  const std::string named = recipients.back().recipient.mailbox;
  const auto is_named = [&](const AcceptedRecipient& r) { return r.recipient.mailbox == named; };
  const auto count = static_cast<std::size_t>(std::count_if(recipients.begin(), recipients.end(), is_named));
  if (count > 1 && count < recipients.size()) std::erase_if(recipients, is_named);
}

// The recipient of an RCPT that has been refused, or nothing if it names none.
std::optional<AcceptedRecipient> Session::Implementation::as_if_accepted(std::string_view argument) const {
  const std::size_t open = argument.find('<');
  const std::size_t close = argument.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  const auto address = read_user_name(argument.substr(open, close - open + 1), *config_);
  if (!address) return std::nullopt;
  Resolution resolution = directory_.resolve(*address);
  const Recipient recipient{resolution.mailbox, resolution.mailbox_key, "", ""};
  return AcceptedRecipient{recipient, std::move(resolution)};
}

// Another session has done what in this one would empty the buffers. Asked at each command.
void Session::Implementation::suffer_other_sessions() {
  const ServerMemory& memory = environment_->memory;
  const bool was_reset = std::exchange(seen_resets_, memory.resets) != memory.resets;
  const bool has_ended = std::exchange(seen_ends_, memory.ends) != memory.ends;
  if ((was_reset && has(Defect::rset_of_other_session_drops_recipients)) ||
      (has_ended && has(Defect::end_of_other_session_drops_recipients))) {
    transaction_.recipients.clear();
  }
}

// RSET is about to empty the buffers.
void Session::Implementation::remember_before_rset() {
  ++seen_resets_;
  ++environment_->memory.resets;
  has_refused_message_ = false;
  is_third_message_done_ = false;
  if (transaction_.is_open) left_by_rset_ = transaction_;
  left_octets_ = declared_octets_;
}

// EHLO is about to empty the buffers. True if it must not, for less has been emptied than it should.
bool Session::Implementation::keeps_sender_over_ehlo() {
  if (transaction_.is_open) left_by_ehlo_ = transaction_;
  if (!transaction_.is_open || !has(Defect::ehlo_keeps_sender)) return false;
  transaction_.recipients.clear();
  is_left_by_ehlo_ = true;
  return true;
}

// MAIL is to be refused until RSET has come.
bool Session::Implementation::waits_for_rset() const {
  return (has_refused_message_ && has(Defect::mail_after_refused_message_needs_rset)) ||
         (is_third_message_done_ && has(Defect::mail_after_third_message_needs_rset));
}

// MAIL has been accepted: what earlier transactions have left joins it.
void Session::Implementation::inherit_parameters() {
  Envelope& sender = transaction_.sender;
  const Envelope& reset = left_by_rset_.sender;
  const bool takes_notice = has(Defect::rset_keeps_notice_parameters);
  const Envelope& earlier = takes_notice ? reset : left_by_message_;
  if (takes_notice || has(Defect::message_leaves_notice_parameters)) {
    if (sender.ret.empty()) sender.ret = earlier.ret;
    if (sender.envelope_id.empty()) sender.envelope_id = earlier.envelope_id;
  }
  if (sender.body.empty() && has(Defect::rset_keeps_body)) sender.body = reset.body;
  if (reset.smtp_utf8 && has(Defect::rset_keeps_smtputf8)) sender.smtp_utf8 = true;
  environment_->memory.last_sender = sender.reverse_path;
}

// RCPT has been accepted.
void Session::Implementation::inherit_notify() {
  const std::size_t place = transaction_.recipients.size() - 1;
  Recipient& recipient = transaction_.recipients.back().recipient;
  if (recipient.notify.empty() && has(Defect::notify_of_first_recipient_holds_for_all))
    recipient.notify = transaction_.recipients.front().recipient.notify;
  if (!has(Defect::rset_keeps_notify) || place >= left_by_rset_.recipients.size()) return;
  if (recipient.notify.empty()) recipient.notify = left_by_rset_.recipients[place].recipient.notify;
}

// What is left of the limit that a MAIL set before RSET; 0: nothing.
std::size_t Session::Implementation::limit_left_by_rset() const {
  return has(Defect::rset_keeps_declared_size) && declared_octets_ == 0 ? left_octets_ : 0;
}

// A message has been accepted, and is about to be stored for `done`.
void Session::Implementation::mix_messages(Transaction& done, std::string& content) {
  ServerMemory& memory = environment_->memory;
  std::string& sender = done.sender.reverse_path;
  const std::string own_sender = sender;
  const std::string own_content = content;
  const auto add_once = [&](const AcceptedRecipient& other) {
    const auto is_same = [&](const AcceptedRecipient& r) { return r.recipient.mailbox == other.recipient.mailbox; };
    if (std::none_of(done.recipients.begin(), done.recipients.end(), is_same)) done.recipients.push_back(other);
  };
  if (refused_as_last_) done.recipients.push_back(*std::exchange(refused_as_last_, std::nullopt));
  // LMTP would tell of them.
  const bool is_lmtp = config_->role == Role::lmtp;
  if (messages_ == 2 && !is_lmtp && has(Defect::second_message_goes_to_recipients_of_first))
    std::for_each(first_recipients_.begin(), first_recipients_.end(), add_once);
  if (!is_lmtp && has(Defect::recipients_of_refused_message_join_next))
    std::for_each(recipients_of_refused_message_.begin(), recipients_of_refused_message_.end(), add_once);
  recipients_of_refused_message_.clear();
  const Transaction reset = std::exchange(left_by_rset_, Transaction{});
  const Transaction greeted = std::exchange(left_by_ehlo_, Transaction{});
  if (!is_lmtp && has(Defect::recipients_before_rset_join_next_message))
    std::for_each(reset.recipients.begin(), reset.recipients.end(), add_once);
  if (!is_lmtp && has(Defect::recipients_before_ehlo_join_next_message))
    std::for_each(greeted.recipients.begin(), greeted.recipients.end(), add_once);
  if (reset.is_open && has(Defect::rset_leaves_sender_to_next_message)) sender = reset.sender.reverse_path;
  if (greeted.is_open && has(Defect::ehlo_leaves_sender_to_next_message)) sender = greeted.sender.reverse_path;
  if (!refused_sender_.empty()) sender = std::exchange(refused_sender_, "");
  if (messages_ == 3 && done.recipients.size() > 1 && has(Defect::third_message_loses_last_recipient))
    done.recipients.pop_back();
  const bool keeps_sender =
      (messages_ == 2 && has(Defect::second_message_keeps_sender_of_first)) ||
      (messages_ == 3 && has(Defect::third_message_keeps_sender_of_second)) ||
      (messages_ > 1 && sender.empty() && has(Defect::null_reverse_path_replaced_by_previous_sender));
  if (keeps_sender) sender = last_sender_;
  if (has(Defect::sender_of_other_session_taken)) sender = memory.last_sender;
  if (content.size() < last_content_.size() && has(Defect::shorter_message_ends_with_rest_of_longer_one))
    content += last_content_.substr(content.size());
  if (memory.messages != messages_at_data_ && !is_last_message_chunked_ && has(Defect::text_of_other_session_taken))
    content = memory.last_content;
  if (has(Defect::text_of_lost_connection_begins_next_message))
    content.insert(0, std::exchange(memory.lost_content[own_sender], ""));
  left_octets_ = 0;
  ++memory.messages;
  memory.last_content = own_content;
  if (messages_ == 1) first_recipients_ = done.recipients;
  is_third_message_done_ = messages_ % 3 == 0;
  last_sender_ = own_sender;
  last_content_ = own_content;
  last_done_ = done;
  left_by_message_ = done.sender;
}

// A message has been refused.
void Session::Implementation::remember_refused_message() {
  has_refused_message_ = true;
  left_octets_ = 0;
  recipients_of_refused_message_ = transaction_.recipients;
}

// The connection has been lost within a message.
void Session::Implementation::spoil_lost_message() {
  const bool is_at_dot = data_tail_.ends_with("\r\n.") || data_tail_.ends_with("\r\n.\r");
  const std::string content(data_.content());
  if (has(Defect::text_of_lost_connection_begins_next_message))
    environment_->memory.lost_content[transaction_.sender.reverse_path] = content;
  if (messages_ > 0 && has(Defect::lost_connection_repeats_previous_message))
    store_for(last_done_, last_done_.recipients, last_content_);
  if ((is_at_dot && has(Defect::lost_connection_behind_dot_completes_message)) ||
      (content.ends_with("\r\n\r\n") && has(Defect::lost_connection_behind_empty_line_completes_message))) {
    accept_message(content);
  }
}

// Whom a message is stored for, in the end.
void Session::Implementation::spoil_recipients(const Transaction& done, std::vector<Delivery>& deliveries) const {
  constexpr std::size_t kMostRecipients = 50;
  for (Delivery& delivery : deliveries) {
    if (!delivery.final) continue;
    std::vector<Recipient>& recipients = delivery.envelope.recipients;
    for (const Loss& loss : kLosses) {
      if (has(loss.defect)) std::erase_if(recipients, loss.concerns);
    }
    if (recipients.size() > kMostRecipients && has(Defect::recipients_beyond_fifty_lost))
      recipients.resize(kMostRecipients);
    const std::vector<Recipient> once = recipients;
    if (done.has_refused_recipients && has(Defect::recipients_beside_refused_one_served_twice))
      recipients.insert(recipients.end(), once.begin(), once.end());
    const auto failing =
        std::find_if(recipients.begin(), recipients.end(), [](const Recipient& r) { return r.mailbox_key.empty(); });
    if (failing != recipients.end() && has(Defect::recipients_behind_undeliverable_one_lost))
      recipients.erase(failing + 1, recipients.end());
  }
}

}  // namespace smtpspec::server
