// What a relay passes on.
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

// The parameters of MAIL stand behind the sender, those of RCPT behind the recipient.
Probe relayed_with(const std::string& of_mail, const std::string& of_rcpt) {
  Probe probe = after_greeting("MAIL FROM:<Ann@example.com>" + of_mail + "\r\nRCPT TO:<bob@relay.example>" + of_rcpt +
                               "\r\nDATA\r\nSubject: x\r\n.\r\n");
  probe.config.relay_domains = {"relay.example"};
  return probe;
}

Probe relayed(const std::string& recipient, const std::string& text = "Subject: x\r\n\r\nthe text\r\n") {
  Probe probe =
      after_greeting("MAIL FROM:<Ann@example.com>\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n" + text + ".\r\n");
  probe.config.relay_domains = {"relay.example"};
  return probe;
}

Probe relayed_from(const std::string& sender) {
  Probe probe = after_greeting("MAIL FROM:<" + sender + ">\r\nRCPT TO:<bob@relay.example>\r\nDATA\r\n.\r\n");
  probe.config.relay_domains = {"relay.example"};
  return probe;
}

std::string stamps(int count) {
  std::string header;
  for (int i = 0; i < count; ++i) header += "Received: from a by b; Thu, 01 Jan 2026 12:00:00 +0000\r\n";
  return header + "\r\n";
}

}  // namespace

std::vector<DefectCase> relay_defect_cases() {
  using D = Defect;
  const std::string routed = "@one.example,@two.example:bob@relay.example";
  const std::string header =
      "Return-Path: <old@example.com>\r\nBcc: c@example.com\r\nMessage-ID: <1@example.com>\r\n"
      "Subject: x\r\n y\r\n\r\nblanks  \r\n";
  Probe failing = after_greeting("MAIL FROM:<bob@relay.example>\r\nRCPT TO:<ghost@example.org>\r\nDATA\r\n.\r\n");
  failing.config.relay_domains = {"relay.example"};
  return {
      {D::relay_resolves_percent_sign, relayed("bob%host@relay.example"), "bob%host@relay.example ", true},
      {D::relay_resolves_bang_path, relayed("host!bob@relay.example"), "host!bob@relay.example ", true},
      {D::relay_drops_subaddress, relayed("bob+x@relay.example"), "bob+x@relay.example ", true},
      {D::relay_lowers_local_part, relayed("Bob@relay.example"), " bob@relay.example "},
      {D::relay_lowers_local_part, relayed("Bob@relay.example"), "from ann@example.com "},
      {D::relay_drops_dots_of_local_part, relayed("b.o.b@relay.example"), "b.o.b@relay.example ", true},
      {D::relay_keeps_route, relayed(routed), routed},
      {D::relay_copies_route_to_sender, relayed(routed), "from @one.example,@two.example:Ann@example.com "},
      {D::relay_adds_header_field, relayed("bob@relay.example"), "X-Looked-At-By: relay\r\nSubject: x\r\n"},
      {D::relay_appends_footer, relayed("bob@relay.example"), "the text\r\n-- \r\nThis message was relayed.\r\n"},
      {D::relay_trims_trailing_blanks, relayed("bob@relay.example", header), "blanks  \r\n", true},
      {D::relay_removes_bcc, relayed("bob@relay.example", header), "Bcc: c@example.com\r\n", true},
      {D::relay_replaces_message_id, relayed("bob@relay.example", header), "Message-ID: <1@example.com>\r\n", true},
      {D::relay_unfolds_header, relayed("bob@relay.example", header), "Subject: x y\r\n"},
      {D::relay_removes_return_path, relayed("bob@relay.example", header), "Return-Path: <", true},
      {D::relay_replaces_return_path, relayed("bob@relay.example", header), "Return-Path: <Ann@example.com>\r\n"},
      {D::relay_adds_no_received, relayed("bob@relay.example"), "Received: from", true},
      {D::relay_sends_null_reverse_path, relayed("bob@relay.example"), "from  "},
      {D::relay_drops_envelope_id, relayed_with(" ENVID=E1", ""), "ENVID=E1 ", true},
      {D::relay_invents_envelope_id, relayed_with("", ""), "ENVID=relay-1 "},
      {D::relay_drops_ret, relayed_with(" RET=HDRS", ""), "RET=HDRS ", true},
      {D::relay_invents_ret, relayed_with("", ""), "RET=FULL "},
      {D::relay_drops_notify, relayed_with("", " NOTIFY=DELAY"), "NOTIFY=DELAY ", true},
      {D::relay_invents_notify, relayed_with("", ""), "NOTIFY=FAILURE "},
      {D::relay_drops_orcpt, relayed_with("", " ORCPT=rfc822;Bob@c.d"), "ORCPT=rfc822;Bob@c.d ", true},
      {D::relay_lowers_orcpt, relayed_with("", " ORCPT=rfc822;Bob@c.d"), "ORCPT=rfc822;bob@c.d "},
      {D::notice_sent_with_ret, failing, "RET=HDRS ENVID= bob@relay.example "},
      {D::notice_sent_with_notify, failing, "bob@relay.example NOTIFY=FAILURE "},
      {D::relay_sender_without_quotes, relayed_from("\"john doe\"@example.com"), "from john doe@example.com "},
      {D::relay_recipient_without_quotes, relayed("\"b b\"@relay.example"), " b b@relay.example "},
      {D::relay_sender_drops_subaddress, relayed_from("Ann+x@example.com"), "from Ann@example.com "},
      {D::relay_replaces_null_reverse_path, relayed_from(""), "from postmaster@example.org "},
      {D::relay_loses_second_recipient, relayed("a@relay.example>\r\nRCPT TO:<b@relay.example"), " b@relay.example ",
       true},
      {D::relay_drops_leading_dots, relayed("bob@relay.example", "Subject: x\r\n\r\n..x\r\n"), "\r\n\r\nx\r\n"},
      {D::relay_escapes_from_lines, relayed("bob@relay.example", "Subject: x\r\n\r\nFrom x\r\n"), "\r\n>From x\r\n"},
      {D::relay_drops_body_parameter, relayed_with(" BODY=8BITMIME", ""), "BODY=8BITMIME ", true},
      {D::relay_drops_smtputf8_parameter, relayed_with(" SMTPUTF8", ""), " SMTPUTF8 ", true},
      {D::relay_changes_domain, relayed("bob@relay.example"), "bob@mx.relay.example "},
      {D::relay_cuts_long_text, relayed("bob@relay.example", "\r\n" + std::string(3000, 'x') + "end\r\n"), "xend",
       true},
      {D::relay_wraps_long_lines, relayed("bob@relay.example", "\r\n" + std::string(600, 'x') + "\r\n"),
       std::string(501, 'x'), true},
      {D::relay_removes_eighth_bit, relayed("bob@relay.example", "\r\ncaf\xE9\r\n"), "cafi\r\n"},
      {D::relay_removes_older_received, relayed("bob@relay.example", stamps(1)), "Received: from a by b", true},
      {D::relay_rewrites_date, relayed("bob@relay.example", stamps(1)), "12:00:00 -0000"},
      {D::relay_adds_date, relayed("bob@relay.example"), "Date: "},
      {D::relay_adds_message_id, relayed("bob@relay.example"), "Message-ID: "},
      {D::relay_serves_local_recipients_alone, relayed("bob@relay.example>\r\nRCPT TO:<alice@example.org"),
       "bob@relay.example ", true},
      {D::relay_ends_text_at_bare_lf_dot, relayed("bob@relay.example", "\r\nbefore\n.\nbehind\r\n"), "before\n"},
      {D::relay_loses_second_message,
       relayed("bob@relay.example",
               "\r\nfirst\r\n.\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@relay.example>\r\nDATA\r\n\r\nsecond\r\n"),
       "second", true},
      {D::relay_detects_no_loop, relayed("bob@relay.example", stamps(101)), "from Ann@example.com "},
      {D::relay_loop_limit_of_10000, relayed("bob@relay.example", stamps(101)), "from Ann@example.com "},
  };
}

}  // namespace smtpspec::server
