// What the sender hears of mail that was accepted and then could not be delivered: one delivery status notification
// to the reverse-path, sent with the null reverse-path, and none where that is null itself (RFC 5321 §3.6.3, §6.1).
#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/server/delivery_report.h"
#include "harness/server/report_defects.h"
#include "harness/server/session_implementation.h"
#include "harness/server/trace.h"
#include "harness/wire/path.h"

namespace smtpspec::server {
namespace {

constexpr std::string_view kStatus = "5.3.0";
constexpr std::string_view kDiagnostic = "delivery to this mailbox failed for good";

bool wants_success(const Recipient& recipient, const DefectSet& defects) {
  const bool is_upper_case = recipient.notify.find("SUCCESS") != std::string::npos;
  const bool is_list = recipient.notify.find(',') != std::string::npos;
  return base::to_upper(recipient.notify).find("SUCCESS") != std::string::npos &&
         !defects.has(Defect::success_not_reported) &&
         (is_upper_case || !defects.has(Defect::success_not_reported_with_lower_case_notify)) &&
         (!is_list || !defects.has(Defect::success_not_reported_with_list_of_words));
}

// What stands in angle brackets in the From field; "": nothing does.
std::string author_of(const std::string& message) {
  const std::size_t field = message.find("\nFrom:");
  const std::size_t open = message.find('<', field);
  const std::size_t close = message.find('>', open);
  if (field == std::string::npos || close == std::string::npos) return "";
  return message.substr(open + 1, close - open - 1);
}

}  // namespace

Reply Session::Implementation::undeliverable_reply() { return {550, std::string(kStatus), {std::string(kDiagnostic)}}; }

// `failures`: recipients of an accepted message that nobody can deliver to. `original`: the message as it would have
// been stored.
void Session::Implementation::report_failures(const Envelope& sender, const std::vector<Recipient>& failures,
                                              const std::string& original) {
  ReportFacts facts = facts_of(sender);
  for (const Recipient& failure : recipients_to_report(failures, config_->defects)) {
    facts.recipients.push_back({failure.mailbox, failure.orcpt, std::string(kStatus), std::string(kDiagnostic)});
  }
  std::string addressee = sender.reverse_path;
  if (addressee.empty() && has(Defect::notice_for_null_reverse_path))
    addressee = "postmaster@" + directory_.first_domain();
  if (has(Defect::notice_to_postmaster)) addressee = "postmaster@localhost";
  if (addressee.empty() && has(Defect::failure_of_null_reverse_path_reported_to_author))
    addressee = author_of(original);
  if (!facts.recipients.empty() && has(Defect::failure_reported_to_recipient))
    addressee = facts.recipients.front().mailbox;
  if (has(Defect::notice_to_author)) addressee = author_of(original);
  if (sender.had_source_route && has(Defect::notice_follows_source_route)) return;  // nobody there takes it
  const auto mailbox = wire::parse_mailbox(addressee, {.allow_utf8 = true});
  if (facts.recipients.empty() || !mailbox || has(Defect::notice_missing)) return;
  if (has(Defect::notice_names_first_failure_only)) facts.recipients.resize(1);

  facts.addressee = addressee;
  if (!has(Defect::notice_for_each_failure)) return send_notice(facts, {mailbox->canonical, mailbox->domain}, original);
  for (const ReportedRecipient& failure : std::exchange(facts.recipients, {})) {
    facts.recipients = {failure};
    send_notice(facts, {mailbox->canonical, mailbox->domain}, original);
  }
}

// What a notice to `sender` says whatever its recipients are.
ReportFacts Session::Implementation::facts_of(const Envelope& sender) const {
  ReportFacts facts;
  facts.host_name = has(Defect::notice_names_another_host) ? "localhost" : config_->host_name;
  facts.domain = directory_.first_domain();
  facts.addressee = sender.reverse_path;
  facts.envelope_id = sender.envelope_id;
  facts.time = environment_->now();
  facts.arrival = facts.time;
  facts.returns_body = returns_whole_message(sender.ret, config_->defects);
  // RFC 8689 §5: of a message that was to go through TLS alone the header section is enough.
  if (sender.require_tls) facts.returns_body = false;
  return facts;
}

// RFC 3461 §5.2.3: final delivery is told of to whoever asked for it; a mailing list is one (§5.2.7.1). What failed has
// been told of by then, and to a null reverse-path nothing is (§5.2).
void Session::Implementation::report_successes(const Envelope& sender, const std::vector<AcceptedRecipient>& recipients,
                                               const std::string& original) {
  std::vector<ReportedRecipient> delivered;
  for (const AcceptedRecipient& accepted : recipients) {
    const Standing standing = accepted.resolution.standing;
    const bool is_final = standing == Standing::list || !accepted.recipient.mailbox_key.empty();
    const bool is_asked = wants_success(accepted.recipient, config_->defects) ||
                          (!accepted.recipient.notify.empty() && has(Defect::delivery_reported_without_success_asked));
    if (standing == Standing::foreign || !is_final || !is_asked) continue;
    delivered.push_back({accepted.recipient.mailbox, accepted.recipient.orcpt, "2.0.0", "delivered"});
  }
  if (delivered.empty()) return;
  ReportFacts facts = facts_of(sender);
  facts.is_failure = false;
  facts.returns_body = false;
  facts.recipients = std::move(delivered);
  std::string addressee = sender.reverse_path;
  if (addressee.empty() && has(Defect::delivery_of_null_reverse_path_reported_to_author))
    addressee = author_of(original);
  if (!addressee.empty() && has(Defect::success_reported_to_nobody_known)) addressee = "nobody@notices.example.net";
  const auto mailbox = wire::parse_mailbox(addressee, {.allow_utf8 = true});
  if (!mailbox) return;
  send_notice(facts, {mailbox->canonical, mailbox->domain}, original);
}

void Session::Implementation::send_notice(ReportFacts facts, const Address& addressee, const std::string& original) {
  facts.id = environment_->unique_id();
  Resolution resolution = directory_.resolve(addressee);
  Delivery notice;
  notice.final = resolution.standing != Standing::foreign;
  if (has(Defect::notice_with_reverse_path) || (!facts.is_failure && has(Defect::success_reported_with_reverse_path)))
    notice.envelope.reverse_path = "postmaster@" + facts.domain;
  if (notice.final) notice.trace_fields = return_path_field(notice.envelope.reverse_path);
  if (has(Defect::notice_sent_with_ret)) notice.envelope.ret = "HDRS";
  const char* const notify = has(Defect::notice_sent_with_notify) ? "FAILURE" : "NEVER";
  notice.envelope.recipients.push_back(
      {resolution.mailbox, resolution.mailbox_key, notify, "", "", "", resolution.is_relayed});
  std::string report = with_report_defects(delivery_report(facts, original), facts, config_->defects);
  if (has(Defect::notice_in_plain_text) || (!facts.is_failure && has(Defect::success_reported_in_plain_text)))
    report = plain_notice(facts, original);
  environment_->deliver({notice}, report);
}

}  // namespace smtpspec::server
