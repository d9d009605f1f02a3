// STARTTLS and AUTH.
#include "harness/server/base64.h"
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kPassword = "tanstaaftanstaaf";
const std::string kDone = "235 2.7.0 Authentication successful";
const std::string kFailed = "535 5.7.8 Authentication credentials invalid";

std::string plain(const std::string& name, const std::string& password) {
  return to_base64('\0' + name + '\0' + password);
}
Probe auth_with(const std::string& octets) { return after_greeting("AUTH PLAIN " + octets + "\r\n"); }

const std::string kGood = plain("tim", kPassword);
const std::string kBad = "AUTH PLAIN " + plain("tim", "wrong") + "\r\n";

void add_auth_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  Probe closed = after_greeting("NOOP\r\nRSET\r\n");
  closed.config.require_auth = true;
  const std::string too_long(12'288, 'A');
  for (DefectCase one : std::vector<DefectCase>{
           {D::auth_unknown_mechanism_answered_502, after_greeting("AUTH XNONE\r\n"), "502 5.5.4"},
           {D::auth_mechanism_recognized_by_prefix, after_greeting("AUTH PLAINEST\r\n"), "334 \r\n"},
           {D::auth_unknown_mechanism_code_differs, after_greeting("AUTH XNONE\r\n"), "504 5.5.1"},
           {D::auth_success_code_differs, auth_with(kGood), "235 2.0.0"},
           {D::auth_failure_code_differs, after_greeting(kBad), "535 5.7.0"},
           {D::auth_failure_answered_454, after_greeting(kBad), "454 4.0.0"},
           {D::auth_mechanisms_advertised_in_lower_case, after_greeting(""), "250-AUTH plain login\r\n"},
           {D::auth_mechanism_advertised_with_dot, after_greeting(""), "250-AUTH PLAIN LOGIN X.OLD\r\n"},
           {D::auth_advertised_in_legacy_form_only, after_greeting(""), "250-AUTH PLAIN LOGIN\r\n", true},
           {D::auth_legacy_line_lists_less, after_greeting(""), "250-AUTH PLAIN LOGIN\r\n250-AUTH=LOGIN\r\n"},
           {D::auth_plain_not_advertised_inside_tls, inside_tls(""), "250-AUTH LOGIN\r\n"},
           {D::auth_empty_challenge_as_equals_sign, after_greeting("AUTH PLAIN\r\n"), "334 =\r\n"},
           {D::auth_challenge_without_padding, after_greeting("AUTH LOGIN\r\n"), "334 VXNlcm5hbWU\r\n"},
           {D::auth_challenge_with_text_behind, after_greeting("AUTH LOGIN\r\n"), "334 VXNlcm5hbWU6 please\r\n"},
           {D::auth_initial_response_ignored, auth_with(kGood), "334 \r\n"},
           {D::auth_bad_initial_response_ignored, auth_with("###"), "334 \r\n"},
           {D::auth_equals_sign_ignored, auth_with("="), "334 \r\n"},
           {D::auth_text_behind_initial_response_ignored, auth_with(kGood + " more"), kDone},
           {D::auth_missing_padding_accepted, after_greeting("AUTH LOGIN dGlt\r\ndGFuc3RhYWZ0YW5zdGFhZg\r\n"), kDone},
           {D::auth_surplus_padding_accepted, auth_with(kGood + "===="), kDone},
           {D::auth_url_alphabet_accepted, auth_with("AHRpbQB-fn4_"), kFailed},
           {D::auth_cancel_taken_for_user_name, after_greeting("AUTH LOGIN\r\n*\r\n"), "334 UGFzc3dvcmQ6"},
           {D::auth_cancel_not_answered, after_greeting("AUTH PLAIN\r\n*\r\nNOOP\r\n"), "501 5.7.0", true},
           {D::auth_cancel_closes, after_greeting("AUTH PLAIN\r\n*\r\nNOOP\r\n"), "334 \r\n<closed>"},
           {D::auth_cancel_leaves_exchange_open, after_greeting("AUTH PLAIN\r\n*\r\nNOOP\r\n"), "501 5.5.2"},
           {D::auth_cancel_blocks_next_auth, after_greeting("AUTH PLAIN\r\n*\r\nAUTH PLAIN " + kGood + "\r\n"),
            "503 5.5.1"},
           {D::auth_failure_leaves_exchange_open, after_greeting(kBad + "NOOP\r\n"), "501 5.5.2"},
           {D::auth_bad_base64_leaves_exchange_open, auth_with("###\r\nNOOP"), "250 2.0.0 Ok\r\n", true},
           {D::auth_bad_base64_closes, auth_with("###"), "<closed>"},
           {D::auth_failure_forgets_ehlo, after_greeting(kBad + kCaseMail), "503 5.5.1"},
           {D::auth_failure_authenticates, after_greeting(kBad + kCaseMail + "RCPT TO:<x@elsewhere.example>\r\n"),
            "250 2.1.5"},
           {D::second_auth_failure_closes, after_greeting(kBad + kBad + "NOOP\r\n"), kFailed + "\r\n<closed>"},
           {D::auth_success_drops_input, auth_with(kGood + "\r\nNOOP"), "250 2.0.0 Ok\r\n", true},
           {D::auth_long_line_read_as_commands, after_greeting("AUTH PLAIN\r\n" + too_long + "NOOP\r\n"),
            "500 5.5.6 Authentication exchange line is too long\r\n250 2.0.0 Ok\r\n"},
           {D::auth_long_line_not_answered, after_greeting("AUTH PLAIN\r\n" + too_long + "NOOP\r\n"), "500 5.5.6",
            true},
           {D::auth_password_in_any_case, auth_with(plain("tim", "TANSTAAFtanstaaf")), kDone},
           {D::auth_password_cut_to_eight_octets, auth_with(plain("tim", "tanstaaf")), kDone},
           {D::auth_empty_password_accepted, auth_with(plain("tim", "")), kDone},
           {D::auth_plain_empty_name_accepted, auth_with(plain("", "x")), kDone},
           {D::auth_plain_one_nul_accepted, auth_with(to_base64(std::string("tim") + '\0' + kPassword)), kDone},
           {D::auth_plain_fields_limited_to_100_octets, auth_with(plain(std::string(101, 'n'), "x")), "501 5.5.2"},
           {D::auth_plain_overlong_nul_separates, auth_with(to_base64("\xc0\x80tim\xc0\x80" + kPassword)), kDone},
           {D::auth_plain_invalid_utf8_closes, auth_with(plain("\xff", "x")), "<reset>"},
           {D::auth_control_characters_dropped, auth_with(plain("t\x01im", kPassword)), kDone},
           {D::auth_identity_not_prepared,
            auth_with(to_base64("ti\xc2\xadm" + std::string(1, '\0') + "tim" + '\0' + kPassword)), kDone, true},
           {D::noop_and_rset_need_authentication, closed, "530 5.7.0 Authentication required\r\n530 5.7.0"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_tls_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string empty = "DATA\r\n.\r\n";
  const std::string bob = "RCPT TO:<bob@example.org>\r\n";
  for (DefectCase one : std::vector<DefectCase>{
           {D::starttls_advertised_but_answered_454, after_greeting("NOOP\r\nSTARTTLS\r\n"), "454 4.7.0"},
           {D::starttls_argument_forgets_ehlo, after_greeting("STARTTLS x\r\n" + kCaseMail), "503 5.5.1"},
           {D::starttls_keeps_helo, {{}, {"HELO client.example\r\nSTARTTLS\r\n", "<tls>", kCaseMail}}, "250 2.1.0"},
           {D::starttls_keeps_recipients,
            in_steps({kCaseMail + bob, "STARTTLS\r\n", "<tls>", kCaseEhlo + kCaseEnvelope + empty}),
            "bob@example.org "},
           {D::starttls_restores_transaction,
            in_steps({kCaseMail + bob, "STARTTLS\r\n", "<tls>", kCaseEhlo + "DATA\r\n"}), "354 "},
           {D::starttls_keeps_partial_line, in_steps({"STARTTLS\r\nNO", "<tls>", "OP\r\n"}), "250 2.0.0 Ok\r\n"},
           {D::starttls_executes_last_injected_command, in_steps({"STARTTLS\r\nRSET\r\nNOOP\r\n", "<tls>", "QUIT\r\n"}),
            "250 2.0.0 Ok\r\n"},
           {D::starttls_goes_on_in_clear, in_steps({"NOOP\r\nSTARTTLS\r\nNOOP\r\n"}),
            "Ready to start TLS\r\n250 2.0.0 Ok\r\n"},
           {D::ehlo_inside_tls_answered_503, in_steps({"NOOP\r\nSTARTTLS\r\n", "<tls>", kCaseEhlo + kCaseMail}),
            "503 Bad sequence of commands, EHLO has come before\r\n250 2.1.0"},
           {D::starttls_inside_tls_closes, inside_tls("STARTTLS\r\n"), "<closed>"},
           {D::starttls_inside_tls_forgets_ehlo, inside_tls("STARTTLS\r\n" + kCaseMail), "250 2.1.0", true},
           {D::starttls_inside_tls_not_answered, inside_tls("STARTTLS\r\n"), "503 5.5.1", true},
       }) {
    out.push_back(std::move(one));
  }
}

}  // namespace

std::vector<DefectCase> login_defect_cases() {
  std::vector<DefectCase> cases;
  add_auth_cases(cases);
  add_tls_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
