// What replies and notices say, and where ETRN stands: status codes, UTF-8, reports of delivery.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kMessage = "DATA\r\nFrom: <bob@example.org>\r\nSubject: x\r\n\r\nthe text\r\n.\r\n";
const std::string kUtf8 = "MAIL FROM:<\xc3\xa4@example.com> SMTPUTF8\r\n";

void add_class_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string good = "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n";
  for (DefectCase c : std::vector<DefectCase>{
           {D::enhanced_code_of_chunks_in_class_5, after_greeting(kCaseEnvelope + "BDAT 1\r\nx"), "250 5.0.0"},
           {D::enhanced_code_of_refused_chunk_in_class_4, after_greeting("BDAT 1\r\nx"), "503 4.5.1"},
           {D::enhanced_code_of_starttls_in_class_4, after_greeting("STARTTLS\r\n"), "220 4.7.0"},
           {D::enhanced_code_of_refused_starttls_in_class_2, after_greeting("STARTTLS x\r\n"), "501 2.5.4"},
           {D::enhanced_code_of_message_in_class_4, after_greeting(kCaseEnvelope + kMessage), "250 4.0.0 Ok, queued"},
           {D::enhanced_code_of_bad_path_in_class_4, after_greeting("MAIL FROM:<a@b..c>\r\n"), "501 4.1.7"},
           {D::enhanced_code_of_unknown_command_in_class_4, after_greeting("XYZZY\r\n"), "500 4.5.1"},
           {D::enhanced_code_of_auth_in_class_5, after_greeting(good), "235 5.7.0"},
           {D::enhanced_code_of_failed_auth_in_class_4, after_greeting("AUTH PLAIN AHRpbQB4\r\n"), "535 4.7.8"},
           {D::enhanced_code_of_etrn_in_class_5, after_greeting("ETRN example.org\r\n"), "251 5.0.0"},
           {D::enhanced_code_of_vrfy_in_class_5, after_greeting("VRFY alice\r\n"), "250 5.1.5"},
           {D::enhanced_code_of_quit_in_class_5, after_greeting("QUIT\r\n"), "221 5.0.0"},
           {D::enhanced_code_of_rset_in_class_5, after_greeting("RSET\r\n"), "250 5.0.0"},
           {D::enhanced_code_of_noop_in_class_4, after_greeting("NOOP\r\n"), "250 4.0.0"},
           {D::enhanced_code_of_help_in_class_5, after_greeting("HELP\r\n"), "214 5.0.0"},
           {D::enhanced_code_of_bad_parameter_in_class_4, after_greeting("MAIL FROM:<a@b.example> XX=1\r\n"),
            "555 4.5.4"},
       }) {
    out.push_back(std::move(c));
  }
}

void add_utf8_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const auto sender = [](const std::string& domain) {
    return after_greeting("MAIL FROM:<a@" + domain + "> SMTPUTF8\r\n");
  };
  const auto orcpt = [](const std::string& address) {
    return after_greeting(kCaseMail + "RCPT TO:<alice@example.org> ORCPT=utf-8;" + address + "\r\n");
  };
  const std::string taken = "250 2.1.0 Sender ok";
  const std::string rcpt_taken = "250 2.1.5 Recipient ok";
  const std::string other = "<ren\xc3\xa9@example.net>";
  const std::string word = " caf\xc3\xa9\r\n";
  const Probe greeting = after_greeting("");
  const Probe unknown = after_greeting(kCaseMail + "RCPT TO:<nobody@example.org>\r\n");
  const Probe non_ascii = after_greeting(kCaseMail + "RCPT TO:<\xc3\xa9@example.org>\r\n");
  const Probe long_line =
      after_greeting(kUtf8 + kCaseRcpt + "DATA\r\nSubject: " + std::string(950, 'x') + "\r\n\r\nx\r\n.\r\n");
  for (DefectCase c : std::vector<DefectCase>{
           {D::u_label_with_hyphen_at_edge_accepted, sender("-\xc3\xa9.example"), taken},
           {D::u_label_that_is_empty_accepted, sender("\xc3\xa9..example"), taken},
           {D::u_label_with_any_characters_accepted, sender("\xc3\xa9_.example"), taken},
           {D::ehlo_reply_with_non_ascii_domain, greeting, "250-b\xc3\xbcro.mail.example.org"},
           {D::ehlo_reply_with_non_ascii_greeting, greeting, "gr\xc3\xbc\xc3\x9f dich\r\n"},
           {D::ehlo_keyword_with_non_ascii_parameter, greeting,
            "250 HELP fran\xc3\xa7"
            "ais\r\n"},
           {D::unknown_recipient_answered_551_in_utf8, unknown, "551 5.1.6 User not local; please try " + other},
           {D::non_ascii_recipient_answered_551_in_utf8, non_ascii, "551 5.1.6 User not local; please try " + other},
           {D::recipient_answered_251_in_utf8, after_greeting(kCaseEnvelope), "251 2.1.5"},
           {D::vrfy_answered_551_in_utf8, after_greeting("VRFY nobody\r\n"), "551 5.1.6"},
           {D::vrfy_reply_in_utf8, after_greeting("VRFY alice\r\n"), "250 2.1.5 Ren\xc3\xa9 Alice"},
           {D::vrfy_refusal_in_utf8, after_greeting("VRFY nobody\r\n"), word},
           {D::vrfy_of_non_ascii_name_confirmed_in_utf8, after_greeting("VRFY \xc3\xa9\r\n"), "250 2.1.5 <\xc3\xa9>"},
           {D::expn_reply_in_utf8, after_greeting("EXPN staff\r\n"), "250 2.1.5 Ren\xc3\xa9 "},
           {D::expn_refusal_in_utf8, after_greeting("EXPN nobody\r\n"), word},
           {D::unknown_command_answered_in_utf8, after_greeting("XYZZY\r\n"), word},
           {D::reply_to_message_in_utf8, after_greeting(kCaseEnvelope + kMessage), word},
           {D::reply_to_recipient_in_utf8, after_greeting(kUtf8 + "RCPT TO:<alice+\xc3\xa9@example.org>\r\n"),
            "250 2.1.5 Recipient <alice+\xc3\xa9@example.org> ok"},
           {D::quit_answered_in_utf8, after_greeting("QUIT\r\n"), word},
           {D::long_utf8_header_line_refused, long_line, "554 5.6.0"},
           {D::long_utf8_header_line_closes, long_line, "<reset>"},
           {D::long_utf8_header_line_answered_500, long_line, "500 5.5.2"},
           {D::orcpt_utf8_empty_escape_accepted, orcpt("\\x{}@example.com"), rcpt_taken},
           {D::orcpt_utf8_surrogate_accepted, orcpt("\\x{D800}@example.com"), rcpt_taken},
           {D::orcpt_utf8_number_too_large_accepted, orcpt("\\x{110000}@example.com"), rcpt_taken},
           {D::orcpt_utf8_open_escape_accepted, orcpt("\\x{3B4@example.com"), rcpt_taken},
           {D::orcpt_utf8_bad_digit_accepted, orcpt("\\x{3G}@example.com"), rcpt_taken},
       }) {
    out.push_back(std::move(c));
  }
}

void add_report_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const auto to = [](const std::string& sender, const std::string& rcpt) {
    return after_greeting("MAIL FROM:<" + sender + ">\r\nRCPT TO:" + rcpt + "\r\n" + kMessage);
  };
  const Probe delivered = to("bob@example.org", "<alice@example.org> NOTIFY=SUCCESS");
  const Probe list = to("bob@example.org", "<alice@example.org> NOTIFY=SUCCESS,FAILURE");
  const Probe lower = to("bob@example.org", "<alice@example.org> NOTIFY=success");
  const Probe failed = to("bob@example.org", "<ghost@example.org>");
  const std::string report = "report-type=delivery-status";
  const std::string final = "Final-Recipient: rfc822; ";
  for (DefectCase c : std::vector<DefectCase>{
           {D::delivery_of_null_reverse_path_reported_to_author, to("", "<alice@example.org> NOTIFY=SUCCESS"), report},
           {D::failure_of_null_reverse_path_reported_to_author, to("", "<ghost@example.org>"), report},
           {D::success_not_reported, delivered, report, true},
           {D::success_not_reported_with_list_of_words, list, report, true},
           {D::success_not_reported_with_lower_case_notify, lower, report, true},
           {D::success_reported_as_failed, delivered, "Action: failed\r\n"},
           {D::success_reported_in_plain_text, delivered, report, true},
           {D::success_reported_with_reverse_path, delivered, "Return-Path: <postmaster@example.org>"},
           {D::success_reported_to_nobody_known, delivered, "nobody@notices.example.net "},
           {D::failure_reported_to_recipient, failed, "from  RET= ENVID= ghost@example.org NOTIFY=NEVER"},
           {D::notice_with_final_recipient_in_brackets, failed, final + "<ghost@example.org>\r\n"},
           {D::notice_with_mailbox_key_as_final_recipient, failed, final + "ghost\r\n"},
           {D::notice_with_host_in_final_recipient, failed, final + "ghost@mail.example.org\r\n"},
           {D::notice_with_local_part_in_lower_case, to("bob@example.org", "<alice+X@example.org> NOTIFY=SUCCESS"),
            final + "alice+x@example.org\r\n"},
       }) {
    out.push_back(std::move(c));
  }
}

void add_etrn_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string own = "ETRN example.org\r\n";
  const Probe in_transaction = after_greeting(kCaseMail + own);
  const std::string taken = "251 2.0.0";
  for (DefectCase c : std::vector<DefectCase>{
           {D::etrn_before_rcpt_accepted, in_transaction, taken},
           {D::etrn_behind_rcpt_accepted, after_greeting(kCaseEnvelope + own), taken},
           {D::etrn_between_chunks_accepted, after_greeting(kCaseEnvelope + "BDAT 1\r\nx" + own), taken},
           {D::etrn_in_transaction_not_answered, in_transaction, "503 5.5.1", true},
           {D::etrn_in_transaction_closes, in_transaction, "<closed>"},
           {D::etrn_after_message_refused, after_greeting(kCaseEnvelope + kMessage + own), taken, true},
           {D::etrn_after_rset_refused, after_greeting(kCaseMail + "RSET\r\n" + own), taken, true},
       }) {
    out.push_back(std::move(c));
  }
}

void add_message_format_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const auto message = [](const std::string& content) {
    return after_greeting(kCaseEnvelope + "DATA\r\n" + content + "\r\n.\r\n");
  };
  const std::string fewest = "From: a@example.com\r\nDate: Thu, 1 Jan 2026 12:00:00 +0000\r\n";
  const auto dated = [&](const std::string& date) { return message("From: a@example.com\r\nDate: " + date + "\r\n"); };
  const auto from = [&](const std::string& mailbox) { return message("From: " + mailbox + "\r\n"); };
  const std::string refused = "554 5.6.0 Malformed message";
  const std::string not_understood = "501 5.6.0 Malformed message";
  for (DefectCase c : std::vector<DefectCase>{
           {D::delete_character_in_text_refused, message(fewest + "\r\n\x7f"), refused},
           {D::control_characters_in_text_refused, message(fewest + "\r\n\x0c"), refused},
           {D::long_header_line_refused, message(fewest + "X-Long: " + std::string(500, 'x') + "\r\n"), refused},
           {D::field_name_with_symbol_refused, message(fewest + "X!: y\r\n"), refused},
           {D::field_name_of_one_letter_refused, message(fewest + "X: y\r\n"), refused},
           {D::long_field_name_refused, message(fewest + std::string(41, 'X') + ": y\r\n"), refused},
           {D::message_without_recipient_or_subject_refused, message(fewest), not_understood},
           {D::message_with_several_authors_refused, from("a@example.com, b@example.com"), not_understood},
           {D::empty_bcc_field_refused, message(fewest + "Bcc:\r\n"), not_understood},
           {D::repeated_comments_refused, message(fewest + "Comments: a\r\nComments: b\r\n"), not_understood},
           {D::blank_before_header_colon_refused, message(fewest + "Subject : a\r\n"), not_understood},
           {D::year_of_two_digits_refused, dated("Thu, 1 Jan 26 12:00:00 +0000"), not_understood},
           {D::named_zone_refused, dated("Thu, 1 Jan 2026 12:00:00 EST"), not_understood},
           {D::route_in_from_refused, from("A <@one.example:a@example.com>"), not_understood},
           {D::dot_in_phrase_refused, from("A. Writer <a@example.com>"), not_understood},
           {D::empty_member_of_address_list_refused, message(fewest + "To: a@example.com,,b@example.com\r\n"),
            not_understood},
           {D::blank_line_in_folding_refused, message(fewest + "Subject: a\r\n \t\r\n b\r\n"), not_understood},
           {D::second_to_field_refused, message(fewest + "To: a@example.com\r\nTo: b@example.com\r\n"), not_understood},
       }) {
    out.push_back(std::move(c));
  }
}

}  // namespace

std::vector<DefectCase> text_defect_cases() {
  std::vector<DefectCase> cases;
  add_class_cases(cases);
  add_utf8_cases(cases);
  add_report_cases(cases);
  add_etrn_cases(cases);
  add_message_format_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
