// What becomes of sender, recipients and text when other commands, other messages and other sessions come between.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

using Cases = std::vector<DefectCase>;

const std::string kToBob = "RCPT TO:<bob@example.org>\r\n";
const std::string kToNobody = "RCPT TO:<nobody@example.org>\r\n";
const std::string kToGhost = "RCPT TO:<ghost@example.org>\r\n";
const std::string kToTwo = kCaseRcpt + kToBob;
const std::string kText = "DATA\r\nSubject: x\r\n.\r\n";
const std::string kBobIsServed = "bob@example.org NOTIFY=";
const std::string kAliceIsServed = "alice@example.org NOTIFY=";

std::string mail_from(const std::string& sender) { return "MAIL FROM:<" + sender + ">\r\n"; }
std::string message_from(const std::string& sender) { return mail_from(sender) + kCaseRcpt + kText; }
std::string rcpt_to(const std::string& recipient) { return "RCPT TO:<" + recipient + ">\r\n"; }

// A message that is too long for `with_limit(40, …)`.
const std::string kTooLong = "DATA\r\n" + std::string(60, 'x') + "\r\n.\r\n";

void add_other_commands(Cases& out) {
  using D = Defect;
  struct Trio {
    std::string command;
    Defect first_only, last, sender;
  };
  const std::vector<Trio> trios = {
      {"NOOP", D::noop_keeps_first_recipient_only, D::noop_drops_last_recipient, D::noop_forgets_sender},
      {"VRFY alice", D::vrfy_keeps_first_recipient_only, D::vrfy_drops_last_recipient, D::vrfy_forgets_sender},
      {"EXPN staff", D::expn_keeps_first_recipient_only, D::expn_drops_last_recipient, D::expn_forgets_sender},
      {"HELP", D::help_keeps_first_recipient_only, D::help_drops_last_recipient, D::help_forgets_sender},
  };
  for (const Trio& trio : trios) {
    const std::string rest = trio.command + "\r\n" + kText;
    const Probe three = after_greeting(kCaseMail + kToTwo + rcpt_to("alice+1@example.org") + rest);
    out.push_back({trio.first_only, three, kBobIsServed, true});
    out.push_back({trio.last, three, "alice+1@example.org NOTIFY=", true});
    out.push_back({trio.sender, three, "from  RET="});
  }
  out.push_back({D::vrfy_adds_recipient, after_greeting(kCaseEnvelope + "VRFY bob\r\n" + kText), kBobIsServed});
  out.push_back({D::expn_adds_members, after_greeting(kCaseEnvelope + "EXPN staff\r\n" + kText), kBobIsServed});
  const Probe unknown = after_greeting(kCaseMail + kToTwo + "XYZZY\r\n" + kText);
  const Probe nested = after_greeting(kCaseMail + kToTwo + mail_from("b@example.com") + kText);
  out.push_back({D::unknown_command_drops_last_recipient, unknown, kBobIsServed, true});
  out.push_back({D::refused_rcpt_drops_last_recipient, after_greeting(kCaseMail + kToTwo + kToNobody + kText),
                 kBobIsServed, true});
  out.push_back({D::recipient_behind_refused_one_lost,
                 after_greeting(kCaseMail + kCaseRcpt + kToNobody + kToBob + kText), kBobIsServed, true});
  out.push_back({D::refused_recipient_counts_as_last,
                 after_greeting(mail_from("bob@example.org") + kCaseRcpt + kToNobody + kText),
                 "nobody@example.org NOTIFY="});
  out.push_back({D::refused_nested_mail_replaces_sender, nested, "from b@example.com"});
  out.push_back({D::refused_nested_mail_drops_last_recipient, nested, kBobIsServed, true});
}

void add_earlier_transactions(Cases& out) {
  using D = Defect;
  const Probe asked = after_greeting(
      "MAIL FROM:<a@example.com> RET=HDRS ENVID=E1\r\nRCPT TO:<alice@example.org> NOTIFY=DELAY\r\nRSET\r\n" +
      kCaseEnvelope + kText);
  const std::string first_to_bob = mail_from("first@example.com") + kToBob;
  const std::string second = message_from("second@example.com");
  const Probe over_rset = after_greeting(first_to_bob + "RSET\r\n" + second);
  const Probe over_ehlo = after_greeting(first_to_bob + "EHLO again.example\r\n" + second);
  out.push_back({D::sender_of_refused_mail_taken, after_greeting("MAIL FROM:<first@example.com> FOO=BAR\r\n" + second),
                 "from first@example.com"});
  out.push_back({D::rset_behind_refused_rcpt_changes_nothing,
                 after_greeting(kCaseEnvelope + kToNobody + "RSET\r\n" + kText), kAliceIsServed});
  out.push_back({D::recipients_before_rset_join_next_message, over_rset, kBobIsServed});
  out.push_back({D::recipients_before_ehlo_join_next_message, over_ehlo, kBobIsServed});
  out.push_back({D::rset_leaves_sender_to_next_message, over_rset, "from first@example.com"});
  out.push_back({D::ehlo_leaves_sender_to_next_message, over_ehlo, "from first@example.com"});
  out.push_back({D::received_names_first_client_name, over_ehlo, "Received: from client.example"});
  out.push_back({D::ehlo_keeps_sender, after_greeting(kCaseEnvelope + kCaseEhlo + kCaseRcpt), "503 ", true});
  out.push_back({D::rset_keeps_notice_parameters, asked, "RET=HDRS ENVID=E1 "});
  out.push_back({D::rset_keeps_notify, asked, "NOTIFY=DELAY"});
  out.push_back({D::rset_keeps_body,
                 with_binary_mime("MAIL FROM:<a@example.com> BODY=BINARYMIME\r\nRSET\r\n" + kCaseEnvelope + kText),
                 "503 "});
  out.push_back({D::rset_keeps_smtputf8,
                 after_greeting("MAIL FROM:<a@example.com> SMTPUTF8\r\nRSET\r\n" + kCaseMail +
                                rcpt_to("alice+\xc3\xa9@example.org")),
                 "553 ", true});
  out.push_back({D::rset_keeps_declared_size,
                 after_greeting("MAIL FROM:<a@example.com> SIZE=5\r\nRSET\r\n" + kCaseEnvelope + kText), "552 "});
  out.push_back({D::message_leaves_notice_parameters,
                 after_greeting("MAIL FROM:<a@example.com> ENVID=E1\r\n" + kCaseRcpt + kText +
                                message_from("second@example.com")),
                 "from second@example.com RET= ENVID=E1 "});
  const Probe refused = with_limit(40, kCaseMail + kToBob + kTooLong + message_from("second@example.com"));
  out.push_back({D::mail_after_refused_message_needs_rset, refused, "503 "});
  out.push_back({D::message_after_refused_message_lost, refused, "from second@example.com", true});
  out.push_back({D::recipients_of_refused_message_join_next, refused, kBobIsServed});
  const std::string first = message_from("first@example.com");
  const Probe four = after_greeting(first + second + mail_from("third@example.com") + kToTwo + kText + kCaseMail);
  out.push_back({D::mail_after_third_message_needs_rset, four, "503 "});
  out.push_back({D::third_message_lost, four, "from third@example.com", true});
  out.push_back({D::third_message_loses_last_recipient, four, kBobIsServed, true});
  out.push_back({D::third_message_keeps_sender_of_second, four, "from third@example.com", true});
  out.push_back({D::second_message_keeps_sender_of_first, four, "from second@example.com", true});
  out.push_back({D::second_message_goes_to_recipients_of_first,
                 after_greeting(first + mail_from("second@example.com") + kToBob + kText),
                 "from second@example.com RET= ENVID= " + kBobIsServed + " ORCPT= alice@example.org"});
  out.push_back(
      {D::null_reverse_path_replaced_by_previous_sender, after_greeting(first + message_from("")), "from  RET=", true});
  out.push_back({D::shorter_message_ends_with_rest_of_longer_one,
                 after_greeting(kCaseEnvelope + "DATA\r\nSubject: long one\r\n.\r\n" + kCaseEnvelope +
                                "DATA\r\nSubject: x\r\n.\r\n"),
                 "Subject: x\r\ng one"});
}

void add_other_sessions(Cases& out) {
  using D = Defect;
  const std::string elsewhere = kCaseEhlo + message_from("other@example.com");
  out.push_back({D::sender_of_other_session_taken,
                 in_steps({kCaseEnvelope, "<other>", kCaseEhlo + mail_from("other@example.com"), "<other>", kText}),
                 "from other@example.com"});
  out.push_back({D::text_of_other_session_taken,
                 in_steps({kCaseEnvelope + "DATA\r\n", "<other>", elsewhere, "<other>", "Subject: mine\r\n.\r\n"}),
                 "Subject: mine\r\n", true});
  out.push_back({D::rset_of_other_session_drops_recipients,
                 in_steps({kCaseEnvelope, "<other>", kCaseEhlo + "RSET\r\n", "<other>", kText}), kAliceIsServed, true});
  out.push_back({D::end_of_other_session_drops_recipients,
                 in_steps({kCaseEnvelope, "<other>", kCaseEhlo, "<new>", "<other>", kText}), kAliceIsServed, true});
  const auto lost_behind = [](const std::string& octets) {
    return in_steps(
        {message_from("first@example.com") + mail_from("second@example.com") + kToBob + "DATA\r\n" + octets, "<lost>"});
  };
  out.push_back(
      {D::text_of_lost_connection_begins_next_message,
       in_steps({kCaseEnvelope + "DATA\r\nlost line\r\n", "<lost>", "<new>", kCaseEhlo + kCaseEnvelope + kText}),
       "lost line\r\nSubject: x\r\n"});
  out.push_back({D::lost_connection_behind_dot_completes_message, lost_behind("part\r\n."), "part\r\n"});
  out.push_back({D::lost_connection_behind_empty_line_completes_message, lost_behind("part\r\n\r\n"), "part\r\n"});
  out.push_back({D::lost_connection_repeats_previous_message, lost_behind("part\r\n"),
                 "Subject: x\r\nReturn-Path: <first@example.com>\r\n"});
}

void add_single_recipients(Cases& out) {
  using D = Defect;
  const auto to = [](const std::string& recipient) {
    return after_greeting(kCaseMail + kToBob + rcpt_to(recipient) + kText);
  };
  out.push_back({D::recipients_beside_refused_one_served_twice, after_greeting(kCaseMail + kToBob + kToNobody + kText),
                 kBobIsServed + " ORCPT= " + kBobIsServed});
  out.push_back({D::recipients_behind_undeliverable_one_lost, after_greeting(kCaseMail + kToGhost + kToBob + kText),
                 kBobIsServed, true});
  out.push_back({D::repeated_recipient_lost, after_greeting(kCaseMail + kToBob + kToTwo + kText), kBobIsServed, true});
  out.push_back({D::notify_of_first_recipient_holds_for_all,
                 after_greeting(kCaseMail + "RCPT TO:<alice@example.org> NOTIFY=NEVER\r\n" + kToBob + kText),
                 kBobIsServed + "NEVER"});
  std::string many;
  for (int i = 1; i <= 51; ++i) many += rcpt_to("alice+" + std::to_string(i) + "@example.org");
  out.push_back({D::recipients_beyond_fifty_lost, after_greeting(kCaseMail + many + kText),
                 "alice+51@example.org NOTIFY=", true});
  out.push_back({D::quoted_recipient_lost, to("\"alice\"@example.org"), kAliceIsServed, true});
  out.push_back({D::postmaster_without_domain_lost, to("Postmaster"), "ostmaster@example.org NOTIFY=", true});
  out.push_back(
      {D::postmaster_in_another_case_lost, to("POSTMASTER@example.org"), "POSTMASTER@example.org NOTIFY=", true});
  out.push_back(
      {D::recipient_with_domain_in_capitals_lost, to("alice@EXAMPLE.org"), "alice@EXAMPLE.org NOTIFY=", true});
  out.push_back({D::recipient_at_address_literal_lost, to("alice@[127.0.0.1]"), "alice@[127.0.0.1] NOTIFY=", true});
}

}  // namespace

std::vector<DefectCase> buffer_defect_cases() {
  Cases all;
  add_other_commands(all);
  add_earlier_transactions(all);
  add_other_sessions(all);
  add_single_recipients(all);
  return all;
}

}  // namespace smtpspec::server
