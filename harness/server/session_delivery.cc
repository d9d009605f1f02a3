// What happens to a complete message: trace fields, one way on for each kind of recipient, and the final reply.
#include <algorithm>
#include <map>
#include <utility>

#include "harness/server/content_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/server/text_defects.h"
#include "harness/server/trace.h"

namespace smtpspec::server {
namespace {

constexpr std::size_t kThirtyHops = 30;

Reply reply_to(DeliveryResult result, const std::string& id) {
  switch (result) {
    case DeliveryResult::accepted:
      return {250, "2.0.0", {"Ok, queued as " + id}};
    case DeliveryResult::temporary_failure:
      return {451, "4.3.0", {"Requested action aborted, try again later"}};
    case DeliveryResult::permanent_failure:
      return {554, "5.3.0", {"Transaction failed"}};
  }
  return {451, "4.3.0", {"Requested action aborted"}};
}

bool is_failure(const Reply& reply) { return reply.code >= 400; }

bool is_repeated(const std::vector<Recipient>& recipients, const Recipient& recipient) {
  for (const Recipient& earlier : recipients) {
    if (earlier.mailbox == recipient.mailbox) return true;
  }
  return false;
}

std::string priority_clause(const std::vector<Delivery>& deliveries, const DefectSet& defects) {
  if (deliveries.empty() || !deliveries.front().envelope.priority) return "";
  if (defects.has(Defect::mt_priority_not_in_received)) return "";
  return std::to_string(*deliveries.front().envelope.priority);
}

// Local recipients that nobody can deliver to.
std::vector<Recipient> undeliverable_of(const Delivery& delivery) {
  std::vector<Recipient> failures;
  if (!delivery.final) return failures;
  for (const Recipient& recipient : delivery.envelope.recipients) {
    if (recipient.mailbox_key.empty()) failures.push_back(recipient);
  }
  return failures;
}

}  // namespace

void Session::Implementation::accept_message(std::string content) {
  ++messages_;
  verb_ = Verb::data;
  answered_ = Answered::message;
  if (!config_->defects.empty()) hide_recipients();
  Transaction done = std::exchange(transaction_, Transaction{});
  if (!config_->defects.empty()) mix_messages(done, content);
  if (has(Defect::end_of_data_keeps_envelope)) {
    transaction_.is_open = true;
    transaction_.sender = done.sender;
    transaction_.recipients = done.recipients;
  }
  std::vector<Reply> replies;
  if (config_->role == Role::lmtp && !has(Defect::lmtp_answers_once)) {
    for (const AcceptedRecipient& recipient : done.recipients) {
      const bool loses =
          (replies.size() == 1 && has(Defect::second_recipient_lost)) ||
          (std::any_of(replies.begin(), replies.end(), is_failure) && has(Defect::lmtp_failure_withholds_the_rest));
      replies.push_back(loses ? reply_to(DeliveryResult::accepted, environment_->unique_id())
                              : store_for(done, {recipient}, content));
    }
  } else {
    replies.push_back(store_for(done, done.recipients, content));
  }
  if (has(is_last_message_chunked_ ? Defect::bdat_last_answered_for_each_recipient
                                   : Defect::message_answered_for_each_recipient))
    replies.resize(done.recipients.size(), Reply(replies.front()));
  if (has(Defect::ehlo_needed_before_each_message)) client_name_.clear();
  if (std::exchange(answered_before_end_of_data_, false)) return;
  if (!config_->defects.empty() && config_->role == Role::lmtp) spoil_lmtp_replies(done, replies);
  if (has(Defect::lmtp_merges_equal_recipients)) drop_replies_to_repeated_recipients(done.recipients, replies);
  for (Reply& reply : replies) answer(std::move(reply));
  if (has(Defect::end_of_data_answered_twice)) answer(250, "2.0.0", "Ok, delivered");
  if (messages_ > 1 && has(Defect::closes_after_second_message)) close();
}

void Session::Implementation::drop_replies_to_repeated_recipients(const std::vector<AcceptedRecipient>& recipients,
                                                                  std::vector<Reply>& replies) {
  std::vector<Recipient> seen;
  std::vector<Reply> kept;
  for (std::size_t i = 0; i < recipients.size() && i < replies.size(); ++i) {
    if (is_repeated(seen, recipients[i].recipient)) continue;
    seen.push_back(recipients[i].recipient);
    kept.push_back(replies[i]);
  }
  replies = std::move(kept);
}

void Session::Implementation::spoil_lmtp_replies(const Transaction& done, std::vector<Reply>& replies) const {
  if (has(Defect::lmtp_replies_in_reverse)) std::reverse(replies.begin(), replies.end());
  if (has(Defect::lmtp_answers_for_refused_recipients)) {
    replies.insert(replies.end(), done.refused_recipients, Reply{550, "5.1.1", {"No such user here"}});
  }
  const auto failed = std::find_if(replies.begin(), replies.end(), [](const Reply& r) { return r.code >= 400; });
  if (failed != replies.end() && has(Defect::lmtp_one_failure_refuses_all)) std::fill(failed, replies.end(), *failed);
}

// Hands the message for `recipients` to the environment and gives the reply.
Reply Session::Implementation::store_for(const Transaction& done, const std::vector<AcceptedRecipient>& recipients,
                                         const std::string& content) {
  const std::string id = environment_->unique_id();
  if (recipients.empty()) return {554, "5.5.1", {"No valid recipients"}};
  std::vector<Delivery> deliveries = deliveries_for(done.sender, recipients, id);
  if (!config_->defects.empty()) spoil_recipients(done, deliveries);
  if (loses_message(done, content)) return reply_to(DeliveryResult::accepted, id);
  bool all_final = true;
  for (const Delivery& delivery : deliveries) all_final = all_final && delivery.final;
  // RFC 5321 §4.4: final delivery may drop older Return-Path fields, so that exactly one is left.
  const bool drops_old =
      all_final && count_header_fields(content, "return-path:") > 0 && !has(Defect::older_return_path_kept);
  std::string changed;
  if (drops_old) changed = without_header_field(content, "return-path:");
  if (has(Defect::existing_received_removed)) changed = without_header_field(content, "received:");
  if (has(Defect::received_below_older_one)) changed = with_received_below_older(content, deliveries);
  if (has(Defect::received_at_the_end_of_header)) changed = with_trace_below_header(content, deliveries);
  if (!config_->defects.empty()) {
    if (changed.empty()) changed = content;
    const auto is_list = [](const AcceptedRecipient& r) { return r.resolution.standing == Standing::list; };
    if (has(Defect::list_drops_reply_to) && std::any_of(recipients.begin(), recipients.end(), is_list))
      changed = without_header_field(changed, "reply-to:");
    const auto is_failing = [](const Delivery& delivery) { return !undeliverable_of(delivery).empty(); };
    if (has(Defect::late_failure_refuses_all_recipients) &&
        std::any_of(deliveries.begin(), deliveries.end(), is_failing))
      return undeliverable_reply();
    spoil_deliveries(deliveries, changed);
    spoil_relayed(deliveries, recipients, changed);
    if (auto result = held_back(deliveries, changed)) return reply_to(*result, id);
  }
  const std::string& stored = changed.empty() ? content : changed;
  const DeliveryResult result = environment_->deliver(deliveries, stored);
  if (result != DeliveryResult::accepted) return reply_to(result, id);
  for (const Delivery& delivery : deliveries) {
    const std::vector<Recipient> failures = undeliverable_of(delivery);
    if (failures.empty()) continue;
    // LMTP has a reply for each recipient, and so no need of a notice (RFC 2033 §4.2).
    if (config_->role == Role::lmtp) return undeliverable_reply();
    const Envelope& sender = has(Defect::list_failures_to_poster) ? done.sender : delivery.envelope;
    report_failures(sender, failures, delivery.trace_fields + stored);
  }
  const auto is_unknown = [](const AcceptedRecipient& r) { return r.resolution.standing == Standing::unknown; };
  if (has(Defect::late_failure_refuses_message) && std::any_of(recipients.begin(), recipients.end(), is_unknown))
    return {554, "5.1.1", {"Delivery failed"}};
  // LMTP answers for each recipient: the client tells of success (RFC 2033 §4.2).
  if (config_->role != Role::lmtp && !deliveries.empty()) {
    report_successes(done.sender, recipients, deliveries.front().trace_fields + stored);
  }
  return reply_to(result, id);
}

bool Session::Implementation::loses_message(const Transaction& done, std::string_view content) const {
  const auto has_route = [](const AcceptedRecipient& recipient) { return !recipient.source_route.empty(); };
  return has(Defect::accepted_message_lost) ||
         (has_used_bdat_ && !is_last_message_chunked_ && has(Defect::data_after_bdat_message_lost)) ||
         (was_bdat_failed_ && has(Defect::message_after_failed_bdat_lost)) ||
         (messages_ == 2 && has(Defect::second_message_lost)) || (messages_ == 3 && has(Defect::third_message_lost)) ||
         (has_refused_message_ && has(Defect::message_after_refused_message_lost)) ||
         (has(Defect::source_routed_message_lost) &&
          std::any_of(done.recipients.begin(), done.recipients.end(), has_route)) ||
         (has(Defect::message_without_date_lost) && count_header_fields(content, "date:") == 0) ||
         (has(Defect::message_without_from_lost) && count_header_fields(content, "from:") == 0) ||
         (has(Defect::message_with_control_characters_lost) && has_control_character(content)) ||
         (done.has_refused_recipients && has(Defect::message_after_refused_recipient_lost)) ||
         (done.has_refused_recipients && done.recipients.size() >= config_->max_recipients &&
          has(Defect::recipient_overflow_forgets_accepted)) ||
         (done.sender.reverse_path.empty() && has(Defect::null_reverse_path_message_lost)) ||
         (is_helo_session() && has(Defect::helo_message_lost)) ||
         (is_helo_session() && messages_ == 2 && has(Defect::helo_second_message_lost)) ||
         (has(Defect::message_of_thirty_hops_lost) && count_header_fields(content, "received:") >= kThirtyHops) ||
         is_undone_by_what_follows();
}

std::vector<Delivery> Session::Implementation::deliveries_for(const Envelope& sender,
                                                              const std::vector<AcceptedRecipient>& recipients,
                                                              const std::string& id) const {
  Delivery local{sender, "", true};
  Delivery relayed{sender, "", false};
  std::map<const MailingList*, Delivery> lists;
  for (const AcceptedRecipient& accepted : recipients) {
    const bool is_foreign = accepted.resolution.standing == Standing::foreign;
    if (accepted.resolution.standing == Standing::list) {
      Delivery& list = lists.try_emplace(accepted.resolution.list, Delivery{sender, "", true}).first->second;
      // RFC 5321 §3.9.2: what a list sends comes from its administrator.
      if (!has(Defect::list_keeps_sender)) {
        list.envelope.reverse_path = accepted.resolution.list->owner + '@' + directory_.first_domain();
      }
      if (!list.envelope.recipients.empty()) continue;
      for (const Resolution& member : directory_.members_of(*accepted.resolution.list)) {
        if (member.mailbox == sender.reverse_path && has(Defect::list_leaves_out_poster)) continue;
        list.envelope.recipients.push_back({member.mailbox, member.mailbox_key, "", ""});
      }
      continue;
    }
    if (accepted.resolution.is_alias && has(Defect::alias_changes_sender))
      local.envelope.reverse_path = "postmaster@" + directory_.first_domain();
    std::vector<Recipient>& targets = is_foreign ? relayed.envelope.recipients : local.envelope.recipients;
    if (!is_repeated(targets, accepted.recipient)) targets.push_back(accepted.recipient);
  }
  if (has(Defect::second_recipient_lost) && local.envelope.recipients.size() > 1) {
    local.envelope.recipients.erase(local.envelope.recipients.begin() + 1);
  }
  if (has(Defect::first_recipient_lost) && local.envelope.recipients.size() > 1) {
    local.envelope.recipients.erase(local.envelope.recipients.begin());
  }
  std::vector<Delivery> deliveries;
  if (!local.envelope.recipients.empty()) deliveries.push_back(std::move(local));
  for (auto& [list, delivery] : lists) deliveries.push_back(std::move(delivery));
  if (!relayed.envelope.recipients.empty()) deliveries.push_back(std::move(relayed));
  add_trace_fields(deliveries, recipients, id);
  return deliveries;
}

void Session::Implementation::add_trace_fields(std::vector<Delivery>& deliveries,
                                               const std::vector<AcceptedRecipient>& recipients,
                                               const std::string& id) const {
  const bool extended =
      (extended_ || has(Defect::received_with_esmtp_after_helo)) && !has(Defect::received_with_smtp_after_ehlo);
  const bool is_authenticated = (!user_.empty() && !has(Defect::received_without_authentication)) ||
                                (failed_auths_ > 0 && has(Defect::received_with_authentication_after_failure));
  const bool is_utf8 =
      (!deliveries.empty() && deliveries.front().envelope.smtp_utf8 && !has(Defect::received_without_utf8)) ||
      has(Defect::received_with_utf8_without_smtputf8);
  const bool is_lmtp = config_->role == Role::lmtp && !has(Defect::received_with_esmtp_in_lmtp);
  TraceFacts facts{has(Defect::received_names_first_client_name) ? first_client_name_ : client_name_,
                   info_.client_address,
                   config_->host_name,
                   protocol_keyword(is_lmtp, extended, is_utf8,
                                    info_.is_tls && !has(Defect::received_with_esmtp_inside_tls), is_authenticated),
                   id,
                   recipients.size() == 1 ? recipients.front().recipient.mailbox : "",
                   info_.is_tls && !has(Defect::received_without_cipher) ? info_.tls.cipher : "",
                   environment_->now(),
                   priority_clause(deliveries, config_->defects)};
  // RFC 5321 §4.4, §7.2: a for clause names one path, and with several recipients none is shown.
  if (recipients.size() > 1 && has(Defect::received_names_all_recipients)) {
    for (const AcceptedRecipient& accepted : recipients) {
      facts.for_path += (facts.for_path.empty() ? "" : ">,<") + accepted.recipient.mailbox;
    }
  }
  const bool is_unstamped =
      has(Defect::received_missing) || (is_helo_session() && has(Defect::helo_message_without_received));
  const std::string received = is_unstamped ? "" : received_field(facts, config_->defects);
  for (Delivery& delivery : deliveries) {
    if (has(Defect::local_part_changed_to_lower_case)) lower_local_parts(delivery.envelope);
    std::string return_path =
        delivery.final ? return_path_field(with_return_path_defects(delivery.envelope.reverse_path, config_->defects))
                       : "";
    if (has(Defect::return_path_missing)) return_path.clear();
    if (is_helo_session() && has(Defect::helo_message_without_return_path)) return_path.clear();
    if (has(Defect::return_path_always_null) && delivery.final) return_path = return_path_field("");
    const std::string& sender = delivery.envelope.reverse_path;
    if (delivery.final && has(Defect::return_path_without_brackets)) return_path = "Return-Path: " + sender + "\r\n";
    if (delivery.final && sender.empty()) {
      if (has(Defect::null_return_path_missing)) return_path.clear();
      if (has(Defect::null_return_path_names_a_mailbox)) return_path = return_path_field("MAILER-DAEMON");
      if (has(Defect::null_return_path_empty)) return_path = "Return-Path:\r\n";
    }
    delivery.trace_fields = has(Defect::return_path_below_received) ? received + return_path : return_path + received;
  }
}

}  // namespace smtpspec::server
