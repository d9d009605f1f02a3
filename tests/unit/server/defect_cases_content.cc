// What a message loses or changes on its way to the mailbox.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

Probe stored(const std::string& text) { return after_greeting(kCaseEnvelope + "DATA\r\n" + text + ".\r\n"); }
Probe with_text(const std::string& text) { return stored("Subject: x\r\n\r\n" + text); }
Probe eight_bit(const std::string& text) {
  return after_greeting("MAIL FROM:<a@example.com> BODY=8BITMIME\r\n" + kCaseRcpt + "DATA\r\n" + text + ".\r\n");
}
Probe from(const std::string& sender) {
  return after_greeting("MAIL FROM:<" + sender + ">\r\n" + kCaseRcpt + "DATA\r\n.\r\n");
}

}  // namespace

std::vector<DefectCase> content_defect_cases() {
  using D = Defect;
  const std::string longest(998, 'x');
  const std::string long_line = "\r\n" + longest + "\r\n";
  const std::string dotted = "\r\n." + longest.substr(1) + "\r\n";
  std::string hops;
  for (int i = 1; i <= 6; ++i) hops += "Received: from a by b" + std::to_string(i) + ";\r\n a date\r\n";
  std::string thousand;
  for (int i = 0; i < 1000; ++i) thousand += "x\r\n";
  const std::string header = "X-Empty: \r\nComments: one\r\nComments: two\r\nX-Tab: a\tb\r\nX-Blank: c  \r\n\r\n";
  const Probe second =
      after_greeting(kCaseEnvelope + "DATA\r\n..first\r\n.\r\n" + kCaseEnvelope + "DATA\r\n..second\r\n.\r\n");
  const Probe second_eight_bit =
      in_steps({"MAIL FROM:<a@example.com> BODY=8BITMIME\r\n" + kCaseRcpt + "DATA\r\n\xe9 one\r\n.\r\n" +
                "MAIL FROM:<a@example.com> BODY=8BITMIME\r\n" + kCaseRcpt + "DATA\r\n\xe9 two\r\n.\r\n"});
  return {
      {D::first_line_keeps_stuffed_dot, stored("..x\r\n..y\r\n"), "\r\n..x\r\n.y\r\n"},
      {D::first_line_of_second_message_keeps_stuffed_dot, second, "\r\n..second\r\n"},
      {D::last_line_keeps_stuffed_dot, stored("..x\r\n..y\r\n"), "\r\n.x\r\n..y\r\n"},
      {D::stuffed_dot_behind_empty_line_kept, with_text("..x\r\n..y\r\n"), "\r\n..x\r\n.y\r\n"},
      {D::line_of_one_dot_lost, with_text("a\r\n..\r\nb\r\n"), "a\r\nb\r\n"},
      {D::empty_first_line_lost, stored("\r\nx\r\n"), "\r\n\r\nx\r\n", true},
      {D::empty_last_line_lost, with_text("end\r\n\r\n"), "end\r\n\r\n", true},
      {D::empty_lines_merged, with_text("a\r\n\r\n\r\nb\r\n"), "a\r\n\r\nb\r\n"},
      {D::header_only_message_gets_body, stored("Subject: x\r\n"), "Subject: x\r\n\r\n(no text)\r\n"},
      {D::from_line_at_the_beginning_lost, stored("From a\r\nx\r\n"), "\r\nFrom a\r\n", true},
      {D::from_line_behind_empty_line_escaped, with_text("From a\r\nFrom b\r\n"), ">From a\r\nFrom b\r\n"},
      {D::tab_in_header_becomes_blank, stored(header), "X-Tab: a b\r\n"},
      {D::tab_at_line_start_becomes_blanks, with_text("\ta\r\n"), "\r\n        a\r\n"},
      {D::tab_at_line_end_lost, with_text("a\t\r\n"), "\r\na\r\n"},
      {D::trailing_blanks_of_header_removed, stored(header), "X-Blank: c\r\n"},
      {D::trailing_blanks_of_last_line_removed, with_text("a \r\nb \r\n"), "a \r\nb\r\n"},
      {D::line_of_blanks_emptied, with_text("a\r\n  \r\nb\r\n"), "a\r\n\r\nb\r\n"},
      {D::blanks_merged, with_text("a  b\r\n"), "a b\r\n"},
      {D::delete_character_removed, with_text("a\x7fz\r\n"), "az\r\n"},
      {D::soft_line_break_joined, with_text("a=\r\nb\r\n"), "ab\r\n"},
      {D::line_of_998_octets_cut, with_text(longest + "\r\n"), long_line, true},
      {D::stuffed_line_of_998_octets_cut, with_text("." + dotted.substr(2)), dotted, true},
      {D::line_of_998_octets_broken, with_text(longest + "\r\n"), "x\r\nxxxxxxxx\r\n"},
      {D::long_header_line_folded, stored("Subject: " + std::string(900, 'x') + " end\r\n"), "x\r\n end\r\n"},
      {D::lines_beyond_thousand_lost, with_text(thousand + "end\r\n"), "\r\nend\r\n", true},
      {D::message_cut_at_60000_octets, with_text(std::string(59'000, 'x') + "\r\n" + longest + "\r\nend\r\n"),
       "\r\nend\r\n", true},
      {D::eighth_bit_of_last_line_removed, eight_bit("\xe9 x\r\n\xe9 y\r\n"), "\xe9 x\r\ni y\r\n"},
      {D::eighth_bit_of_second_message_removed, second_eight_bit, "i two\r\n"},
      {D::field_without_value_lost, stored(header), "X-Empty:", true},
      {D::repeated_field_lost, stored(header), "Comments: two\r\n", true},
      {D::oldest_received_fields_lost, stored(hops), "from a by b6", true},
      {D::older_received_field_unfolded, stored(hops), "from a by b1; a date\r\n"},
      {D::received_below_older_one, stored(hops), "\r\nReceived: from a by b1;\r\n a date\r\nReceived: from client"},
      {D::return_path_without_quotes, from("\"john doe\"@example.com"), "Return-Path: <john doe@example.com>"},
      {D::return_path_without_backslash, from("\"a\\\"b\"@example.com"), "Return-Path: <\"a\"b\"@example.com>"},
      {D::return_path_drops_subaddress, from("a+b@example.com"), "Return-Path: <a@example.com>"},
      {D::return_path_cut_at_64_octets, from(std::string(60, 'a') + "@example.com"), "aa@exa>"},
  };
}

}  // namespace smtpspec::server
