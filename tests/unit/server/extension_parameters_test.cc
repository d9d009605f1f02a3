#include <gtest/gtest.h>

#include "harness/server/xtext.h"
#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

struct Case {
  const char* parameter;
  const char* reply;  // how it begins
};

std::string mail_with(const std::string& parameter, const Config& config = {}) {
  return after_ehlo("MAIL FROM:<a@example.com> " + parameter + "\r\n", config);
}

std::string rcpt_with(const std::string& parameter) {
  const std::string reply =
      after_ehlo("MAIL FROM:<a@example.com>\r\nRCPT TO:<alice@example.org> " + parameter + "\r\n");
  return reply.substr(reply.find('\n') + 1);
}

TEST(ExtensionParameters, DeliverBy) {
  for (const Case& c : {Case{"BY=86400;N", "250"},
                        {"BY=+120;R", "250"},
                        {"by=120;rt", "250"},
                        {"BY=-999999999;NT", "250"},
                        {"BY=0;N", "250"},
                        {"BY=0;R", "501 5.5.4"},
                        {"BY=-1;R", "501 5.5.4"},
                        {"BY=59;R", "555"},
                        {"BY=60;R", "250"},
                        {"BY", "501"},
                        {"BY=60", "501"},
                        {"BY=;N", "501"},
                        {"BY=60;X", "501"},
                        {"BY=60;TN", "501"},
                        {"BY=--1;N", "501"},
                        {"BY=1234567890;N", "501"},
                        {"BY=60;N BY=60;N", "501"}}) {
    EXPECT_TRUE(mail_with(c.parameter).starts_with(c.reply)) << c.parameter << ' ' << mail_with(c.parameter);
  }
  Config config;
  config.minimum_deliver_by = std::chrono::seconds{0};
  EXPECT_TRUE(mail_with("BY=1;R", config).starts_with("250"));
  EXPECT_NE(converse(config, {"EHLO client.example\r\n"}).octets.find("DELIVERBY\r\n"), std::string::npos);
  config.extensions.deliver_by = false;
  EXPECT_TRUE(mail_with("BY=120;N", config).starts_with("555"));
}

TEST(ExtensionParameters, PriorityIsGrantedToUsersOnly) {
  for (const Case& c : {Case{"MT-PRIORITY=0", "250 2.1.0"},
                        {"MT-PRIORITY=-9", "250 2.1.0"},
                        {"MT-PRIORITY=1", "250 2.3.6 0 "},
                        {"MT-PRIORITY=10", "501 5.5.2"},
                        {"MT-PRIORITY=-0", "501"},
                        {"MT-PRIORITY=+1", "501"},
                        {"MT-PRIORITY=", "501"},
                        {"MT-PRIORITY", "501"},
                        {"MT-PRIORITY=1 MT-PRIORITY=1", "501"}}) {
    EXPECT_TRUE(mail_with(c.parameter).starts_with(c.reply)) << c.parameter << ' ' << mail_with(c.parameter);
  }
  const std::string message = "RCPT TO:<alice@example.org>\r\nDATA\r\n.\r\n";
  const std::string urgent = "MAIL FROM:<a@example.com> MT-PRIORITY=7\r\n" + message;
  EXPECT_NE(converse({}, {"EHLO c.example\r\n" + urgent}).messages.at(0).find("PRIORITY 0;"), std::string::npos);
  const std::string login = "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n";
  const Outcome known = converse(with_users(), {"EHLO c.example\r\n" + login + urgent});
  EXPECT_NE(known.messages.at(0).find("PRIORITY 7;"), std::string::npos);
  EXPECT_EQ(known.octets.find("2.3.6"), std::string::npos);
  const Outcome plain = converse({}, {"EHLO c.example\r\nMAIL FROM:<a@example.com>\r\n" + message});
  EXPECT_EQ(plain.messages.at(0).find("PRIORITY"), std::string::npos);
}

TEST(ExtensionParameters, Solicitation) {
  for (const Case& c : {Case{"SOLICIT=com.example:ADV", "250"},
                        {"SOLICIT=a,b-c_d.e:f", "250"},
                        {"SOLICIT=", "501"},
                        {"SOLICIT=1a", "501"},
                        {"SOLICIT=a,", "501"},
                        {"SOLICIT=,a", "501"},
                        {"SOLICIT=a/b", "501"}}) {
    EXPECT_TRUE(mail_with(c.parameter).starts_with(c.reply)) << c.parameter << ' ' << mail_with(c.parameter);
  }
  EXPECT_TRUE(mail_with("SOLICIT=" + std::string(1000, 'a')).starts_with("250"));
  EXPECT_TRUE(mail_with("SOLICIT=" + std::string(1001, 'a')).starts_with("501"));
  const std::string rcpt = "\r\nRCPT TO:<alice@example.org>\r\n";
  EXPECT_NE(after_ehlo("MAIL FROM:<> SOLICIT=x,ORG.example:adv:adlt" + rcpt).find("550 5.7.1 SOLICIT=org.example:ADV"),
            std::string::npos);
  EXPECT_EQ(after_ehlo("MAIL FROM:<> SOLICIT=org.example:ADV" + rcpt).find("550"), std::string::npos);
}

TEST(ExtensionParameters, ValidSince) {
  for (const Case& c : {Case{"RRVS=2026-01-01T00:00:00Z", "250"},
                        {"RRVS=2016-12-31t23:59:60z;c", "250"},
                        {"RRVS=2026-01-01T00:00:00-08:00;R", "250"},
                        {"RRVS=2026-01-01T00:00:00.5Z", "501"},
                        {"RRVS=2026-01-01T00:00:00", "501"},
                        {"RRVS=2026-01-01", "501"},
                        {"RRVS=2026-00-01T00:00:00Z", "501"},
                        {"RRVS=2026-01-32T00:00:00Z", "501"},
                        {"RRVS=2026-01-01T24:00:00Z", "501"},
                        {"RRVS=2026-01-01T00:60:00Z", "501"},
                        {"RRVS=2026-01-01T00:00:00+0100", "501"},
                        {"RRVS=2026-01-01T00:00:00Z;X", "501"},
                        {"RRVS=2026-01-01T00:00:00Z;", "501"},
                        {"RRVS", "501"}}) {
    EXPECT_TRUE(rcpt_with(c.parameter).starts_with(c.reply)) << c.parameter << ' ' << rcpt_with(c.parameter);
  }
}

TEST(ExtensionParameters, RequireTlsIsForTlsOnly) {
  EXPECT_TRUE(mail_with("REQUIRETLS").starts_with("555"));
  SessionInfo info;
  info.is_tls = true;
  const std::string replies =
      converse({}, {"EHLO c.example\r\nMAIL FROM:<> REQUIRETLS=x\r\nMAIL FROM:<> REQUIRETLS\r\n"}, info).octets;
  EXPECT_NE(replies.find("250-REQUIRETLS\r\n"), std::string::npos) << replies;
  EXPECT_NE(replies.find("\r\n501 5.5.4 Bad value of REQUIRETLS\r\n"), std::string::npos) << replies;
  EXPECT_TRUE(replies.ends_with("250 2.1.0 Sender ok\r\n")) << replies;
}

TEST(ExtensionParameters, ASessionHasAsManyTransactionsAsLimitsTells) {
  Config config;
  config.max_transactions = 2;
  const std::string mail = "MAIL FROM:<>\r\nRSET\r\n";
  const std::string replies = converse(config, {"EHLO c.example\r\n" + mail + mail + mail}).octets;
  EXPECT_NE(replies.find("LIMITS MAILMAX=2 RCPTMAX=100\r\n"), std::string::npos) << replies;
  EXPECT_NE(replies.find("452 4.5.3 "), std::string::npos) << replies;
}

TEST(ExtensionParameters, AnAddressOfTheTypeUtf8MayBeEscaped) {
  for (const char* address : {"a@b", "q\\x{E9}w", "\\x{e9}", "\\x{10FFFF}", "q\xc3\xa9w"})
    EXPECT_TRUE(is_utf8_address(address)) << address;
  for (const char* address : {"", "a+b", "a=b", "\\x{}", "\\x{D800}", "\\x{110000}", "\\x{E9", "\\", "a b"}) {
    EXPECT_FALSE(is_utf8_address(address)) << address;
  }
}

TEST(ExtensionParameters, ADeliveryIsToldOfToWhoeverAskedForIt) {
  const std::string data = "DATA\r\nSubject: x\r\n\r\ntext\r\n.\r\n";
  const auto messages = [&](const std::string& mail, const std::string& rcpt) {
    return converse({}, {"EHLO c.example\r\nMAIL FROM:" + mail + "\r\nRCPT TO:" + rcpt + "\r\n" + data}).messages;
  };
  const auto told =
      messages("<bob@example.org> ENVID=i+2B RET=FULL", "<alice@example.org> NOTIFY=DELAY,success ORCPT=rfc822;A");
  ASSERT_EQ(told.size(), 2U);
  for (const char* line : {"Return-Path: <>\r\n", "\r\nAction: delivered\r\nStatus: 2.0.0\r\n",
                           "\r\nOriginal-Envelope-Id: i+\r\n", "\r\nOriginal-Recipient: rfc822; A\r\n"}) {
    EXPECT_NE(told[1].find(line), std::string::npos) << line << told[1];
  }
  EXPECT_EQ(told[1].find("\r\ntext\r\n"), std::string::npos) << told[1];
  EXPECT_EQ(messages("<bob@example.org>", "<alice@example.org> NOTIFY=FAILURE").size(), 1U);
  EXPECT_EQ(messages("<bob@example.org>", "<alice@example.org>").size(), 1U);
  EXPECT_EQ(messages("<>", "<alice@example.org> NOTIFY=SUCCESS").size(), 1U);
  EXPECT_EQ(messages("<bob@example.org>", "<staff@example.org> NOTIFY=SUCCESS").size(), 2U);
  EXPECT_TRUE(messages("<bob@example.org>", "<ghost@example.org> NOTIFY=SUCCESS").size() < 2U);
}

}  // namespace
}  // namespace smtpspec::server
