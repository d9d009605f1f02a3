#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

constexpr const char* kEnvelope = "EHLO client.example\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<alice@example.org>\r\n";
constexpr const char* kGo = "354 Start mail input; end with <CRLF>.<CRLF>\r\n";
constexpr const char* kBare = "554 5.6.0 Message has a bare CR or LF, or too long a line\r\n";

// What a session answers behind 354 to `data`, which holds the end of data too.
std::string answer_to(const std::string& data, const Config& config = {}) {
  const std::string all = converse(config, {kEnvelope + std::string("DATA\r\n") + data}).octets;
  const std::size_t go = all.find(kGo);
  EXPECT_NE(go, std::string::npos) << all;
  return go == std::string::npos ? all : all.substr(go + std::string(kGo).size());
}

std::string delivered_content(const std::string& data) {
  const Outcome outcome = converse({}, {kEnvelope + std::string("DATA\r\n") + data});
  EXPECT_EQ(outcome.contents.size(), 1U) << outcome.octets;
  return outcome.contents.empty() ? "nothing delivered" : outcome.contents[0];
}

TEST(SessionData, DeliversTheMessageWithTraceFieldsOnTop) {
  const Outcome outcome = converse({}, {kEnvelope + std::string("DATA\r\nSubject: x\r\n\r\nbody\r\n.\r\n")});
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_EQ(outcome.messages[0],
            "Return-Path: <a@example.com>\r\n"
            "Received: from client.example ([127.0.0.1])\r\n\tby mail.example.org with ESMTP id id1\r\n"
            "\tfor <alice@example.org>;\r\n\tTue, 24 Nov 2026 04:13:07 +0100\r\n"
            "Subject: x\r\n\r\nbody\r\n");
  EXPECT_EQ(outcome.delivered[0].envelope.reverse_path, "a@example.com");
  EXPECT_TRUE(outcome.delivered[0].final);
}

TEST(SessionData, UndoesTransparencyAndNothingElse) {
  EXPECT_EQ(delivered_content("..one\r\n...two\r\n..\r\n. x\r\nx\t\x01 .\r\n\r\n\r\n.\r\n"),
            ".one\r\n..two\r\n.\r\n x\r\nx\t\x01 .\r\n\r\n\r\n");
  EXPECT_EQ(delivered_content("\xff\xfe eight bit\r\n.\r\n"), "\xff\xfe eight bit\r\n");
  const std::string longest(998, 'x');
  EXPECT_EQ(delivered_content(longest + "\r\n.." + longest + "\r\n.\r\n"), longest + "\r\n." + longest + "\r\n");
}

TEST(SessionData, AnEmptyMessageIsAMessage) {
  EXPECT_EQ(answer_to(".\r\nNOOP\r\n"), "250 2.0.0 Ok, queued as id1\r\n250 2.0.0 Ok\r\n");
}

TEST(SessionData, OnlyCrlfDotCrlfEndsTheData) {
  for (const char* look_alike : {"x\n.\nNOOP\r\n", "x\n.\r\nNOOP\r\n", "x\r\n.\nNOOP\r\n", "x\r.\rNOOP\r\n",
                                 "x\r.\r\nNOOP\r\n", "x\r\n.\rNOOP\r\n", "x\r\n\n.\r\nNOOP\r\n"}) {
    EXPECT_EQ(answer_to(std::string(look_alike) + "\r\n.\r\nQUIT\r\n").substr(0, std::string(kBare).size()), kBare)
        << look_alike;
    EXPECT_NE(answer_to(std::string(look_alike) + "\r\n.\r\nQUIT\r\n").find(kBare + std::string("221 ")),
              std::string::npos);
  }
  EXPECT_EQ(answer_to(". \r\n..\r\n.x\r\n.\r\n"), "250 2.0.0 Ok, queued as id1\r\n");
}

TEST(SessionData, AMessageWithBareLineEndingsIsNotDelivered) {
  EXPECT_TRUE(converse({}, {kEnvelope + std::string("DATA\r\na\nb\r\n.\r\n")}).messages.empty());
}

TEST(SessionData, TheEndOfDataClearsTheBuffers) {
  EXPECT_TRUE(answer_to("x\r\n.\r\nDATA\r\n").ends_with("503 5.5.1 Bad sequence of commands, MAIL first\r\n"));
  EXPECT_TRUE(answer_to("x\n\r\n.\r\nDATA\r\n").ends_with("503 5.5.1 Bad sequence of commands, MAIL first\r\n"));
}

TEST(SessionData, TooMuchDataGets552AtTheEndOfData) {
  Config config;
  config.max_message_octets = 100;
  EXPECT_EQ(answer_to(std::string(98, 'x') + "\r\n.\r\n", config), "250 2.0.0 Ok, queued as id1\r\n");
  EXPECT_EQ(answer_to("." + std::string(98, '.') + "\r\n.\r\n", config), "250 2.0.0 Ok, queued as id1\r\n");
  EXPECT_EQ(answer_to(std::string(99, 'x') + "\r\n.\r\nNOOP\r\n", config),
            "552 5.3.4 Message size exceeds fixed maximum message size\r\n250 2.0.0 Ok\r\n");
}

TEST(SessionData, AFailureOfTheStoreIsToldInOneReply) {
  FakeEnvironment environment;
  environment.result = DeliveryResult::temporary_failure;
  EXPECT_TRUE(play({}, {kEnvelope + std::string("DATA\r\nx\r\n.\r\n")}, false, environment)
                  .octets.ends_with("451 4.3.0 Requested action aborted, try again later\r\n"));
  environment.result = DeliveryResult::permanent_failure;
  EXPECT_TRUE(play({}, {kEnvelope + std::string("DATA\r\nx\r\n.\r\n")}, false, environment)
                  .octets.ends_with("554 5.3.0 Transaction failed\r\n"));
}

TEST(SessionData, AnUnfinishedMessageIsNeverDelivered) {
  EXPECT_TRUE(converse({}, {kEnvelope + std::string("DATA\r\nx\r\n"), "<lost>"}).messages.empty());
  EXPECT_TRUE(converse({}, {kEnvelope + std::string("DATA\r\nx\r\n"), "<timeout>"}).messages.empty());
  EXPECT_TRUE(converse({}, {kEnvelope + std::string("QUIT\r\n")}).messages.empty());
}

TEST(SessionData, ALoopIsStopped) {
  std::string header;
  for (int i = 0; i < 101; ++i) header += "Received: from a by b;\r\n\tx\r\n";
  EXPECT_EQ(answer_to(header + "\r\n.\r\n"), "554 5.4.6 Mail loop: too many hops\r\n");
  EXPECT_EQ(answer_to(header.substr(0, header.size() / 2) + "\r\n.\r\n"), "250 2.0.0 Ok, queued as id1\r\n");
  Config unlimited;
  unlimited.max_received_fields = 0;
  EXPECT_EQ(converse(unlimited, {kEnvelope + std::string("DATA\r\n") + header + "\r\n.\r\n"}).messages.size(), 1U);
}

TEST(SessionDelivery, AListSendsInTheNameOfItsOwner) {
  const Outcome outcome =
      converse({}, {"EHLO c.example\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<staff@example.org>\r\n"
                    "RCPT TO:<alias@example.org>\r\nDATA\r\nFrom: a@example.com\r\n\r\nx\r\n.\r\n"});
  ASSERT_EQ(outcome.delivered.size(), 2U);
  EXPECT_EQ(outcome.delivered[0].envelope.reverse_path, "a@example.com");
  ASSERT_EQ(outcome.delivered[0].envelope.recipients.size(), 1U);
  EXPECT_EQ(outcome.delivered[0].envelope.recipients[0].mailbox, "alice@example.org");
  EXPECT_EQ(outcome.delivered[1].envelope.reverse_path, "postmaster@example.org");
  EXPECT_EQ(outcome.delivered[1].envelope.recipients.size(), 2U);
  EXPECT_TRUE(outcome.messages[1].starts_with("Return-Path: <postmaster@example.org>\r\nReceived: "));
}

TEST(SessionDelivery, RelayedMailHasNoReturnPath) {
  Config config;
  config.open_relay = true;
  const Outcome outcome =
      converse(config, {"EHLO c.example\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<@r.example:x@y.example>\r\n"
                        "DATA\r\nReturn-Path: <old@example.com>\r\n\r\n.\r\n"});
  ASSERT_EQ(outcome.delivered.size(), 1U);
  EXPECT_FALSE(outcome.delivered[0].final);
  EXPECT_EQ(outcome.delivered[0].envelope.recipients[0].mailbox, "x@y.example");
  EXPECT_TRUE(outcome.messages[0].starts_with("Received: "));
  EXPECT_TRUE(outcome.messages[0].ends_with("Return-Path: <old@example.com>\r\n\r\n"));
}

TEST(SessionDelivery, LeavesOneReturnPath) {
  const std::string content =
      delivered_content("Return-Path: <old@example.com>,\r\n folded\r\nSubject: x\r\n\r\nReturn-Path: body\r\n.\r\n");
  EXPECT_EQ(content, "Subject: x\r\n\r\nReturn-Path: body\r\n");
}

TEST(SessionDelivery, KeepsTheEnvelopeAsItCame) {
  const Outcome outcome =
      converse({}, {"EHLO c.example\r\nMAIL FROM:<MiXed@Example.COM> RET=HDRS ENVID=e1 BODY=8bitmime\r\n"
                    "RCPT TO:<alice+X@EXAMPLE.org> NOTIFY=DELAY ORCPT=rfc822;a\r\nRCPT "
                    "TO:<\"alice+X\"@EXAMPLE.org>\r\nDATA\r\n.\r\n"});
  ASSERT_EQ(outcome.delivered.size(), 1U);
  const Envelope& envelope = outcome.delivered[0].envelope;
  EXPECT_EQ(envelope.reverse_path, "MiXed@Example.COM");
  EXPECT_EQ(envelope.ret, "HDRS");
  EXPECT_EQ(envelope.envelope_id, "e1");
  EXPECT_EQ(envelope.body, "8BITMIME");
  ASSERT_EQ(envelope.recipients.size(), 1U) << "both spellings are one mailbox";
  EXPECT_EQ(envelope.recipients[0], (Recipient{"alice+X@EXAMPLE.org", "alice", "DELAY", "rfc822;a", "",
                                               "<alice+X@EXAMPLE.org> NOTIFY=DELAY ORCPT=rfc822;a"}));
}

TEST(SessionLmtpData, AnswersOnceForEachRecipient) {
  Config config;
  config.role = Role::lmtp;
  const Outcome outcome = converse(
      config, {"LHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<alice@example.org>\r\nRCPT TO:<nobody@example.org>\r\n"
               "RCPT TO:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nx\r\n.\r\nDATA\r\n"});
  EXPECT_TRUE(outcome.octets.ends_with(
      "<CRLF>.<CRLF>\r\n250 2.0.0 Ok, queued as id1\r\n250 2.0.0 Ok, queued as id2\r\n250 2.0.0 Ok, queued as id3\r\n"
      "503 5.5.1 Bad sequence of commands, MAIL first\r\n"))
      << outcome.octets;
  ASSERT_EQ(outcome.messages.size(), 3U);
  EXPECT_NE(outcome.messages[2].find("with LMTP id id3"), std::string::npos);
}

TEST(SessionLmtpData, DataWithoutRecipientGets503) {
  Config config;
  config.role = Role::lmtp;
  EXPECT_TRUE(converse(config, {"LHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@example.org>\r\nDATA\r\n"})
                  .octets.ends_with("503 5.5.1 Bad sequence of commands, RCPT first\r\n"));
}

}  // namespace
}  // namespace smtpspec::server
