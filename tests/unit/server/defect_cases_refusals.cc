// What a refusal takes with it, sessions that begin with HELO, and what lies in one buffer with the end of a message.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kGoAhead = "354 ";
const std::string kStored = "bob@example.org NOTIFY=";  // of the envelope of what was delivered
const std::string kMalformed = "RCPT TO:<nobody@\r\n";
const std::string kUnknownParameter = "RCPT TO:<postmaster> UNKNOWN=1\r\n";
const std::string kForeign = "RCPT TO:<somebody@elsewhere.example>\r\n";
const std::string kNonAscii = "NOOP caf\xe9\r\n";
const std::string kUnknown = "FOOBAR now\r\n";
const std::string kAuth = "AUTH PLAIN AHRpbQB4\r\n";
const std::string kHop = "Received: from a.example by b.example; Thu, 01 Jan 2026 12:00:00 +0000\r\n";

std::string message(const std::string& content) { return "DATA\r\n" + content + ".\r\n"; }
std::string hops(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) fields += kHop;
  return fields;
}
std::string long_line() { return "NOOP " + std::string(3000, 'x') + "\r\n"; }

// Two recipients, the command, and the message.
Probe two_then(const std::string& command) {
  return after_greeting(kCaseEnvelope + "RCPT TO:<bob@example.org>\r\n" + command + message("Subject: x\r\n"));
}
Probe delivering(const std::string& content) { return after_greeting(kCaseEnvelope + message(content)); }
Probe behind_helo(const std::string& octets) { return {with_users(), {"HELO client.example\r\n" + octets}}; }

void add_refusal_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const auto all = [](const std::string& command) { return after_greeting(kCaseEnvelope + command + "DATA\r\n"); };
  for (DefectCase one : std::vector<DefectCase>{
           {D::malformed_rcpt_drops_recipients, all(kMalformed), kGoAhead, true},
           {D::malformed_rcpt_keeps_first_recipient, two_then(kMalformed), kStored, true},
           {D::unknown_rcpt_parameter_drops_recipients, all(kUnknownParameter), kGoAhead, true},
           {D::unknown_rcpt_parameter_keeps_first_recipient, two_then(kUnknownParameter), kStored, true},
           {D::denied_relaying_drops_recipients, all(kForeign), kGoAhead, true},
           {D::denied_relaying_keeps_first_recipient, two_then(kForeign), kStored, true},
           {D::long_line_drops_recipients, all(long_line()), kGoAhead, true},
           {D::long_line_drops_last_recipient, two_then(long_line()), kStored, true},
           {D::non_ascii_command_drops_recipients, all(kNonAscii), kGoAhead, true},
           {D::non_ascii_command_keeps_first_recipient, two_then(kNonAscii), kStored, true},
           {D::unknown_command_with_argument_drops_recipients, all(kUnknown), kGoAhead, true},
           {D::unknown_command_with_argument_drops_last_recipient, two_then(kUnknown), kStored, true},
           {D::help_with_argument_drops_recipients, all("HELP MAIL\r\n"), kGoAhead, true},
           {D::help_with_argument_drops_last_recipient, two_then("HELP MAIL\r\n"), kStored, true},
           {D::data_argument_drops_recipients, all("DATA now\r\n"), kGoAhead, true},
           {D::data_argument_keeps_first_recipient, two_then("DATA now\r\n"), kStored, true},
           {D::rset_argument_drops_last_recipient, two_then("RSET now\r\n"), kStored, true},
           {D::quit_argument_drops_recipients, all("QUIT now\r\n"), kGoAhead, true},
           {D::quit_argument_drops_last_recipient, two_then("QUIT now\r\n"), kStored, true},
           {D::auth_in_transaction_drops_recipients, all(kAuth), kGoAhead, true},
           {D::auth_in_transaction_drops_last_recipient, two_then(kAuth), kStored, true},
       }) {
    out.push_back(std::move(one));
  }
}

void add_helo_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const Probe one_message = behind_helo(kCaseEnvelope + message("Subject: x\r\n\r\n..the text\r\n"));
  for (DefectCase one : std::vector<DefectCase>{
           {D::helo_message_lost, one_message, "the text", true},
           {D::helo_second_message_lost,
            behind_helo(kCaseEnvelope + message("Subject: one\r\n") + kCaseEnvelope + message("Subject: two\r\n")),
            "two", true},
           {D::helo_message_without_body, one_message, "the text", true},
           {D::helo_message_not_unstuffed, one_message, "..the text"},
           {D::helo_message_without_received, one_message, "Received: ", true},
           {D::helo_message_without_return_path, one_message, "Return-Path: ", true},
           {D::helo_rset_keeps_transaction, behind_helo(kCaseEnvelope + "RSET\r\nDATA\r\n"), kGoAhead},
           {D::helo_rset_keeps_recipients, behind_helo(kCaseEnvelope + "RSET\r\n" + kCaseMail + "DATA\r\n"), kGoAhead},
       }) {
    out.push_back(std::move(one));
  }
}

void add_end_cases(std::vector<DefectCase>& out) {
  using D = Defect;
  const std::string text = "Subject: x\r\n\r\nfirst\r\nlast\r\n";
  const auto followed_by = [&](const std::string& command) {
    return after_greeting(kCaseEnvelope + message(text) + command);
  };
  const std::string nul_dot = std::string("text\r\n\0.\r\n", 10);
  const std::string ok = "250 2.0.0 Ok\r\n";
  for (DefectCase one : std::vector<DefectCase>{
           {D::message_before_pipelined_command_lost, followed_by("NOOP\r\n"), "first", true},
           {D::message_before_pipelined_command_loses_last_line, followed_by("NOOP\r\n"), "last", true},
           {D::pipelined_command_joins_message, followed_by("NOOP\r\n"), "last\r\nNOOP\r\n"},
           {D::pipelined_mail_undoes_message, followed_by(kCaseMail), "first", true},
           {D::pipelined_rset_undoes_message, followed_by("RSET\r\n"), "first", true},
           {D::pipelined_quit_undoes_message, followed_by("QUIT\r\n"), "first", true},
           {D::dot_vertical_tab_ends_data, delivering("text\r\n.\v\r\nNOOP\r\n"), ok},
           {D::nul_dot_ends_data, delivering(nul_dot + "NOOP\r\n"), ok},
           {D::lf_lf_dot_lf_ends_data, delivering("text\r\n\n\n.\nNOOP\r\n"), ok},
           {D::bare_lf_ends_help, after_greeting("HELP\nNOOP\r\n"), ok},
           {D::bare_lf_ends_mail, after_greeting("MAIL FROM:<a@example.com>\nNOOP\r\n"), ok},
           {D::bare_lf_ends_vrfy, after_greeting("VRFY alice\nNOOP\r\n"), ok},
           {D::message_of_thirty_hops_lost, delivering(hops(30) + "Subject: far\r\n"), "far", true},
           {D::long_header_line_cut, delivering("X: " + std::string(600, 'x') + "!\r\n"), "x!", true},
           {D::long_folded_field_lost, delivering("X: y\r\n " + std::string(600, 'x') + "!\r\n"), "x!", true},
       }) {
    out.push_back(std::move(one));
  }
}

}  // namespace

std::vector<DefectCase> refusal_defect_cases() {
  std::vector<DefectCase> all;
  add_refusal_cases(all);
  add_helo_cases(all);
  add_end_cases(all);
  return all;
}

}  // namespace smtpspec::server
