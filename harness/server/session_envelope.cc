// MAIL and RCPT: who sends, and to whom (RFC 5321 §3.3, §3.4, §4.1.1.2, §4.1.1.3).
#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/envelope_syntax.h"
#include "harness/server/parameters.h"
#include "harness/server/session_implementation.h"

namespace smtpspec::server {
namespace {

// "@one.example,@two.example:" of a path that has it; only defects look at it.
std::string source_route_of(std::string_view argument) {
  const std::string_view path = argument.substr(argument.find("<@") + 1);
  return std::string(path.substr(0, path.find(':') + 1));
}

// What follows FROM: or TO: of an argument that has been read.
std::string behind_colon(std::string_view argument) {
  return std::string(base::trimmed(argument.substr(argument.find(':') + 1)));
}

}  // namespace

Reply Session::Implementation::sequence_error(std::string_view text) const {
  if (has(Defect::sequence_error_answered_500)) return {500, "5.5.1", {"Command not recognized"}};
  constexpr std::string_view kBegin = "Bad sequence of commands, ";
  std::string line;
  line.reserve(kBegin.size() + text.size());
  (line += kBegin) += text;
  return one_line(503, "5.5.1", std::move(line));
}

void Session::Implementation::mail(std::string_view argument) {
  if (!config_->defects.empty() && spoils_mail(argument)) return;
  if (client_name_.empty()) return answer(sequence_error("send EHLO first"));
  if (waits_for_rset()) return answer(sequence_error("RSET first"));
  if (std::exchange(is_left_by_ehlo_, false)) reset_transaction();
  const bool takes_nested = has(Defect::nested_mail_keeps_recipients);
  if (transaction_.is_open && !takes_nested) {
    if (has(Defect::refused_nested_mail_clears_transaction)) reset_transaction();
    return answer(sequence_error("a transaction is open"));
  }
  const std::size_t most = has(Defect::transactions_limited_to_twenty) ? 20 : config_->max_transactions;
  if (most != 0 && mails_ >= most) return answer(452, "4.5.3", "Too many transactions in one session");
  ++mails_;
  if (messages_ > 0 && has(Defect::second_transaction_refused) && !std::exchange(has_refused_second_transaction_, true))
    return answer(sequence_error("a transaction is open"));
  if (refused_mail_ && has(Defect::refused_mail_blocks_next_mail)) return answer(sequence_error("MAIL was refused"));

  Envelope sender;
  if (auto refusal = read_sender(argument, sender)) {
    refused_mail_ = true;
    is_refused_for_size_ = is_refused_for_size_ || refusal->code == 552;
    if (has(Defect::refused_mail_opens_transaction)) transaction_.is_open = true;
    if (has(Defect::size_refusal_opens_transaction) && refusal->code == 552) transaction_.is_open = true;
    return answer(std::move(*refusal));
  }
  if (!takes_nested) reset_transaction();
  transaction_.is_open = previous_verb_ != Verb::rset || !has(Defect::mail_after_rset_not_remembered);
  transaction_.sender = std::move(sender);
  has_used_smtputf8_ = has_used_smtputf8_ || transaction_.sender.smtp_utf8;
  is_last_message_chunked_ = false;
  std::move(kept_recipients_.begin(), kept_recipients_.end(), std::back_inserter(transaction_.recipients));
  kept_recipients_.clear();
  if (!config_->defects.empty()) inherit_parameters();
  if (!config_->defects.empty()) mix_transactions();
  transaction_.content = std::exchange(kept_content_, std::string());
  if (lowers_priority()) return answer(250, "2.3.6", "0 is the priority of this message");
  const bool repeats = has_non_ascii(transaction_.sender.reverse_path) && has(Defect::reply_repeats_non_ascii_sender);
  answer(250, "2.1.0", repeats ? "Sender <" + transaction_.sender.reverse_path + "> ok" : "Sender ok");
}

// The refusal of `mailbox`, which needs SMTPUTF8 (RFC 6531 §3.5).
Reply Session::Implementation::utf8_refusal(int code, const std::string& mailbox) const {
  std::string text = "Non-ASCII address needs SMTPUTF8";
  if (has(Defect::refusal_repeats_non_ascii_address)) text += ": <" + mailbox + ">";
  return {code, "5.6.7", {text}};
}

// RFC 6710 §4.1: who has not logged in is granted no priority above zero, and is told so.
bool Session::Implementation::lowers_priority() {
  std::optional<int>& priority = transaction_.sender.priority;
  if (!priority || *priority <= 0 || !user_.empty() || has(Defect::mt_priority_granted_to_anybody)) return false;
  priority = 0;
  return true;
}

// RFC 6409 §4.2: what a submission server sends on has full names.
bool Session::Implementation::is_unqualified(const Address& address) const {
  if (config_->role != Role::submission || has(Defect::submission_unqualified_sender_accepted)) return false;
  return !address.domain.starts_with('[') && address.domain.find('.') == std::string::npos;
}

// Fills `sender`, or gives the reply that refuses MAIL.
std::optional<Reply> Session::Implementation::read_sender(std::string_view argument, Envelope& sender) const {
  auto path = read_mail_argument(argument, *config_);
  if (!path) return std::move(path.error());
  if (path->is_null && has(Defect::null_reverse_path_refused)) return Reply{550, "5.1.7", {"Sender refused"}};
  if (path->is_null && has(Defect::null_reverse_path_is_syntax_error)) return Reply{501, "5.1.7", {"Syntax error"}};
  if (auto refusal = read_mail_parameters(path->parameters, extended_, *config_, sender)) return refusal;
  const bool takes_require_tls =
      info_.is_tls ? !has(Defect::requiretls_refused_inside_tls) : has(Defect::requiretls_accepted_in_clear);
  if (sender.require_tls && !takes_require_tls) return Reply{555, "5.5.4", {"REQUIRETLS is not for this session"}};
  if (has_used_smtputf8_ && has(Defect::smtputf8_kept_for_next_transaction)) sender.smtp_utf8 = true;
  if (!path->is_null) sender.reverse_path = to_mailbox_text(path->address);
  if (!path->is_null && is_unqualified(path->address)) {
    return Reply{554, "5.1.8", {"The domain of the sender is not fully qualified"}};
  }
  sender.as_sent = behind_colon(argument);
  sender.had_source_route = argument.find("<@") != std::string_view::npos;
  const bool needs_utf8 = has_non_ascii(sender.reverse_path);
  if (needs_utf8 && !sender.smtp_utf8 && !has(Defect::non_ascii_mailbox_without_smtputf8_accepted)) {
    const int code = has(Defect::non_ascii_sender_without_smtputf8_answered_553) ? 553 : 550;
    return utf8_refusal(code, sender.reverse_path);
  }
  if (client_name_.starts_with('[') && has(Defect::ehlo_literal_must_match_address) &&
      client_name_.find(info_.client_address) == std::string::npos) {
    return Reply{550, "5.7.1", {"EHLO does not match your address"}};
  }
  return std::nullopt;
}

void Session::Implementation::rcpt(std::string_view argument) {
  if (!config_->defects.empty() && spoils_rcpt(argument)) return;
  if (!transaction_.is_open && has(Defect::rcpt_before_mail_accepted)) return answer(250, "2.1.5", "Recipient ok");
  if (!transaction_.is_open) return answer(sequence_error("MAIL first"));
  AcceptedRecipient accepted;
  if (auto refusal = read_recipient(argument, accepted)) {
    transaction_.has_refused_recipients = true;
    ++transaction_.refused_recipients;
    if (has(Defect::refused_rcpt_drops_recipients)) transaction_.recipients.clear();
    if (!config_->defects.empty()) keep_refused_recipient(argument);
    if (has(Defect::refused_rcpt_closes_transaction)) reset_transaction();
    return answer(std::move(*refusal));
  }
  const bool forgets =
      has(Defect::recipients_forgotten) || (resets_ > 0 && has(Defect::recipient_after_rset_not_remembered));
  if (forgets) return answer(250, "2.1.5", "Recipient ok");
  transaction_.recipients.push_back(std::move(accepted));
  ++taken_recipients_;
  if (!config_->defects.empty()) inherit_notify();
  if (!config_->defects.empty()) show_recipients();
  if (has(Defect::rcpt_replaces_recipient)) {
    transaction_.recipients.erase(transaction_.recipients.begin(), transaction_.recipients.end() - 1);
  }
  answer(250, "2.1.5", "Recipient ok");
}

std::optional<Reply> Session::Implementation::read_recipient(std::string_view argument, AcceptedRecipient& accepted) {
  auto path = read_rcpt_argument(argument, *config_);
  if (!path) return std::move(path.error());
  if (argument.find("<@") != std::string_view::npos) accepted.source_route = source_route_of(argument);
  if (auto refusal = read_rcpt_parameters(path->parameters, extended_, *config_, accepted.recipient)) return refusal;
  accepted.recipient.as_sent = behind_colon(argument);
  accepted.resolution = directory_.resolve(path->address);
  accepted.recipient.mailbox = accepted.resolution.mailbox;
  accepted.recipient.mailbox_key = accepted.resolution.mailbox_key;
  accepted.recipient.is_relayed = accepted.resolution.is_relayed;
  const bool lacks_utf8 = has_non_ascii(accepted.recipient.mailbox) && !transaction_.sender.smtp_utf8;
  if (lacks_utf8 && has(Defect::non_ascii_recipient_without_smtputf8_accepted)) return std::nullopt;
  if (lacks_utf8 && !has(Defect::non_ascii_mailbox_without_smtputf8_accepted)) {
    const int code = has(Defect::non_ascii_recipient_without_smtputf8_answered_550) ? 550 : 553;
    return utf8_refusal(code, accepted.recipient.mailbox);
  }
  const bool is_taken_for_notify = accepted.resolution.standing == Standing::unknown &&
                                   !accepted.recipient.notify.empty() && has(Defect::notify_admits_unknown_recipient);
  if (is_taken_for_notify) return std::nullopt;
  if (auto refusal = standing_refusal(accepted.resolution)) return refusal;
  if (auto refusal = treatment_refusal(accepted)) return refusal;
  if (auto refusal = recipient_limit_refusal()) return refusal;
  if (is_greylisted(accepted.recipient)) return Reply{450, "4.7.1", {"Greylisted, please try again later"}};
  if (is_deferred(accepted.recipient, config_->deferred_prefix))
    return Reply{451, "4.3.0", {"Not now, please try again later"}};
  return std::nullopt;
}

std::optional<Reply> Session::Implementation::standing_refusal(const Resolution& resolution) const {
  switch (resolution.standing) {
    case Standing::local:
    case Standing::accepted_by_catch_all:
    case Standing::list:
      return std::nullopt;
    case Standing::moved:
      return Reply{551, "5.1.6", {"User not local; please try <" + resolution.mailbox + ">"}};
    case Standing::unknown:
      if (has(Defect::late_failure_refuses_message)) return std::nullopt;
      if (has(Defect::unknown_recipient_answered_450)) return Reply{450, "4.1.1", {"No such user now"}};
      if (has(Defect::unknown_recipient_answered_500)) return Reply{500, "5.1.1", {"No such user here"}};
      return Reply{550, "5.1.1", {"No such user here"}};
    case Standing::foreign:
      if (config_->open_relay || resolution.is_relayed || !user_.empty() || has(Defect::relays_for_everybody) ||
          has(Defect::authentication_not_required))
        return std::nullopt;
      if (has(Defect::relaying_denied_with_451)) return Reply{451, "4.7.1", {"Relaying denied"}};
      if (has(Defect::relaying_denied_with_554)) return Reply{554, "5.7.1", {"Relaying denied"}};
      if (has(Defect::relaying_denied_with_503)) return Reply{503, "5.5.1", {"Relaying denied"}};
      return Reply{550, "5.7.1", {"Relaying denied"}};
  }
  return std::nullopt;
}

// Mail that its own envelope says is not wanted (RFC 3865 §2.3). No mailbox here has changed hands, so that RRVS never
// refuses one; for the roles of a domain it would not count anyway (RFC 7293 §5.1).
std::optional<Reply> Session::Implementation::treatment_refusal(const AcceptedRecipient& accepted) const {
  if (!accepted.recipient.valid_since.empty() && has(Defect::rrvs_applied_to_postmaster) &&
      accepted.recipient.mailbox_key == "postmaster") {
    return Reply{550, "5.7.17", {"The mailbox has changed hands"}};
  }
  const std::string& unwanted = config_->unwanted_solicitation;
  if (unwanted.empty() || transaction_.sender.solicitation.empty() || has(Defect::solicit_class_accepted)) {
    return std::nullopt;
  }
  const std::string classes = "," + base::to_upper(transaction_.sender.solicitation) + ",";
  if (classes.find("," + base::to_upper(unwanted) + ",") == std::string::npos) return std::nullopt;
  if (has(Defect::solicit_class_not_named)) return Reply{550, "5.7.1", {"Not wanted here"}};
  return Reply{550, "5.7.1", {"SOLICIT=" + unwanted}};
}

std::optional<Reply> Session::Implementation::recipient_limit_refusal() {
  const std::size_t count = transaction_.recipients.size();
  if (has(Defect::fewer_than_100_recipients) && count >= 50) return Reply{452, "4.5.3", {"Too many recipients"}};
  const std::size_t most = config_->max_recipients;
  if ((count + 1 == most && has(Defect::one_recipient_less_than_rcptmax)) ||
      (count >= most / 2 && has(Defect::rcptmax_counts_half)) ||
      (taken_recipients_ >= most && has(Defect::rcptmax_counts_over_transactions))) {
    return Reply{452, "4.5.3", {"Too many recipients"}};
  }
  if (count < most) return std::nullopt;
  return Reply{452, "4.5.3", {"Too many recipients"}};
}

bool Session::Implementation::is_greylisted(const Recipient& recipient) {
  if (!config_->greylisting) return false;
  const std::string triplet = info_.client_address + ' ' + transaction_.sender.reverse_path + ' ' + recipient.mailbox;
  const base::WallTime now = environment_->now().time;
  const base::WallTime first = environment_->memory.greylist.try_emplace(triplet, now).first->second;
  return now - first < config_->greylist_delay;
}

// Whom there is no room to remember is taken at once.
bool Session::Implementation::is_deferred(const Recipient& recipient, const std::string& prefix) const {
  constexpr std::size_t kMaxDeferred = 10'000;
  std::set<std::string>& deferred = environment_->memory.deferred;
  if (prefix.empty() || deferred.size() >= kMaxDeferred) return false;
  if (!base::starts_with_ignoring_case(recipient.mailbox, prefix)) return false;
  return deferred.insert(base::to_lower(recipient.mailbox)).second;
}

}  // namespace smtpspec::server
