// Notices of failure.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kMessage = "DATA\r\nSubject: x\r\n\r\nthe text\r\n.\r\n";
const std::string kReport = "report-type=delivery-status";

std::string bob(const std::string& parameters) { return "MAIL FROM:<bob@example.org>" + parameters + "\r\n"; }
std::string ghost(const std::string& parameters) { return "RCPT TO:<ghost@example.org>" + parameters + "\r\n"; }
std::string wraith(const std::string& parameters) { return "RCPT TO:<wraith@example.org>" + parameters + "\r\n"; }

Probe failing(const std::string& of_mail, const std::string& of_rcpt) {
  return after_greeting(bob(of_mail) + ghost(of_rcpt) + kMessage);
}

void add_notify_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string two = bob("") + ghost(" NOTIFY=NEVER") + wraith("") + kMessage;
  const std::string delivered = bob("") + "RCPT TO:<alice@example.org> NOTIFY=FAILURE\r\n" + kMessage;
  for (DefectCase one : std::vector<DefectCase>{
           {D::notice_despite_notify_never, failing("", " NOTIFY=NEVER"), kReport},
           {D::notice_despite_notify_success, failing("", " NOTIFY=SUCCESS,DELAY"), kReport},
           {D::notice_missing_with_notify_failure, failing("", " NOTIFY=FAILURE"), kReport, true},
           {D::notice_missing_with_list_of_words, failing("", " NOTIFY=FAILURE,DELAY"), kReport, true},
           {D::notice_missing_with_lower_case_notify, failing("", " NOTIFY=failure"), kReport, true},
           {D::notice_names_recipients_that_want_none, after_greeting(two), "rfc822; ghost@example.org"},
           {D::notify_never_silences_all_recipients, after_greeting(two), kReport, true},
           {D::delivery_reported_without_success_asked, after_greeting(delivered), "Action: delivered"},
           {D::notice_returns_text_despite_hdrs, failing(" RET=HDRS", ""), "text/rfc822-headers", true},
           {D::notice_without_text_despite_full, failing(" RET=FULL", ""), "text/rfc822-headers"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_field_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const Probe plain = failing("", "");
  const Probe with_id = failing(" ENVID=A+2BB(c)", "");
  const Probe with_orcpt = failing("", " ORCPT=rfc822;A+2BB@example.net");
  Probe capital = after_greeting(bob("") + "RCPT TO:<ghost@EXAMPLE.org>\r\n" + kMessage);
  for (DefectCase one : std::vector<DefectCase>{
           {D::notice_without_report_type, plain, kReport, true},
           {D::notice_without_envelope_id, with_id, "Original-Envelope-Id: A+B(c)\r\n", true},
           {D::notice_invents_envelope_id, plain, "Original-Envelope-Id: "},
           {D::notice_with_encoded_envelope_id, with_id, "Original-Envelope-Id: A+2BB(c)\r\n"},
           {D::notice_with_envelope_id_in_lower_case, with_id, "Original-Envelope-Id: a+b(c)\r\n"},
           {D::notice_drops_comment_of_envelope_id, with_id, "Original-Envelope-Id: A+B\r\n"},
           {D::notice_without_reporting_mta, plain, "Reporting-MTA: ", true},
           {D::notice_with_unqualified_reporting_mta, plain, "Reporting-MTA: dns; mail\r\n"},
           {D::notice_without_original_recipient, with_orcpt, "Original-Recipient: rfc822; A+B@example.net\r\n", true},
           {D::notice_invents_original_recipient, plain, "Original-Recipient: rfc822; ghost@example.org\r\n"},
           {D::notice_with_encoded_original_recipient, with_orcpt, "Original-Recipient: rfc822; A+2BB@example.net\r\n"},
           {D::notice_without_final_recipient, plain, "Final-Recipient: ", true},
           {D::notice_with_recipient_in_lower_case, capital, "Final-Recipient: rfc822; ghost@example.org\r\n"},
           {D::notice_with_original_as_final_recipient, with_orcpt, "Final-Recipient: rfc822; A+2BB@example.net\r\n"},
           {D::notice_without_action, plain, "Action: ", true},
           {D::notice_with_unknown_action, plain, "Action: bounced\r\n"},
           {D::notice_without_status, plain, "Status: ", true},
           {D::notice_with_status_of_success, plain, "Status: 2.0.0\r\n"},
           {D::notice_with_leading_zero_in_status, plain, "Status: 5.03.0\r\n"},
           {D::notice_with_groups_joined, plain, "\r\n\r\nFinal-Recipient: ", true},
           {D::notice_with_zone_name, plain, "Arrival-Date: Tue, 24 Nov 2026 04:13:07 CET\r\n"},
           {D::notice_with_remote_mta, plain, "Remote-MTA: dns; mail.example.org\r\n"},
           {D::notice_with_will_retry_until, plain, "Will-Retry-Until: "},
           {D::notice_with_eight_bit_status, plain, "failed for good \xe2\x9c\x97\r\n"},
           {D::notice_addressed_to_failed_recipient, plain, "To: <ghost@example.org>\r\n"},
           {D::notice_from_failed_recipient, plain, "From: <ghost@example.org>\r\n"},
       }) {
    out.push_back(std::move(one));
  }
}

}  // namespace

std::vector<DefectCase> report_defect_cases() {
  std::vector<DefectCase> cases;
  add_notify_cases(cases);
  add_field_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
