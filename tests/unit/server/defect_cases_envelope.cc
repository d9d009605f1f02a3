// SIZE, BODY, the parameters of DSN and AUTH, and SMTPUTF8.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kSenderTaken = "250 2.1.0 Sender ok";
const std::string kRecipientTaken = "250 2.1.5 Recipient ok";
const std::string kSmtpUtf8 = "MAIL FROM:<\xc3\xa4@example.com> SMTPUTF8\r\n";

Probe mail_with(const std::string& parameters) {
  return after_greeting("MAIL FROM:<a@example.com> " + parameters + "\r\n");
}
Probe rcpt_with(const std::string& parameters) {
  return after_greeting(kCaseMail + "RCPT TO:<alice@example.org> " + parameters + "\r\n");
}
Probe mail_from(const std::string& path) { return after_greeting("MAIL FROM:" + path + "\r\n"); }

void add_size_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string sized = "MAIL FROM:<a@example.com> SIZE=";
  const std::string eight_bit = "MAIL FROM:<a@example.com> BODY=8BITMIME\r\n" + kCaseRcpt + "DATA\r\n";
  const std::string lines = "X: y\r\n\r\n..a\r\n..b\r\n";  // 16 octets without the stuffed dots
  for (DefectCase one : std::vector<DefectCase>{
           {D::size_sign_accepted, mail_with("SIZE=+1"), kSenderTaken},
           {D::size_unit_accepted, mail_with("SIZE=1k"), kSenderTaken},
           {D::size_of_21_digits_accepted, mail_with("SIZE=000000000000000000001"), kSenderTaken},
           {D::size_without_value_accepted, mail_with("SIZE"), kSenderTaken},
           {D::size_zero_refused, mail_with("SIZE=0"), "501 5.5.4 Bad value of SIZE"},
           {D::size_leading_zeros_refused, mail_with("SIZE=01"), "501 5.5.4 Bad value of SIZE"},
           {D::size_value_wraps_at_32_bits, mail_with("SIZE=4294967297"), kSenderTaken},
           {D::size_value_wraps_at_64_bits, mail_with("SIZE=18446744073709551617"), kSenderTaken},
           {D::size_equal_to_limit_refused, with_limit(100, sized + "100\r\n"), "552 5.3.4"},
           {D::size_over_limit_refused_at_rcpt, with_limit(100, sized + "99999999999999999999\r\n" + kCaseRcpt),
            kSenderTaken + "\r\n552 5.3.4"},
           {D::size_zero_advertised_with_limit, after_greeting(""), "250-SIZE 0\r\n"},
           {D::stuffed_dots_count_as_size, with_limit(16, kCaseEnvelope + "DATA\r\n" + lines + ".\r\n"), "552 5.3.4"},
           {D::message_of_declared_size_refused,
            after_greeting(sized + "16\r\n" + kCaseRcpt + "DATA\r\n" + lines + ".\r\n"), "552 5.3.4"},
           {D::declared_size_ends_data,
            after_greeting(sized + "8\r\n" + kCaseRcpt + "DATA\r\nX: y\r\n\r\nNOOP\r\n.\r\n"), "250 2.0.0 Ok\r\n"},
           {D::line_with_size_limited_to_512_octets,
            mail_with("SIZE=1 ENVID=" + std::string(100, 'e') + " AUTH=" + std::string(390, 'a') + "@example.com"),
            "500 5.5.2 Line too long"},
           {D::body_without_value_accepted, mail_with("BODY"), kSenderTaken},
           {D::body_7bit_refused, mail_with("BODY=7BIT"), "501 5.5.4 Bad value of BODY"},
           {D::eight_bit_octets_become_question_marks, after_greeting(eight_bit + "caf\xe9.\r\n.\r\n"), "caf?."},
           {D::eight_bit_octets_become_utf8, after_greeting(eight_bit + "caf\xe9.\r\n.\r\n"), "caf\xc3\xa9."},
           {D::octet_255_removed, after_greeting(eight_bit + "caf\xff.\r\n.\r\n"), "caf."},
       }) {
    out.push_back(std::move(one));
  }
}

void add_dsn_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string bob_with_notify = "RCPT TO:<bob@example.org> NOTIFY=NEVER\r\n";
  for (DefectCase one : std::vector<DefectCase>{
           {D::ret_without_value_accepted, mail_with("RET"), kSenderTaken},
           {D::ret_abbreviated_accepted, mail_with("RET=FULLER"), kSenderTaken},
           {D::ret_needs_envid, mail_with("RET=FULL"), "501 5.5.4 Bad value of RET"},
           {D::bad_mail_parameter_of_dsn_answered_555, mail_with("RET=SOME"), "555 5.5.4 Bad value of RET"},
           {D::bad_rcpt_parameter_of_dsn_answered_555, rcpt_with("NOTIFY=SOON"), "555 5.5.4 Bad value of NOTIFY"},
           {D::notify_without_value_accepted, rcpt_with("NOTIFY"), kRecipientTaken},
           {D::notify_separated_by_semicolons_accepted, rcpt_with("NOTIFY=SUCCESS;DELAY"), kRecipientTaken},
           {D::notify_abbreviated_accepted, rcpt_with("NOTIFY=SUCC,FAILED"), kRecipientTaken},
           {D::notify_never_last_accepted, rcpt_with("NOTIFY=SUCCESS,NEVER"), kRecipientTaken},
           {D::notify_delay_refused, rcpt_with("NOTIFY=DELAY,FAILURE"), "501 5.5.4 Bad value of NOTIFY"},
           {D::notify_of_three_words_refused, rcpt_with("NOTIFY=DELAY,FAILURE,SUCCESS"),
            "501 5.5.4 Bad value of NOTIFY"},
           {D::notify_refused_for_second_recipient, after_greeting(kCaseEnvelope + bob_with_notify), "501 5.5.4"},
           {D::notify_admits_unknown_recipient,
            after_greeting(kCaseMail + "RCPT TO:<nobody@example.org> NOTIFY=NEVER\r\n"), kRecipientTaken},
           {D::envid_encoded_character_refused, mail_with("ENVID=a+2Bb"), "501 5.5.4 Bad value of ENVID"},
           {D::envid_parentheses_refused, mail_with("ENVID=(x)y"), "501 5.5.4 Bad value of ENVID"},
           {D::envid_broken_hexadecimal_accepted, mail_with("ENVID=a+2"), kSenderTaken},
           {D::orcpt_empty_type_accepted, rcpt_with("ORCPT=;alice@example.org"), kRecipientTaken},
           {D::orcpt_other_type_refused, rcpt_with("ORCPT=x400;alice"), "501 5.5.4 Bad value of ORCPT"},
           {D::orcpt_utf8_type_refused, rcpt_with("ORCPT=utf-8;\\x{3B4}@example.org"), "501 5.5.4 Bad value of ORCPT"},
           {D::orcpt_encoded_character_refused, rcpt_with("ORCPT=rfc822;a+2Bb@example.org"),
            "501 5.5.4 Bad value of ORCPT"},
           {D::orcpt_broken_hexadecimal_accepted, rcpt_with("ORCPT=rfc822;a+2"), kRecipientTaken},
           {D::mail_line_limited_to_700_octets,
            mail_with("ENVID=" + std::string(100, 'e') + " AUTH=" + std::string(490, 'a') + "@example.com" +
                      " X=" + std::string(150, 'x')),
            "500 5.5.2 Line too long"},
           {D::mail_auth_null_refused, mail_with("AUTH=<>"), "501 5.5.4 Bad value of AUTH"},
           {D::mail_auth_encoded_character_refused, mail_with("AUTH=e+3Dmc2@example.com"),
            "501 5.5.4 Bad value of AUTH"},
           {D::mail_auth_broken_hexadecimal_accepted, mail_with("AUTH=e+3@example.com"), kSenderTaken},
           {D::mail_auth_long_value_refused,
            mail_with("AUTH=" + std::string(60, 'a') + "@" + std::string(60, 'd') + ".example"),
            "501 5.5.4 Bad value of AUTH"},
           {D::mail_auth_needs_authentication, mail_with("AUTH=<>"), "503 5.5.1 Authenticate first"},
           {D::line_with_auth_limited_to_512_octets, mail_with("AUTH=" + std::string(490, 'a') + "@example.com"),
            "500 5.5.2 Line too long"},
       }) {
    out.push_back(std::move(one));
  }
}

void add_utf8_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string utf8 = "MAIL FROM:<a@example.com> SMTPUTF8\r\n";
  const std::string umlaut = "RCPT TO:<\xc3\xa4@example.org>\r\n";
  for (DefectCase one : std::vector<DefectCase>{
           {D::smtputf8_kept_for_next_transaction, after_greeting(utf8 + "RSET\r\n" + kCaseMail + umlaut), "553 5.6.7",
            true},
           {D::smtputf8_needs_body, mail_with("SMTPUTF8"), "501 5.5.4 Bad value of SMTPUTF8"},
           {D::smtputf8_refused_with_body, mail_with("BODY=8BITMIME SMTPUTF8"), "501 5.5.4 Bad value of SMTPUTF8"},
           {D::smtputf8_accepted_in_rcpt, rcpt_with("SMTPUTF8"), kRecipientTaken},
           {D::smtputf8_message_in_ascii_refused,
            after_greeting(utf8 + kCaseRcpt + "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n"), "554 5.6.0"},
           {D::non_ascii_recipient_without_smtputf8_accepted, after_greeting(kCaseMail + umlaut), "553 5.6.7", true},
           {D::non_ascii_recipient_without_smtputf8_answered_550, after_greeting(kCaseMail + umlaut), "550 5.6.7"},
           {D::non_ascii_sender_without_smtputf8_answered_553, mail_from("<\xc3\xa4@example.com>"), "553 5.6.7"},
           {D::non_ascii_recipient_refused, after_greeting(utf8 + umlaut), "501 5.1.3"},
           {D::non_ascii_domain_refused, mail_from("<a@b\xc3\xbc.example> SMTPUTF8"), "501 5.1.7"},
           {D::non_ascii_quoted_string_refused, mail_from("<\"\xc3\xa4 x\"@example.com> SMTPUTF8"), "501 5.1.7"},
           {D::four_octet_character_refused, mail_from("<\xf0\x9f\x98\x80@example.com> SMTPUTF8"), "501 5.1.7"},
           {D::overlong_utf8_accepted, mail_from("<\xc0\xaf@example.com> SMTPUTF8"), kSenderTaken},
           {D::utf8_surrogates_accepted, mail_from("<\xed\xa0\x80@example.com> SMTPUTF8"), kSenderTaken},
           {D::truncated_utf8_accepted, mail_from("<\xe2\x82@example.com> SMTPUTF8"), kSenderTaken},
           {D::non_ascii_empty_atom_accepted, mail_from("<\xc3\xa4..x@example.com> SMTPUTF8"), kSenderTaken},
           {D::vrfy_smtputf8_word_refused, after_greeting("VRFY alice SMTPUTF8\r\n"), "501 5.5.4"},
           {D::reply_repeats_non_ascii_sender, after_greeting(kSmtpUtf8), "Sender <\xc3\xa4@example.com> ok"},
           {D::refusal_repeats_non_ascii_address, mail_from("<\xc3\xa4@example.com>"), ": <\xc3\xa4@example.com>"},
           {D::utf8_header_becomes_question_marks,
            after_greeting(kSmtpUtf8 + kCaseRcpt + "DATA\r\nSubject: \xc3\xa4\r\n\r\n\xc3\xa4\r\n.\r\n"),
            "Subject: ??\r\n\r\n\xc3\xa4"},
       }) {
    out.push_back(std::move(one));
  }
}

}  // namespace

std::vector<DefectCase> envelope_defect_cases() {
  std::vector<DefectCase> cases;
  add_size_cases(cases);
  add_dsn_cases(cases);
  add_utf8_cases(cases);
  return cases;
}

}  // namespace smtpspec::server
