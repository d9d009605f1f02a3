#include "tests/unit/server/probes.h"

#include "harness/server/base64.h"
#include "tests/unit/server/defect_cases.h"

namespace smtpspec::server {
namespace {

const std::string kEhlo = "EHLO client.example\r\n";
const std::string kMail = "MAIL FROM:<a@example.com>\r\n";
const std::string kRcpt = "RCPT TO:<alice@example.org>\r\n";
const std::string kEnvelope = kMail + kRcpt;
const std::string kAuth = "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n";

Probe plain(const std::string& octets) { return {{}, {octets}}; }
Probe extended(const std::string& octets) { return {{}, {kEhlo + octets}}; }
Probe with_auth(const std::string& octets) { return {with_users(), {kEhlo + octets}}; }
Probe message(const std::string& data) { return extended(kEnvelope + "DATA\r\n" + data + "\r\n.\r\nNOOP\r\n"); }

void add_session_probes(std::vector<Probe>& out) {
  out.push_back(plain("HELO client.example\r\nNOOP\r\nQUIT\r\n"));
  out.push_back(plain("QUIT\r\n"));
  for (const char* command : {"NOOP", "RSET", "VRFY alice", "HELP", "STARTTLS", "AUTH PLAIN"}) {
    out.push_back(plain(std::string(command) + "\r\n"));
  }
  for (const std::string name :
       {"[192.0.2.1]", "[IPv6:2001:db8::1]", "[192.0.2.1] text", "3com.example", "bad_name", ""}) {
    out.push_back(plain("EHLO " + name + "\r\n" + kMail));
  }
  out.push_back(
      plain("EHLO " + std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + "\r\n"));
  out.push_back(extended(kEhlo + kEnvelope + kEhlo + "DATA\r\n"));
  out.push_back(extended(kEnvelope + "HELO client.example\r\nDATA\r\n"));
  out.push_back(extended(kEnvelope + "EHLO bad_name\r\nDATA\r\n.\r\nMAIL FROM:<>\r\n"));
  out.push_back(extended(kEnvelope + "RSET\r\n" + kMail + "DATA\r\n"));
  out.push_back(extended("RSET\r\nRSET x\r\nNOOP x\r\nQUIT x\r\nHELP\r\nHELP x\r\n" + kMail + "QUIT\r\n"));
  out.push_back(extended(kEnvelope + "QUIT\r\nNOOP\r\n"));
  out.push_back({{}, {kEhlo, "<timeout>"}});
  out.push_back({{}, {kEhlo + kEnvelope + "DATA\r\npart\r\n", "<lost>"}});
  out.push_back({{}, {kEhlo + kEnvelope, "<lost>", "<new>", kEhlo + kMail + "DATA\r\n.\r\n"}});
}

// Further openings of a session: who comes when, and under which name.
void add_greeting_probes(std::vector<Probe>& out) {
  out.push_back({{}, {"", "<new>", kEhlo + kMail, "<new>", kEhlo}});
  for (const std::string name : {"[192.0.2.1]", "[IPv6:2001:DB8:0:0:0:0:0:1]", "[IPv6:::1]", "[IPv6:::ffff:192.0.2.1]",
                                 "[x-tag:content]", "a-b.example", "host.invalid"}) {
    out.push_back(plain("EHLO " + name + "\r\nNOOP\r\n"));
  }
  out.push_back(plain("HELO\r\nHELO client.example\r\n" + kMail));
  out.push_back(extended(kEnvelope + "EHLO other.example\r\n" + kMail + "DATA\r\n"));
  out.push_back(extended(kEnvelope + kEhlo + kMail + "DATA\r\n"));
  out.push_back(extended(kEnvelope + "HELO client.example\r\n" + kMail + "DATA\r\n"));
  out.push_back(extended("MAIL FROM:<\"a b\"@example.com>\r\nMAIL FROM:<a@host.invalid>\r\n"));
  out.push_back(extended("MAIL FROM:<>\r\nRCPT TO:<postmaster@example.org>\r\n"));
}

// What a session has to have behind it before some defects show.
void add_circumstance_probes(std::vector<Probe>& out) {
  const std::string noop = "NOOP\r\n";
  const std::string behind_noop = kMail + noop + kRcpt + noop + "DATA\r\nSubject: x\r\n\r\n\xe9\r\n.\r\n";
  out.push_back({{}, {"", "<lost>", "<new>", "<lost>", "<new>", kEhlo}});
  out.push_back(plain(noop + kEhlo + kMail));
  out.push_back(extended(noop + behind_noop + "QUIT\r\n"));
  out.push_back(extended(noop + kMail + kRcpt + noop + "DATA\r\n.\r\n"));
  out.push_back({{}, {kEhlo + behind_noop, "<lost>"}});
  out.push_back({{}, {kEhlo + noop + "STARTTLS\r\n", "<tls>", kEhlo}});
  out.push_back(extended("RSET\r\n" + kMail + "RSET\r\n" + kRcpt));
  out.push_back(extended("RSET\r\nRSET\r\n" + kMail));
  out.push_back(extended(kMail + kRcpt + kRcpt + kRcpt + "RSET\r\n" + kMail + "RSET\r\n" + kMail + "RSET\r\n" + kMail));
  out.push_back(extended("MAIL FROM:<bob@example.org>\r\nRCPT TO:<postmaster@example.org>\r\nDATA\r\n.\r\n"));
}

// Further forms of command lines, and commands that follow one another.
void add_command_line_probes(std::vector<Probe>& out) {
  for (const std::string line : {"NoOp",
                                 "ehlo client.example",
                                 "data",
                                 "quit",
                                 "etrn example.org",
                                 "FOOB",
                                 "NOOPX",
                                 "MAILFROM:<a@example.com>",
                                 "NOOP\tx",
                                 "NOOP  x",
                                 "RSET ",
                                 "MAIL FROM:<a@example.com> ",
                                 "MAIL FROM:<a@example.com> size=1",
                                 "MAIL FROM:<a@example.com> size=99999999999",
                                 "MAIL FROM:<a@example.com> FOO=1",
                                 "MAIL FROM:<.a@example.com>",
                                 "MAIL FROM:<a.@example.com>",
                                 "NOOP \"a b\"",
                                 "TURN",
                                 "ATRN",
                                 "SEND FROM:<a@example.com>",
                                 "SOML FROM:<a@example.com>",
                                 "SAML FROM:<a@example.com>",
                                 "VRFY carol",
                                 "VRFY x@elsewhere.example",
                                 "EXPN nobody"}) {
    out.push_back(extended(line + "\r\n" + line + "\r\n"));
  }
  for (const char* command : {"VRFY nobody", "RSET x", "NOOP x"}) {
    out.push_back(extended(kEnvelope + command + "\r\nDATA\r\n"));
  }
  out.push_back(extended("RSET\r\n" + kMail));
  out.push_back(extended("MAIL FROM:<one@example.org>\r\nRSET\r\nMAIL FROM:<other@example.org>\r\n"));
  out.push_back({{}, {kEhlo, "NOOP\n", "NOOP\r", "\r\n"}});
  out.push_back({{}, {kEhlo, "QUIT"}});
}

void add_command_probes(std::vector<Probe>& out) {
  out.push_back(extended("noop\r\nNOOP \r\nNOOP caf\xc3\xa9\r\nNOOP \x01\r\nXYZZY\r\nNOOP\r\n"));
  out.push_back(extended("XA\r\n\r\nXB\r\nXC\r\nNOOP\r\n"));
  out.push_back(extended("NOOP\nNOOP\r\n"));
  out.push_back(extended("NOOP\rNOOP\r\n"));
  out.push_back(extended("NOOP " + std::string(400, 'x') + "\r\n"));
  out.push_back(extended("NOOP " + std::string(700, 'x') + "\r\nNOOP\r\n"));
  out.push_back(extended("MAIL FROM:<> ENVID=" + std::string(100, 'e') + " AUTH=" + std::string(450, 'a') + "\r\n"));
  for (const char* command :
       {"NOOP", "NOOP x", "VRFY alice", "EXPN staff", "HELP", "XYZZY", "EXPN", "HELO b", "RSET x"}) {
    out.push_back(extended(kEnvelope + command + "\r\nDATA\r\n"));
  }
  for (const char* command :
       {"VRFY alice", "VRFY alice@example.org", "VRFY nobody", "VRFY staff", "VRFY", "EXPN staff", "EXPN alice", "EXPN",
        "HELP", "HELP mail", "NOOP", "RSET", "ETRN example.org", "ETRN node", "ETRN"}) {
    out.push_back(extended(std::string(command) + "\r\n"));
  }
  out.push_back({{}, {kEhlo, "NOOP"}});
}

void add_envelope_probes(std::vector<Probe>& out) {
  for (const std::string path : {"<>",
                                 "<\"ab\"@example.com>",
                                 "<\"a b\"@example.com>",
                                 "<\"a\\\"b\"@example.com>",
                                 "<\"\"@example.com>",
                                 "<a@[192.0.2.1]>",
                                 "<a@[IPv6:1:2:3:4:5:6:7:8]>",
                                 "<a@[IPv6:2001:db8::1]>",
                                 "<a@[IPv6:::ffff:192.0.2.1]>",
                                 "<a@[x-tag:content]>",
                                 "<@r.example:a@example.com>",
                                 "<@r.example,@s.example:a@example.com>",
                                 "<a+b@example.com>",
                                 "<a=b@example.com>",
                                 "<a.b@example.com>",
                                 "<1a@example.com>",
                                 "<a@3com.example>",
                                 "<a@a-b.example>",
                                 "<a@localhost>",
                                 " <a@example.com>",
                                 "a@example.com",
                                 "<a@example.com",
                                 "<a@example.com>x",
                                 "<a..b@example.com>",
                                 "<a,b@example.com>",
                                 "<\"a\"b@example.com>",
                                 "<a@b@example.com>",
                                 "<@example.com>",
                                 "<alice>",
                                 "<a@example..com>",
                                 "<a@-example.com>",
                                 "<a@ex_ample.com>",
                                 "<a@[300.1.1.1]>",
                                 "<a@[IPv6:1:2]>",
                                 "<@r..example:a@example.com>",
                                 "<a@example.com> =x",
                                 "<a@example.com> FOO=BAR",
                                 "<\xc3\xa9@example.com>",
                                 "<\xc3\xa9@example.com> SMTPUTF8",
                                 "<\xe9@example.com> SMTPUTF8"}) {
    out.push_back(extended("MAIL FROM:" + path + "\r\n" + kRcpt + "MAIL FROM:<>\r\n"));
  }
  out.push_back(extended("MAIL from:<a@example.com>\r\n"));
  out.push_back(extended("MAIL FROM:<" + std::string(64, 'l') + "@example.com>\r\n"));
  const std::string label(60, 'd');
  out.push_back(extended("MAIL FROM:<a@" + label + "." + label + "." + label + ".example>\r\n"));
  out.push_back(
      extended("MAIL FROM:<" + std::string(64, 'l') + "@" + label + "." + label + "." + label + ".example>\r\n"));
  for (const std::string path : {"<>", "<\"alice\"@example.org>", "<alice@EXAMPLE.org>", "<POSTMASTER>", "<postmaster>",
                                 "<postmaster@example.org>", "<nobody@example.org>", "<x@elsewhere.example>"}) {
    out.push_back(extended(kEnvelope + "RCPT TO:" + path + "\r\nDATA\r\n.\r\n"));
  }
  out.push_back(extended(kRcpt + "DATA\r\n"));
  out.push_back(extended(kEnvelope + kMail + "DATA\r\n.\r\n"));
  out.push_back(extended(kEnvelope + "RCPT TO:<bob@example.org>\r\nDATA\r\n.\r\n" + kMail));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "RCPT TO:<alice+" + std::to_string(i) + "@example.org>\r\n";
  out.push_back(extended(kMail + many));
  Config few;
  few.max_recipients = 1;
  out.push_back({few, {kEhlo + kEnvelope + kRcpt + "DATA\r\n.\r\n"}});
}

void add_data_probes(std::vector<Probe>& out) {
  out.push_back(
      extended(kMail + "DATA\r\n" + kRcpt + "DATA x\r\nDATA\r\nFrom: a\r\nDate: b\r\nQUIT\r\n\r\nx\r\n.\r\nDATA\r\n"));
  for (const char* data : {"a\n.\nb",
                           "a\n.\r\nb",
                           "a\r\n.\nb",
                           "a\r.\rb",
                           "a\r.\r\nb",
                           "a\r\n.\rb",
                           "a\r\n. \r\nb",
                           "a\r\n..\r\nb",
                           "...a\r\n..b",
                           "a\nb",
                           "a\rb",
                           "x\r\n\r\n\r\ny",
                           "a \r\nb",
                           "a\tb",
                           "a\x07b",
                           "\xe9",
                           "Subject: x\r\n\r\n",
                           "Resent-From: x\r\n",
                           "Received: nonsense\r\n\r\n",
                           "Received: from a by b; Thu, 1 Jan 1970 00:00:00 +0000\r\nX: y\r\n\r\nbody",
                           "From: x\r\nDate: y\r\n\r\n"}) {
    out.push_back(message(data));
  }
  out.push_back(message(std::string(998, 'x')));
  std::string long_message;
  for (int i = 0; i < 600; ++i) long_message += std::string(62, 'x') + "\r\n";
  out.push_back(message(long_message));
  std::string addresses = "From: x\r\nDate: y\r\nTo: a@b";
  for (int i = 0; i < 30; ++i) addresses += ",\r\n c@d";
  out.push_back(message(addresses + "\r\n\r\n"));
  std::string hops;
  for (int i = 0; i < 30; ++i) hops += "Received: from a by b; c\r\n";
  out.push_back(message(hops + "From: x\r\nDate: y\r\n\r\n"));
  out.push_back({{}, {kEhlo + kEnvelope + "DATA\r\n", "a\r\n", "..b\r\n.\r\n"}});
  out.push_back(extended(kEnvelope + "DATA\r\n.\r\n" + kEnvelope + "DATA\r\n.\r\n" + kEnvelope + "DATA\r\n"));
  out.push_back(extended(kEnvelope + "DATA\r\n.\r\nDATA\r\n"));
  out.push_back(extended("MAIL FROM:<>\r\n" + kRcpt + "DATA\r\nx\r\n.\r\n"));
  out.push_back(extended(kMail + "RCPT TO:<alice+X@example.org>\r\nDATA\r\nx\r\n.\r\n"));
  out.push_back(extended(kMail + "RCPT TO:<staff@example.org>\r\nDATA\r\nx\r\n.\r\n"));
  Config small;
  small.max_message_octets = 10;
  out.push_back({small, {kEhlo + kEnvelope + "DATA\r\n" + std::string(20, 'x') + "\r\n.\r\nDATA\r\n"}});
  out.push_back({small, {kEhlo + kEnvelope + "BDAT 20 LAST\r\n" + std::string(20, 'x') + "NOOP\r\n"}});
}

void add_extension_probes(std::vector<Probe>& out) {
  for (const std::string parameter : {"SIZE=1",
                                      "SIZE=x",
                                      "SIZE=00000000000000000001",
                                      "SIZE=1 SIZE=1",
                                      "SIZE=99999999999",
                                      "BODY=8BITMIME",
                                      "BODY=8bitmime",
                                      "BODY=9BIT",
                                      "BODY=BINARYMIME",
                                      "BODY=7BIT BODY=7BIT",
                                      "RET=FULL",
                                      "RET=full",
                                      "RET=SOME",
                                      "ENVID=x",
                                      "ENVID",
                                      "ENVID=a+zz",
                                      "RET=FULL RET=FULL",
                                      "SMTPUTF8",
                                      "SMTPUTF8=x",
                                      "AUTH=<>",
                                      "AUTH=nobody",
                                      "FOO=BAR"}) {
    out.push_back({with_users(), {kEhlo + "MAIL FROM:<a@example.com> " + parameter + "\r\n" + kRcpt}});
  }
  out.push_back(extended("MAIL FROM:<> ENVID=" + std::string(100, 'e') + "\r\n"));
  for (const std::string parameter : {"NOTIFY=NEVER", "NOTIFY=never", "NOTIFY=NEVER,DELAY", "NOTIFY=SOON",
                                      "ORCPT=rfc822;x", "ORCPT=x", "NOTIFY=DELAY NOTIFY=DELAY"}) {
    out.push_back(extended(kMail + "RCPT TO:<alice@example.org> " + parameter + "\r\n"));
  }
  out.push_back(extended(kMail + "RCPT TO:<alice@example.org> ORCPT=rfc822;" + std::string(300, 'x') + "\r\n"));
  out.push_back(extended(kMail + "RCPT TO:<nobody@example.org>\r\n" + kRcpt + "DATA\r\nx\r\n.\r\n" + kMail));
  for (const char* chunks : {"BDAT 5\r\nQUIT\r", "BDAT 3\r\n.\r\nBDAT 3 last\r\n..xNOOP\r\n", "BDAT x\r\nNOOP\r\n",
                             "BDAT 0\r\nBDAT 0 LAST\r\n", "BDAT 1 LAST\r\nxBDAT 1 LAST\r\nx",
                             "BDAT 3\r\na\nbDATA\r\nVRFY alice\r\nBDAT 0 LAST\r\n", "BDAT 3\r\na\nbBDAT 0 LAST\r\n",
                             "BDAT 4294967297\r\nxNOOP\r\n"}) {
    out.push_back(extended(kEnvelope + chunks));
  }
  out.push_back(extended(kEnvelope + "BDAT 3\r\noldRSET\r\n" + kEnvelope + "BDAT 3 LAST\r\nnew"));
  out.push_back(extended("BDAT 6\r\nNOOP\r\nNOOP\r\n" + kMail + "BDAT 6\r\nNOOP\r\n" + kRcpt + "DATA\r\n"));
  out.push_back(extended(kMail + "ETRN example.org\r\n"));
  out.push_back(
      {with_users(),
       {kEhlo + kAuth + kEnvelope + "STARTTLS\r\n" + kEhlo, "<tls>", kMail + kEhlo + kAuth + "STARTTLS\r\n"}});
  out.push_back({{}, {kEhlo + kEnvelope + "STARTTLS\r\n", "<tls>", "DATA\r\n" + kEhlo + kMail + "DATA\r\n"}});
  out.push_back(extended("STARTTLS x\r\n"));
}

void add_auth_probes(std::vector<Probe>& out) {
  const auto response = [](const std::string& identity, const std::string& password) {
    return to_base64(identity + '\0' + "tim" + '\0' + password) + "\r\n";
  };
  const std::string good = to_base64("tanstaaftanstaaf") + "\r\n";
  out.push_back(with_auth(kAuth + kAuth + kEhlo + "AUTH PLAIN\r\n" + kEnvelope + "DATA\r\nx\r\n.\r\n"));
  out.push_back(with_auth("auth plain\r\n*\r\n"));
  out.push_back(with_auth("AUTH LOGIN\r\ndGlt\r\n*\r\n"));
  out.push_back(with_auth("AUTH LOGIN\r\ndGlt\r\n" + good));
  out.push_back(with_auth("AUTH PLAIN =\r\n"));
  out.push_back(with_auth("AUTH LOGIN =\r\n"));
  out.push_back(with_auth("AUTH NONE\r\n"));
  out.push_back(with_auth(kMail + "AUTH PLAIN\r\n"));
  out.push_back(with_auth("AUTH PLAIN ###\r\n"));
  out.push_back(with_auth("AUTH PLAIN AHRp.bQB0YW5zdGFhZnRhbnN0YWFm\r\n"));
  out.push_back(with_auth("AUTH PLAIN AHRp=bQB0YW5zdGFhZnRhbnN0YWFm\r\n"));
  out.push_back(with_auth("AUTH PLAIN\r\n" + std::string(600, 'A') + "\r\n"));
  out.push_back(with_auth("AUTH PLAIN " + response("", "wrong") + kAuth));
  out.push_back(with_auth("AUTH PLAIN " + response("tim", "tanstaaftanstaaf")));
  out.push_back(with_auth("AUTH PLAIN " + response("tom", "tanstaaftanstaaf")));
  out.push_back(with_auth("AUTH PLAIN " + response("", std::string("tanstaaftanstaaf\0x", 18))));
  out.push_back({with_users(), {"AUTH PLAIN\r\n"}});
  Config submission = with_users();
  submission.role = Role::submission;
  out.push_back({submission, {kEhlo + kMail}});
  Config lmtp;
  lmtp.role = Role::lmtp;
  out.push_back({lmtp, {kEhlo + "LHLO c.example\r\n" + kMail + kRcpt + kRcpt + "DATA\r\nx\r\n.\r\n"}});
}

void add_syntax_probes(std::vector<Probe>& out) {
  for (const std::string mail : {"MAIL",
                                 "MAIL FROM <a@example.com>",
                                 "MAIL <a@example.com>",
                                 "MAIL TO:<a@example.com>",
                                 "MAIL FROM:",
                                 "MAIL FROM:< >",
                                 "MAIL FROM:<<>>",
                                 "MAIL FROM :<a@example.com>",
                                 "MAIL  FROM:<a@example.com>",
                                 "MAIL FOR:<a@example.com>",
                                 "MAIL FROM:a@example.com>",
                                 "MAIL FROM:<<a@example.com>>",
                                 "MAIL FROM:[a@example.com]",
                                 "MAIL FROM:Alice <a@example.com>",
                                 "MAIL From:<a@example.com>",
                                 "MAIL FROM:<a@example.com>SIZE=1",
                                 "MAIL FROM:<a@example.com> SIZE=1,BODY=7BIT",
                                 "MAIL FROM:<a@example.com> SIZE=1;BODY=7BIT",
                                 "MAIL FROM:<a@example.com>  SIZE=1",
                                 "MAIL FROM:<a@example.com> SIZE=1 BODY=7BIT",
                                 "MAIL FROM:<a@example.com> size=1",
                                 "MAIL FROM:<> SIZE=1",
                                 "MAIL FROM:<\"a@b\"@example.com>",
                                 "MAIL FROM:<\"a,b\"@example.com>",
                                 "MAIL FROM:<a.b.c@example.com>",
                                 "MAIL FROM:<\xe9@example.com> BODY=8BITMIME",
                                 "MAIL FROM:<\xe9@example.com>"}) {
    out.push_back(extended(mail + "\r\n" + kRcpt + "DATA\r\n.\r\n"));
  }
  for (const std::string rcpt :
       {"RCPT", "RCPT TO <alice@example.org>", "RCPT <alice@example.org>", "RCPT FROM:<alice@example.org>",
        "RCPT TO:", "RCPT TO:<\"alic\\e\"@example.org>", "RCPT TO:<\xe9@example.org>"}) {
    out.push_back(extended("MAIL FROM:<a@example.com> BODY=8BITMIME\r\n" + rcpt + "\r\nDATA\r\n.\r\n"));
  }
  out.push_back(plain("HELO client.example\r\nMAIL FROM:<a@example.com> SIZE=1\r\n"));
  out.push_back(extended(kMail + "RCPT TO:<alice+" + std::string(80, 'x') + "@example.org>\r\nDATA\r\n.\r\n"));
  out.push_back(extended("VRFY \"alice\"\r\nVRFY \"alice\r\nEXPN \"staff\"\r\nNOOP \"x\"\r\n"));
}

void add_transaction_probes(std::vector<Probe>& out) {
  const std::string empty = "DATA\r\n.\r\n";
  const std::string unknown = "RCPT TO:<nobody@example.org>\r\n";
  const std::string other = "RCPT TO:<bob@example.org>\r\n";
  out.push_back(extended(kEnvelope + empty + kMail + kRcpt + empty + kMail + kRcpt + empty + kMail));
  out.push_back(extended(kEnvelope + empty + "MAIL FROM:<a@example.com> SIZE=1\r\nRSET\r\n" + kRcpt));
  out.push_back(extended(kEnvelope + empty + "RSET\r\n"));
  out.push_back(extended(kEnvelope + "MAIL FROM:<b@example.com>\r\nRSET\r\n" + kRcpt + kMail + "RSET\r\nDATA\r\n"));
  out.push_back(extended(kRcpt + kMail + "DATA\r\n" + other + empty));
  out.push_back(extended(kEnvelope + kMail + "DATA\r\n"));
  out.push_back(extended(kEnvelope + kEhlo + kMail + "DATA\r\n"));
  out.push_back(extended("VRFY alice\r\n" + kEnvelope + empty));
  out.push_back(extended(kEnvelope + kRcpt + other + "RCPT TO:<alice+1@example.org>\r\n" + empty));
  out.push_back(extended(kEnvelope + other + empty));
  out.push_back(extended(kEnvelope + unknown + empty));
  out.push_back(extended(kMail + unknown + empty));
  out.push_back(extended("RSET\r\nRSET\r\nRSET\r\nRSET\r\nRSET\r\nQUIT\r\n"));
  out.push_back(extended("RSET\r\nMAIL FROM:<a@example.com> SIZE=1\r\nRSET\r\nQUIT\r\n"));
  out.push_back(with_auth(kAuth + "RSET\r\n" + kAuth));
  out.push_back(extended("MAIL FROM:<a@example.com> SIZE=99999999999\r\n" + kRcpt + kMail));
  out.push_back(extended("MAIL FROM:<a@example.com> BODY=8BITMIME\r\nRSET\r\n" + kMail));
  out.push_back({{}, {kEhlo + kEnvelope, "<lost>", "<new>", kEhlo + kMail}});
  out.push_back({{}, {kEhlo + kEnvelope + "DATA\r\npart", "<lost>", "<new>", kEhlo}});
}

void add_message_probes(std::vector<Probe>& out) {
  for (const char* data : {"QUIT", "Subject: x", "x\r\nRSET\r\ny", "x\r\nMAIL FROM:<x@y>\r\nz", "x\r\n",
                           "Subject: x\r\n\r\nx\r\n.\t\r\ny", "x\r\n.y\r\nz", "a\n.\n"}) {
    out.push_back(message(data));
  }
  out.push_back(message("Subject: x\r\n\r\n" + std::string(998, '\xe9')));
  out.push_back({{}, {kEhlo + kEnvelope + "DATA\r\n", "a\n.\n", "b\r\n.\r\n"}});
  out.push_back(extended("MAIL FROM:<a@example.com> SIZE=5\r\n" + kRcpt + "DATA\r\nlonger than that\r\n.\r\nNOOP\r\n"));
}

void add_pipelining_probes(std::vector<Probe>& out) {
  out.push_back({{}, {kEhlo, "RSET\r\n" + kEnvelope + kRcpt + "DATA\r\n", "x\r\n.\r\n" + kEnvelope + "DATA\r\n"}});
  out.push_back({{}, {kEhlo, kEnvelope + "DATA\r\n", "x\r\n.\r\nQUIT\r\n"}});
  out.push_back({{}, {kEhlo, kMail + "RSET\r\n" + kMail}});
  out.push_back({{}, {kEhlo, kEnvelope + "QUIT\r\n"}});
  out.push_back({{}, {kEhlo, kEnvelope}});
  out.push_back({{}, {kEhlo, kMail + "RCPT TO:<nobody@example.org>\r\n" + kRcpt + "NOOP\r\n"}});
  out.push_back({{}, {kEhlo, kMail + "DATA\r\n" + kRcpt}});
  out.push_back({{}, {kEhlo, kMail + "XYZZY\r\n"}});
  for (const char* command : {"NOOP", "VRFY alice", "EXPN staff", "TURN", "EHLO again.example", "DATA", "XYZZY"}) {
    out.push_back({{}, {kEhlo, std::string(command) + "\r\n"}});
  }
  out.push_back(with_auth("AUTH PLAIN AHRpbQB3cm9uZw==\r\nNOOP\r\n"));
  std::string many;
  while (many.size() < 4090) many += "NOOP 89abcdef\r\n";
  out.push_back({{}, {kEhlo, many + "NOO", "P\r\n"}});
  out.push_back({{}, {kEhlo, "NOOP\r", "\nNOOP\r\n"}});
}

void add_notice_probes(std::vector<Probe>& out) {
  const std::string message = "DATA\r\nSubject: x\r\n\r\ntext\r\n.\r\n";
  const std::string bob = "MAIL FROM:<bob@example.org>\r\n";
  const std::string undeliverable = "RCPT TO:<ghost@example.org>\r\n";
  out.push_back(extended(bob + undeliverable + message));
  out.push_back(extended("MAIL FROM:<>\r\n" + undeliverable + message));
  out.push_back(extended(bob + undeliverable + "RCPT TO:<ghost@mail.example.org>\r\n" + message));
  out.push_back(extended(bob + "RCPT TO:<ghosts@example.org>\r\n" + message));
  out.push_back(extended("MAIL FROM:<@relay.example:bob@example.org>\r\n" + undeliverable + message));
  const std::string answerable = "DATA\r\nReply-To: <a@example.com>\r\nSubject: x\r\n\r\ntext\r\n.\r\n";
  out.push_back(extended(bob + "RCPT TO:<alias@example.org>\r\n" + answerable));
  out.push_back(extended(bob + "RCPT TO:<staff@example.org>\r\n" + answerable));
}

// Commands that are refused or answered, and what their answers say.
void add_code_probes(std::vector<Probe>& out) {
  out.push_back(
      extended("VRFY alice\r\nVRFY nobody\r\nEXPN staff\r\nEXPN nobody\r\nHELP\r\nHELP MAIL\r\nTURN\r\nXYZZY\r\n"));
  out.push_back(extended("MAIL FROM:<a@[192.0.2.1]>\r\nMAIL FROM:\r\nDATA\r\n" + kMail + kMail));
  out.push_back(
      extended(kEnvelope + "RSET x\r\nDATA x\r\nDATA\r\n.\r\nRSET\r\n" + kEnvelope + "DATA\r\n.\r\nQUIT x\r\n"));
  out.push_back(
      extended(kMail + "RCPT TO:<nobody@example.org>\r\nRCPT TO:<a@example.net>\r\n" + kRcpt + "DATA\r\n.\r\n"));
  out.push_back(plain("HELO client.example\r\nMAIL FROM:<a@example.com> SIZE=1\r\nNOOP\r\n"));
}

// What is stored, and for whom.
void add_storage_probes(std::vector<Probe>& out) {
  const std::string to_bob = "RCPT TO:<bob@example.org>\r\n";
  out.push_back(
      message("To: Bob <bob@example.org>\r\nReceived: one\r\nResent-From: a\r\nReceived: two\r\nCc: a,\r\n  b\r\n"
              "Return-Path: <b@example.com>\r\n\r\nFrom here {x} a..b UP \r\nthe end."));
  out.push_back(message("Subject: \x01\r\n\r\nx"));
  out.push_back(message("Subject: x\n.y\r\n\r\nx"));
  out.push_back(message("Subject: x\r\n\r\n" + std::string(1200, 'x') + ".\r\n"));
  out.push_back(message("Subject: x\r\n\r\ncaf\xc3\xa9"));
  out.push_back(extended(kEnvelope + "DATA\r\n.\r\n" + kEnvelope + "DATA\r\n.\r\n"));
  out.push_back(extended("MAIL FROM:<a@example.com> BODY=8BITMIME\r\n" + kRcpt + "DATA\r\n..x\r\n.\r\n"));
  out.push_back(extended(kMail + "RCPT TO:<@one.example:alice@example.org>\r\nDATA\r\n.\r\n"));
  out.push_back(extended("MAIL FROM:<>\r\n" + kRcpt + "DATA\r\n.\r\n"));
  out.push_back({{}, {kEhlo + kEnvelope + "DATA\r\n.\r\n", "<lost>"}});
  out.push_back({{}, {kEhlo + kEnvelope + "DATA\r\nx\r\n", "<lost>", "<new>", kEhlo}});
  out.push_back({{}, {kEhlo + kMail, "<other>", kEhlo + "NOOP\r\n" + kRcpt}});
  out.push_back({{}, {kEhlo + kEnvelope, "<other>", kEhlo + kMail + to_bob, "<other>", "DATA\r\n.\r\n"}});
}

void add_advertisement_probes(std::vector<Probe>& out) {
  out.push_back(extended(kEhlo));
  SessionInfo inside_tls;
  inside_tls.is_tls = true;
  out.push_back({{}, {kEhlo}, inside_tls});
}

}  // namespace

// The long ones come last: a defect that shows earlier saves the test their time.
std::vector<Probe> probes() {
  std::vector<Probe> all;
  add_session_probes(all);
  add_greeting_probes(all);
  add_circumstance_probes(all);
  add_command_probes(all);
  add_command_line_probes(all);
  add_syntax_probes(all);
  add_transaction_probes(all);
  add_message_probes(all);
  add_advertisement_probes(all);
  add_notice_probes(all);
  add_extension_probes(all);
  add_code_probes(all);
  for (DefectCase& one : all_defect_cases()) all.push_back(std::move(one.probe));
  add_storage_probes(all);
  add_treatment_probes(all);
  add_auth_probes(all);
  add_envelope_probes(all);
  add_data_probes(all);
  add_pipelining_probes(all);
  return all;
}

}  // namespace smtpspec::server
