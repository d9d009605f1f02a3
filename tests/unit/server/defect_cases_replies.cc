// Enhanced status codes, ETRN and the protocols in Received.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kMessage = "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n";

void add_status_code_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const Probe unknown = after_greeting(kCaseMail + "RCPT TO:<nobody@example.org>\r\n");
  const Probe helo{{}, {"HELO client.example\r\nNOOP\r\n"}};
  for (DefectCase one : std::vector<DefectCase>{
           {D::enhanced_code_missing_on_refusals, unknown, "550 No such user here\r\n"},
           {D::enhanced_code_missing_on_message, after_greeting(kCaseEnvelope + kMessage), "250 Ok, queued"},
           {D::enhanced_code_missing_on_quit, after_greeting("QUIT\r\n"), "221 mail.example.org"},
           {D::enhanced_code_missing_on_help, after_greeting("HELP\r\n"), "214 End of help"},
           {D::enhanced_code_missing_on_starttls, after_greeting("STARTTLS\r\n"), "220 Ready to start TLS"},
           {D::enhanced_code_missing_on_chunks, after_greeting(kCaseEnvelope + "BDAT 1\r\nx"), "250 Chunk received"},
           {D::enhanced_code_missing_on_etrn, after_greeting("ETRN example.org\r\n"), "251 Ok, no messages"},
           {D::enhanced_code_missing_after_helo, helo, "250 Ok\r\n"},
           {D::enhanced_code_in_helo_reply, helo, "250 2.0.0 mail.example.org\r\n"},
           {D::enhanced_code_behind_text, after_greeting("RSET\r\n"), "250 Ok, state is reset 2.0.0\r\n"},
           {D::enhanced_code_glued_to_text, after_greeting("RSET\r\n"), "250 2.0.0Ok, state is reset\r\n"},
           {D::enhanced_code_of_two_parts, after_greeting("RSET\r\n"), "250 2.0 Ok, state is reset\r\n"},
           {D::enhanced_code_with_four_digits, after_greeting("XYZZY\r\n"), "500 5.5.1000 "},
           {D::enhanced_code_of_refusal_in_class_4, unknown, "550 4.1.1 "},
           {D::enhanced_code_of_refusal_in_class_2, after_greeting("DATA\r\n"), "503 2.5.1 "},
           {D::enhanced_code_differs_between_lines, after_greeting("HELP\r\n"), "214 2.1.0 End of help"},
           {D::enhanced_code_of_unregistered_subject, after_greeting("XYZZY\r\n"), "500 5.9.1 "},
           {D::enhanced_code_of_bad_sender_wrong, after_greeting("MAIL FROM:<a@b..c>\r\n"), "501 5.1.3 "},
           {D::enhanced_code_of_bad_recipient_wrong, after_greeting(kCaseMail + "RCPT TO:<a@b..c>\r\n"), "501 5.2.1 "},
           {D::enhanced_code_of_size_wrong, with_limit(1, kCaseEnvelope + kMessage), "552 5.5.4 "},
           {D::enhanced_code_of_bad_argument_wrong, after_greeting("RSET x\r\n"), "501 5.1.7 "},
       }) {
    out.push_back(std::move(one));
  }
}

void add_etrn_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string own = "ETRN example.org\r\n";
  const std::string foreign = "ETRN elsewhere.example\r\n";
  Probe submission = after_greeting("");
  submission.config.role = Role::submission;
  for (DefectCase one : std::vector<DefectCase>{
           {D::etrn_two_arguments_accepted, after_greeting("ETRN example.org b\r\n"), "251 2.0.0"},
           {D::etrn_lone_prefix_accepted, after_greeting("ETRN @\r\n"), "250 2.0.0"},
           {D::etrn_subdomain_prefix_refused, after_greeting("ETRN @example.org\r\n"), "501 5.5.4"},
           {D::etrn_answered_354, after_greeting(own), "354 "},
           {D::etrn_answered_450, after_greeting(own), "450 4.0.0"},
           {D::etrn_refused_node_answered_550, after_greeting(foreign), "550 5.0.0"},
           {D::etrn_refused_node_not_answered, after_greeting(foreign), "459 4.7.1", true},
           {D::etrn_swaps_roles, after_greeting(own + "NOOP\r\n"), "250 2.0.0 Ok\r\n", true},
           {D::etrn_closes, after_greeting(own), "<closed>"},
           {D::etrn_reply_held_back, in_steps({own}), "251 2.0.0", true},
           {D::etrn_in_transaction_clears_it, after_greeting(kCaseEnvelope + own + "DATA\r\n"), "354 ", true},
           {D::etrn_advertised_on_submission, submission, "ETRN\r\n"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_protocol_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string message = kCaseEnvelope + kMessage;
  const std::string failed = "AUTH PLAIN AHRpbQB3cm9uZw==\r\n";
  for (DefectCase one : std::vector<DefectCase>{
           {D::received_with_esmtp_after_helo, {{}, {"HELO client.example\r\n" + message}}, "with ESMTP id"},
           {D::received_with_esmtp_inside_tls, inside_tls(message), "with ESMTP id"},
           {D::received_with_authentication_after_failure, after_greeting(failed + message), "with ESMTPA id"},
           {D::received_without_utf8, after_greeting("MAIL FROM:<a@example.com> SMTPUTF8\r\n" + kCaseRcpt + kMessage),
            "with ESMTP id"},
           {D::received_with_utf8_without_smtputf8, after_greeting(message), "with UTF8SMTP id"},
           {D::received_without_cipher, inside_tls(message), "tls TLS_AES_256_GCM_SHA384", true},
           {D::received_with_esmtp_in_lmtp, in_lmtp(message), "with ESMTP id"},
       }) {
    out.push_back(std::move(one));
  }
}

}  // namespace

std::vector<DefectCase> reply_defect_cases() {
  std::vector<DefectCase> cases;
  add_status_code_cases(cases);
  add_etrn_cases(cases);
  add_protocol_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
