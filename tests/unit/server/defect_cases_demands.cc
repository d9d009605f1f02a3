// What is demanded before mail is taken and what is offered: sizes, logins, TLS, parameters, and the submission server.
#include "harness/server/base64.h"
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kPassword = "tanstaaftanstaaf";
const std::string kSequence = "503 5.5.1";
const std::string kDone = "235 2.7.0";
const std::string kMessage = "DATA\r\nSubject: x\r\n\r\nthe text\r\n.\r\n";
const std::string kBob = "RCPT TO:<bob@example.org>\r\n";

std::string plain(const std::string& identity, const std::string& name) {
  return to_base64(identity + '\0' + name + '\0' + kPassword);
}
Probe auth_with(const std::string& octets) { return after_greeting("AUTH " + octets + "\r\n"); }
Probe mail_with(const std::string& parameters) {
  return after_greeting("MAIL FROM:<a@example.com> " + parameters + "\r\n");
}
Probe rcpt_with(const std::string& parameters) {
  return after_greeting(kCaseMail + "RCPT TO:<alice@example.org> " + parameters + "\r\n");
}
Probe in_submission(const std::string& octets, bool logs_in) {
  Probe probe = after_greeting((logs_in ? "AUTH PLAIN " + plain("", "tim") + "\r\n" : "") + octets);
  probe.config.role = Role::submission;
  return probe;
}

void add_size_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string large = "MAIL FROM:<a@example.com> SIZE=60\r\n";
  const std::string lines = "DATA\r\nX: y\r\n\r\n1234\r\n6789\r\n.\r\n";  // 20 octets
  const Probe one = with_limit(100, large + kCaseRcpt);
  const Probe two = with_limit(100, large + kCaseRcpt + kBob + "DATA\r\n");
  for (DefectCase c : std::vector<DefectCase>{
           {D::no_room_answered_451, one, "451 4.3.1"},
           {D::no_room_answered_450, one, "450 4.3.1"},
           {D::any_declared_size_answered_451, mail_with("SIZE=1"), "451 4.3.1"},
           {D::size_of_recipient_refused_with_554, two, "554 5.2.3"},
           {D::size_of_recipient_refused_with_451, two, "451 4.2.0"},
           {D::size_of_recipient_refused_with_503, one, kSequence},
           {D::size_of_recipient_refused_with_501, one, "501 5.5.4"},
           {D::size_of_recipient_drops_others, two, "552 5.2.3"},
           {D::size_of_recipient_drops_others, two, "354 ", true},
           {D::size_of_recipient_clears_transaction, two, "552 5.2.3"},
           {D::size_of_recipient_clears_transaction, two, "503 5.5.1 Bad sequence of commands, MAIL first"},
           {D::final_dot_counts_as_size, with_limit(20, kCaseEnvelope + lines), "552 5.3.4"},
           {D::trace_fields_count_as_size, with_limit(20, kCaseEnvelope + lines), "552 5.3.4"},
       }) {
    out.push_back(std::move(c));
  }
}

void add_auth_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string good = plain("", "tim");
  const std::string name = to_base64("tim");
  const std::string stray = "PLAIN AHRp=bQB0";
  for (DefectCase c : std::vector<DefectCase>{
           {D::auth_leading_padding_skipped, auth_with("PLAIN =" + good), kDone},
           {D::auth_text_behind_padding_ignored, auth_with("LOGIN\r\ndGlt\r\nAA==AAAA"), "535 5.7.8"},
           {D::auth_stray_padding_rejected_as_credentials, auth_with(stray), "535 5.7.8"},
           {D::auth_stray_padding_closes, auth_with(stray), "<reset>"},
           {D::auth_plain_needs_initial_response, auth_with("PLAIN"), "501 5.5.2"},
           {D::auth_plain_without_initial_response_fails, auth_with("PLAIN"), "535 5.7.8"},
           {D::auth_plain_with_challenge_text, auth_with("PLAIN"), "334 Q3"},
           {D::auth_plain_without_initial_response_not_answered, auth_with("PLAIN"), "334 ", true},
           {D::auth_foreign_identity_of_control_characters_ignored, auth_with("PLAIN " + plain("a\x01", "tim")), kDone},
           {D::auth_foreign_identity_in_utf8_ignored, auth_with("PLAIN " + plain("\xc3\xa9", "tim")), kDone},
           {D::auth_identity_control_characters_dropped, auth_with("PLAIN " + plain("t\x01im", "tim")), kDone},
           {D::auth_soft_hyphens_accepted_as_name, auth_with("PLAIN " + plain("", "\xc2\xad\xc2\xad")), kDone},
           {D::auth_plain_answered_538_in_clear, auth_with("PLAIN"), "538 5.7.11"},
           {D::auth_login_answered_538_in_clear, auth_with("LOGIN"), "538 5.7.11"},
           {D::auth_plain_answered_534_in_clear, auth_with("PLAIN"), "534 5.7.9"},
           {D::auth_response_answered_538_in_clear, auth_with("PLAIN " + good), "538 5.7.11"},
           {D::auth_plain_not_advertised_in_clear, after_greeting(""), "250-AUTH LOGIN\r\n"},
           {D::auth_login_refuses_name, auth_with("LOGIN\r\n" + name), "535 5.7.8"},
           {D::auth_login_refuses_unknown_name, auth_with("LOGIN\r\neHh4"), "535 5.7.8"},
           {D::auth_login_asks_for_name_twice, auth_with("LOGIN\r\n" + name), "334 UGFzc3dvcmQ6", true},
           {D::auth_login_needs_no_password, auth_with("LOGIN\r\n" + name), kDone},
           {D::auth_login_takes_name_and_password_at_once, auth_with("LOGIN"), "334 \r\n"},
           {D::auth_login_takes_name_and_password_at_once, auth_with("LOGIN\r\n" + to_base64("tim " + kPassword)),
            kDone},
       }) {
    out.push_back(std::move(c));
  }
}

void add_tls_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const Probe starttls = after_greeting("STARTTLS\r\n");
  const Probe message = after_greeting("MAIL FROM:<bob@example.org>\r\n" + kCaseRcpt + kMessage);
  const Probe to_postmaster = after_greeting(kCaseMail + "RCPT TO:<postmaster@example.org>\r\n");
  const Probe private_server = in_submission(kCaseMail + "VRFY alice\r\n", false);
  const std::string demand = "530 5.7.0 Must issue";
  const auto lost_inside_tls = [](const std::string& octets) {
    return in_steps({"STARTTLS\r\n", "<tls>", kCaseEhlo + kCaseEnvelope + octets, "<lost>"});
  };
  for (DefectCase c : std::vector<DefectCase>{
           {D::starttls_unoffered_answered_220, starttls, "220 2.0.0 Ok\r\n"},
           {D::starttls_unoffered_answered_220, starttls, "250-STARTTLS\r\n", true},
           {D::starttls_unoffered_answered_250, starttls, "250 2.0.0 Ok\r\n"},
           {D::starttls_unoffered_not_answered, starttls, "220 2.0.0", true},
           {D::tls_demanded_of_mail_alone, message, demand},
           {D::tls_demanded_of_recipients, to_postmaster, demand},
           {D::tls_demanded_of_data, message, demand},
           {D::tls_demanded_of_messages, message, demand},
           {D::tls_demanded_of_noop, in_submission("NOOP\r\n", false), demand},
           {D::tls_demanded_of_noop, private_server, demand},
           {D::tls_demanded_of_quit, in_submission("QUIT\r\n", false), demand},
           {D::tls_demanded_without_enhanced_code, private_server, "530 Must issue"},
           {D::tls_demanded_with_another_enhanced_code, private_server, "530 5.7.1"},
           {D::tls_demanded_with_enhanced_code_of_sequence, private_server, "530 5.5.1"},
           {D::lost_tls_connection_delivers_partial_message, lost_inside_tls("DATA\r\nSECRET\r\n"), "SECRET"},
           {D::lost_tls_connection_delivers_chunks, lost_inside_tls("BDAT 6\r\nSECRET"), "SECRET"},
       }) {
    out.push_back(std::move(c));
  }
}

void add_unoffered_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string mail_taken = "250 2.1.0 Sender ok";
  const std::string rcpt_taken = "250 2.1.5 Recipient ok";
  const Probe greeting = after_greeting("");
  for (DefectCase c : std::vector<DefectCase>{
           {D::size_parameter_accepted_unoffered, greeting, "250-SIZE ", true},
           {D::body_parameter_accepted_unoffered, greeting, "250-8BITMIME\r\n", true},
           {D::ret_parameter_accepted_unoffered, mail_with("ENVID=x"), "555 5.5.4"},
           {D::ret_parameter_accepted_unoffered, greeting, "250-DSN\r\n", true},
           {D::envid_parameter_accepted_unoffered, mail_with("RET=HDRS"), "555 5.5.4"},
           {D::notify_parameter_accepted_unoffered, rcpt_with("ORCPT=rfc822;x"), "555 5.5.4"},
           {D::orcpt_parameter_accepted_unoffered, rcpt_with("NOTIFY=NEVER"), "555 5.5.4"},
           {D::smtputf8_parameter_accepted_unoffered, greeting, "250-SMTPUTF8\r\n", true},
           {D::auth_parameter_accepted_unoffered, greeting, "250-AUTH ", true},
           {D::by_parameter_accepted_unoffered, greeting, "250-DELIVERBY ", true},
           {D::mt_priority_parameter_accepted_unoffered, greeting, "250-MT-PRIORITY\r\n", true},
           {D::rrvs_parameter_accepted_unoffered, greeting, "250-RRVS\r\n", true},
           {D::solicit_parameter_accepted_unoffered, greeting, "250-NO-SOLICITING", true},
           {D::holdfor_parameter_accepted_unoffered, mail_with("HOLDFOR=60"), mail_taken},
           {D::mtrk_parameter_accepted_unoffered, mail_with("MTRK=abc"), mail_taken},
           {D::conperm_parameter_accepted_unoffered, mail_with("CONPERM"), mail_taken},
           {D::conneg_parameter_accepted_unoffered, rcpt_with("CONNEG"), rcpt_taken},
       }) {
    out.push_back(std::move(c));
  }
}

void add_treatment_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const Probe greeting = after_greeting("");
  const auto with_two = [](const std::string& octets) {
    Probe probe = after_greeting(octets);
    probe.config.max_recipients = 2;
    return probe;
  };
  const std::string two = kCaseEnvelope + kBob;
  for (DefectCase c : std::vector<DefectCase>{
           {D::mt_priority_keyword_with_two_policies, greeting, "MT-PRIORITY MIXER STANAG4406\r\n"},
           {D::mt_priority_keyword_with_long_policy, greeting, "MT-PRIORITY ANOTHER.LONG.POLICY.X\r\n"},
           {D::mt_priority_keyword_with_odd_policy, greeting, "MT-PRIORITY MIXER/1\r\n"},
           {D::limits_without_limit, greeting, "250-LIMITS\r\n"},
           {D::limits_without_value, greeting, "250-LIMITS RCPTMAX=\r\n"},
           {D::limits_separated_by_semicolons, greeting, "250-LIMITS MAILMAX=10000;RCPTMAX=100\r\n"},
           {D::limits_name_with_colon, greeting, "250-LIMITS MAILMAX:10000 RCPTMAX:100\r\n"},
           {D::one_recipient_less_than_rcptmax, with_two(two), "452 4.5.3"},
           {D::rcptmax_counts_half, with_two(two), "452 4.5.3"},
           {D::rcptmax_counts_over_transactions, with_two(two + "RSET\r\n" + kCaseEnvelope), "452 4.5.3"},
       }) {
    out.push_back(std::move(c));
  }
}

void add_submission_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const Probe greeting = in_submission("", false);
  const Probe stranger = in_submission(kCaseEnvelope + "DATA\r\n", false);
  const Probe message = in_submission(kCaseEnvelope + kMessage, true);
  const std::string login = "530 5.7.0 Authentication required\r\n";
  for (DefectCase c : std::vector<DefectCase>{
           {D::submission_ehlo_unknown, greeting, "500 5.5.1"},
           {D::submission_ehlo_answered_550, greeting, "550 Access denied"},
           {D::submission_login_demanded_with_554, stranger, "554 5.7.1"},
           {D::submission_noop_not_answered, in_submission("NOOP\r\n", true), "250 2.0.0 Ok\r\n", true},
           {D::submission_mail_not_answered, message, "250 2.1.0", true},
           {D::submission_rcpt_not_answered, message, "250 2.1.5", true},
           {D::submission_message_not_answered, message, "queued as", true},
           {D::submission_auth_not_advertised, greeting, "250-AUTH ", true},
           {D::submission_without_pipelining, greeting, "250-PIPELINING\r\n", true},
           {D::submission_without_enhancedstatuscodes, greeting, "250-ENHANCEDSTATUSCODES\r\n", true},
           {D::submission_without_dsn, greeting, "250-DSN\r\n", true},
           {D::submission_without_8bitmime, greeting, "250-8BITMIME\r\n", true},
           {D::submission_unqualified_sender_accepted, in_submission("MAIL FROM:<a@sales>\r\n", true), "554 5.1.8",
            true},
       }) {
    out.push_back(std::move(c));
  }
}

}  // namespace

std::vector<DefectCase> demand_defect_cases() {
  std::vector<DefectCase> cases;
  add_size_cases(cases);
  add_auth_cases(cases);
  add_tls_cases(cases);
  add_unoffered_cases(cases);
  add_treatment_cases(cases);
  add_submission_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
