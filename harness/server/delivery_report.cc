#include "harness/server/delivery_report.h"

#include "harness/server/trace.h"
#include "harness/server/xtext.h"

namespace smtpspec::server {
namespace {

std::string recipient_fields(const ReportedRecipient& recipient, bool is_failure) {
  std::string fields = "\r\n";
  if (const auto type_end = recipient.orcpt.find(';'); type_end != std::string::npos)
    fields += "Original-Recipient: " + recipient.orcpt.substr(0, type_end + 1) + " " +
              decode_xtext(std::string_view(recipient.orcpt).substr(type_end + 1)) + "\r\n";
  return fields + "Final-Recipient: rfc822; " + recipient.mailbox +
         "\r\nAction: " + (is_failure ? "failed" : "delivered") + "\r\nStatus: " + recipient.status +
         (is_failure ? "\r\nDiagnostic-Code: X-Local; " + recipient.diagnostic : "") + "\r\n";
}

std::string_view header_section(std::string_view message) {
  const auto end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? message : message.substr(0, end + 2);
}

std::string common_fields(const ReportFacts& facts) {
  return "From: Mail Delivery System <MAILER-DAEMON@" + facts.domain + ">\r\nTo: <" + facts.addressee +
         ">\r\nSubject: " +
         (facts.is_failure ? "Undelivered mail returned to its sender" : "Your message was delivered") +
         "\r\nDate: " + to_date_time(facts.time) + "\r\nMessage-ID: <" + facts.id + "@" + facts.host_name +
         ">\r\nAuto-Submitted: auto-replied\r\n";
}

std::string explanation(const ReportFacts& facts) {
  std::string text = "This is the mail system at " + facts.host_name + ".\r\n\r\nYour message " +
                     (facts.is_failure ? "could not be delivered to" : "was delivered to") + "\r\n\r\n";
  for (const auto& recipient : facts.recipients)
    text += "  <" + recipient.mailbox + ">: " + recipient.diagnostic + "\r\n";
  return text + "\r\nIts text, or the head of it, stands below.\r\n";
}

}  // namespace

std::string plain_notice(const ReportFacts& facts, std::string_view original) {
  const std::string which = facts.envelope_id.empty() ? "" : "Envelope: " + decode_xtext(facts.envelope_id) + "\r\n";
  return common_fields(facts) + "\r\n" + explanation(facts) + which + "\r\n" + std::string(header_section(original));
}

std::string delivery_report(const ReportFacts& facts, std::string_view original) {
  // An original that happens to hold this line would need our own queue id.
  const std::string boundary = "=_report_" + facts.id;
  const std::string part = "\r\n--" + boundary + "\r\n";

  std::string report =
      common_fields(facts) +
      "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + boundary +
      "\"\r\n";
  report += part + "Content-Type: text/plain; charset=us-ascii\r\n\r\n" + explanation(facts);
  report += part + "Content-Type: message/delivery-status\r\n\r\n";
  if (!facts.envelope_id.empty()) report += "Original-Envelope-Id: " + decode_xtext(facts.envelope_id) + "\r\n";
  report += "Reporting-MTA: dns; " + facts.host_name + "\r\nArrival-Date: " + to_date_time(facts.arrival) + "\r\n";
  for (const auto& recipient : facts.recipients) report += recipient_fields(recipient, facts.is_failure);

  report += part +
            (facts.returns_body ? "Content-Type: message/rfc822\r\n\r\n" : "Content-Type: text/rfc822-headers\r\n\r\n");
  report += facts.returns_body ? original : header_section(original);
  return report + "\r\n--" + boundary + "--\r\n";
}

}  // namespace smtpspec::server
