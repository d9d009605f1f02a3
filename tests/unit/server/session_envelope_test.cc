#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

constexpr const char* kSenderOk = "250 2.1.0 Sender ok\r\n";
constexpr const char* kRecipientOk = "250 2.1.5 Recipient ok\r\n";

// The reply to `line` as the only MAIL of a session.
std::string mail(const std::string& argument) { return after_ehlo("MAIL FROM:" + argument + "\r\n"); }
std::string rcpt(const std::string& argument, const Config& config = {}) {
  const std::string reply = after_ehlo("MAIL FROM:<a@example.com> SMTPUTF8\r\nRCPT TO:" + argument + "\r\n", config);
  EXPECT_TRUE(reply.starts_with(kSenderOk));
  return reply.substr(std::string(kSenderOk).size());
}

TEST(SessionEnvelope, TakesEveryFormOfReversePath) {
  for (const char* path :
       {"<>", "<a@b>", "<a.b.c@example.com>", "<\"a b\"@example.com>", "<\"a\\\"b\"@example.com>", "<a@[192.0.2.1]>",
        "<a@[IPv6:2001:db8:0:0:0:0:0:1]>", "<a@[IPv6:2001:db8::1]>", "<a@[IPv6:::ffff:192.0.2.1]>",
        "<a@[x-tag:content]>", "<@r.example:a@example.com>", "<@r.example,@s.example:a@example.com>",
        "<a+b@example.com>", "<!#$%&'*+-/=?^_`{|}~@example.com>", "<1@3com.example>", "<\"\"@example.com>"}) {
    EXPECT_EQ(mail(path), kSenderOk) << path;
  }
  EXPECT_EQ(mail("<" + std::string(64, 'l') + "@example.com>"), kSenderOk);
}

TEST(SessionEnvelope, RefusesAMalformedReversePathWith501) {
  for (const char* path :
       {"a@example.com", "<a@example.com", "a@example.com>", "<a@@example.com>", "<@example.com>", "<a..b@example.com>",
        "<.a@example.com>", "<a.@example.com>", "<a@example..com>", "<a@-example.com>", "<a@example.com.>",
        "<a@ex_ample.com>", "<a@[300.0.0.1]>", "<a@[IPv6:1:2]>", "<a b@example.com>", " <a@example.com>", "<a>", "<a@>",
        "<\"a@example.com>"}) {
    EXPECT_TRUE(mail(path).starts_with("501 5.1.7 ")) << path << mail(path);
  }
  EXPECT_TRUE(after_ehlo("MAIL\r\n").starts_with("501 "));
  EXPECT_TRUE(after_ehlo("MAIL TO:<>\r\n").starts_with("501 "));
}

TEST(SessionEnvelope, TakesMalformedPathsAsTheyStandWhereItIsToldTo) {
  Config config;
  config.takes_malformed_input = config.open_relay = true;
  for (const char* path : {"<a b@example.com>", "<a@b@example.com> SIZE=100", "<.a@example.com>"})
    EXPECT_EQ(after_ehlo("MAIL FROM:" + std::string(path) + "\r\n", config), kSenderOk) << path;
  EXPECT_EQ(rcpt("<a b@example.com>", config), kRecipientOk);
  for (const char* path : {"a@example.com", "<a>", ">a@example.com<", "<>"})
    EXPECT_TRUE(rcpt(path, config).starts_with("501 ")) << path;
}

TEST(SessionEnvelope, TakesEveryFormOfLocalRecipient) {
  for (const char* path :
       {"<alice@example.org>", "<alice@EXAMPLE.ORG>", "<\"alice\"@example.org>", "<\"al\\ice\"@example.org>",
        "<alice+tag1@example.org>", "<Postmaster>", "<pOSTMASTER>", "<postmaster@example.org>",
        "<POSTMASTER@mail.example.org>", "<@relay.example:alice@example.org>", "<staff@example.org>",
        "<alias@example.org>", "<alice@[127.0.0.1]>"}) {
    EXPECT_EQ(rcpt(path), kRecipientOk) << path;
  }
}

TEST(SessionEnvelope, RefusesRecipientsWithTheCodeThatFits) {
  EXPECT_EQ(rcpt("<nobody@example.org>"), "550 5.1.1 No such user here\r\n");
  EXPECT_EQ(rcpt("<Alice@example.org>"), "550 5.1.1 No such user here\r\n");
  EXPECT_EQ(rcpt("<x@elsewhere.example>"), "550 5.7.1 Relaying denied\r\n");
  EXPECT_EQ(rcpt("<carol@example.org>"), "551 5.1.6 User not local; please try <carol@example.net>\r\n");
  EXPECT_TRUE(rcpt("<>").starts_with("501 5.1.3 "));
  EXPECT_TRUE(rcpt("<alice>").starts_with("501 5.1.3 "));
  EXPECT_TRUE(rcpt("alice@example.org").starts_with("501 5.1.3 "));
}

TEST(SessionEnvelope, CatchAllAndOpenRelayTakeEverybody) {
  Config config;
  config.catch_all = true;
  config.open_relay = true;
  EXPECT_EQ(rcpt("<nobody@example.org>", config), kRecipientOk);
  EXPECT_EQ(rcpt("<x@elsewhere.example>", config), kRecipientOk);
}

TEST(SessionEnvelope, KeepsTheOrderOfATransaction) {
  const std::string out_of_order = "503 5.5.1 Bad sequence of commands, ";
  EXPECT_EQ(after_ehlo("RCPT TO:<alice@example.org>\r\n"), out_of_order + "MAIL first\r\n");
  EXPECT_EQ(after_ehlo("DATA\r\n"), out_of_order + "MAIL first\r\n");
  EXPECT_EQ(after_ehlo("MAIL FROM:<>\r\nDATA\r\n"), kSenderOk + out_of_order + "RCPT first\r\n");
  EXPECT_EQ(after_ehlo("MAIL FROM:<>\r\nMAIL FROM:<>\r\nRCPT TO:<alice@example.org>\r\n"),
            kSenderOk + out_of_order + "a transaction is open\r\n" + kRecipientOk);
  EXPECT_EQ(after_ehlo("MAIL FROM:<>\r\nRCPT TO:<nobody@example.org>\r\nDATA\r\n"),
            std::string(kSenderOk) + "550 5.1.1 No such user here\r\n554 5.5.1 No valid recipients\r\n");
}

TEST(SessionEnvelope, ARefusedMailChangesNothing) {
  EXPECT_EQ(after_ehlo("MAIL FROM:<a@@b>\r\nRCPT TO:<alice@example.org>\r\nMAIL FROM:<>\r\n").substr(0, 4), "501 ");
  EXPECT_TRUE(after_ehlo("MAIL FROM:<a@@b>\r\nRCPT TO:<alice@example.org>\r\nMAIL FROM:<>\r\n")
                  .ends_with("503 5.5.1 Bad sequence of commands, MAIL first\r\n250 2.1.0 Sender ok\r\n"));
}

TEST(SessionEnvelope, RsetDropsTheTransaction) {
  EXPECT_TRUE(after_ehlo("MAIL FROM:<>\r\nRCPT TO:<alice@example.org>\r\nRSET\r\nMAIL FROM:<>\r\nDATA\r\n")
                  .ends_with("250 2.1.0 Sender ok\r\n503 5.5.1 Bad sequence of commands, RCPT first\r\n"));
}

TEST(SessionEnvelope, Takes100RecipientsAndRefusesBeyondTheLimitWith452) {
  Config config;
  config.max_recipients = 100;
  std::string commands = "MAIL FROM:<>\r\n";
  for (int i = 0; i < 101; ++i) commands += "RCPT TO:<alice+" + std::to_string(i) + "@example.org>\r\n";
  commands += "DATA\r\nx\r\n.\r\n";
  const Outcome outcome = converse(config, {"EHLO c.example\r\n" + commands});
  EXPECT_NE(outcome.octets.find("250 2.1.5 Recipient ok\r\n452 4.5.3 Too many recipients\r\n354 "), std::string::npos);
  ASSERT_EQ(outcome.delivered.size(), 1U);
  EXPECT_EQ(outcome.delivered[0].envelope.recipients.size(), 100U);
  EXPECT_EQ(outcome.delivered[0].envelope.recipients[99].mailbox_key, "alice");
}

TEST(SessionEnvelope, GreylistingRefusesUntilItsDelayIsOver) {
  Config config;
  config.greylisting = true;
  config.greylist_delay = std::chrono::seconds{60};
  FakeEnvironment environment;
  const auto answer_after = [&](std::chrono::seconds pause) {
    environment.time += pause;
    return play(config, {"EHLO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<alice@example.org>\r\n"}, false, environment)
        .octets;
  };
  const std::string refusal = "450 4.7.1 Greylisted, please try again later\r\n";
  EXPECT_TRUE(answer_after(std::chrono::seconds{0}).ends_with(refusal));
  EXPECT_TRUE(answer_after(std::chrono::seconds{59}).ends_with(refusal));
  EXPECT_TRUE(answer_after(std::chrono::seconds{1}).ends_with(kRecipientOk));
}

// RFC 5321 §4.1.1.11 and the extensions' own texts.
TEST(SessionParameters, AnswerByKeywordAndValue) {
  struct Case {
    const char* parameters;
    const char* code;
  };
  for (const Case& c : {Case{"SIZE=1000", "250"},
                        {"SIZE=00000000000000000001", "250"},
                        {"SIZE=52428801", "552"},
                        {"SIZE=99999999999999999999", "552"},
                        {"SIZE=100000000000000000000", "501"},
                        {"SIZE=", "501"},
                        {"SIZE", "501"},
                        {"SIZE=1k", "501"},
                        {"SIZE=1 SIZE=1", "501"},
                        {"body=8bitmime", "250"},
                        {"BODY=7BIT", "250"},
                        {"BODY=BINARYMIME", "250"},
                        {"BODY=9BIT", "501"},
                        {"BODY", "501"},
                        {"BODY=7BIT BODY=7BIT", "501"},
                        {"RET=full", "250"},
                        {"RET=HDRS ENVID=QQ+2B1", "250"},
                        {"RET=SOME", "501"},
                        {"ENVID=a+zz", "501"},
                        {"ENVID=", "501"},
                        {"RET=FULL RET=FULL", "501"},
                        {"SMTPUTF8", "250"},
                        {"SMTPUTF8=YES", "501"},
                        {"FOO=BAR", "555"},
                        {"FOO", "555"},
                        {"=x", "501"},
                        {"A=B=C", "501"},
                        {"SIZE=1  RET=FULL", "501"}}) {
    EXPECT_EQ(mail("<a@example.com> " + std::string(c.parameters)).substr(0, 3), c.code) << c.parameters;
  }
  for (const Case& c : {Case{"NOTIFY=NEVER", "250"},
                        {"notify=success,Failure,DELAY", "250"},
                        {"NOTIFY=NEVER,DELAY", "501"},
                        {"NOTIFY=SOMETIMES", "501"},
                        {"NOTIFY=", "501"},
                        {"NOTIFY", "501"},
                        {"ORCPT=rfc822;alice+2Btag@example.org", "250"},
                        {"ORCPT=x;(not@valid", "250"},
                        {"ORCPT=alice", "501"},
                        {"ORCPT=rfc822;a+2b", "501"},
                        {"NOTIFY=DELAY NOTIFY=DELAY", "501"},
                        {"FOO=BAR", "555"},
                        {"SIZE=1", "555"}}) {
    EXPECT_EQ(rcpt("<alice@example.org> " + std::string(c.parameters)).substr(0, 3), c.code) << c.parameters;
  }
}

TEST(SessionParameters, MailAuthTakesAMailboxInXtextFromAnybody) {
  const auto reply = [](const std::string& parameter) {
    return after_ehlo("MAIL FROM:<a@example.com> " + parameter + "\r\n", with_users()).substr(0, 3);
  };
  EXPECT_EQ(reply("AUTH=<>"), "250");
  EXPECT_EQ(reply("AUTH=e+3Dmc2@example.com"), "250");
  EXPECT_EQ(reply("AUTH=e+3dmc2@example.com"), "501");
  EXPECT_EQ(reply("AUTH=nobody"), "501");
}

TEST(SessionParameters, AreUnknownAfterHelo) {
  EXPECT_TRUE(after_helo("MAIL FROM:<> SIZE=1\r\n").starts_with("555 5.5.4 "));
}

TEST(SessionUtf8, NeedsTheParameter) {
  EXPECT_EQ(mail("<\xc3\xa9@example.com>"), "550 5.6.7 Non-ASCII address needs SMTPUTF8\r\n");
  EXPECT_EQ(mail("<\xc3\xa9@example.com> SMTPUTF8"), kSenderOk);
  EXPECT_TRUE(mail("<\xe9@example.com> SMTPUTF8").starts_with("501 "));
  EXPECT_EQ(after_ehlo("MAIL FROM:<>\r\nRCPT TO:<\xc3\xa9@example.org>\r\n"),
            std::string(kSenderOk) + "553 5.6.7 Non-ASCII address needs SMTPUTF8\r\n");
}

TEST(SessionEnvelope, DefersARecipientOnceWhomItIsToldToDefer) {
  Config config;
  config.open_relay = true;
  config.deferred_prefix = "later-";
  const std::string first = "RCPT TO:<Later-a@x.example>\r\n";
  const std::string second = "RCPT TO:<later-b@x.example>\r\n";
  const std::string other = "RCPT TO:<a-later-@x.example>\r\n";
  const std::string deferral = "451 4.3.0 Not now, please try again later\r\n";
  const Outcome outcome = converse(config, {"EHLO c.example\r\nMAIL FROM:<a@example.com>\r\n" + first + second + other,
                                            "<new>", "EHLO c.example\r\nMAIL FROM:<b@example.com>\r\n" + first});
  EXPECT_NE(outcome.octets.find(kSenderOk + deferral + deferral + kRecipientOk), std::string::npos) << outcome.octets;
  EXPECT_TRUE(outcome.octets.ends_with(std::string(kSenderOk) + kRecipientOk)) << outcome.octets;
}

TEST(SessionEnvelope, DefersAMessageOnceWhomItIsToldToDeferBehindItsText) {
  Config config;
  config.open_relay = true;
  config.deferred_text_prefix = "text-later-";
  const std::string message =
      "MAIL FROM:<a@example.com>\r\nRCPT TO:<Text-later-a@x.example>\r\nDATA\r\nSubject: x\r\n.\r\n";
  const Outcome outcome = converse(config, {"EHLO c.example\r\n" + message + message});
  EXPECT_NE(outcome.octets.find(kRecipientOk + std::string("354 ")), std::string::npos) << outcome.octets;
  EXPECT_NE(outcome.octets.find("451 4.3.0 Not now, please try again later\r\n" + std::string(kSenderOk)),
            std::string::npos)
      << outcome.octets;
  EXPECT_EQ(outcome.messages.size(), 1U);
}

}  // namespace
}  // namespace smtpspec::server
