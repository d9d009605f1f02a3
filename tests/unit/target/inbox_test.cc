#include "harness/target/inbox.h"

#include <gtest/gtest.h>

#include "harness/target/message_index.h"
#include "tests/unit/target/mailbox_questions.h"

namespace smtpspec::target {
namespace {

const verdict::ReceivedEnvelope kEnvelope{"<a@example.org>", {"<b@example.net>", "<alice@EXAMPLE.ORG> NOTIFY=NEVER"}};

TEST(Inbox, HandsOverWhatCameBeforeAndAfterTheQuestionWithItsEnvelope) {
  transport::EventLoop loop;
  Inbox inbox(loop);
  inbox.add({"Subject: token-1\r\n", {}, kEnvelope});
  inbox.add({"Subject: token-2\r\n", {}, kEnvelope});
  const transport::Timer later = loop.call_after(50ms, [&] {
    inbox.add({"Subject: token-1 again\r\n", {}, kEnvelope});
  });
  const MailboxAnswer answer = fetch(loop, inbox, "token-1", 2);
  EXPECT_EQ(octets_of(answer), (std::vector<std::string>{"Subject: token-1\r\n", "Subject: token-1 again\r\n"}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->front().envelope, kEnvelope);
}

TEST(Inbox, MailForOthersIsNotHandedOver) {
  transport::EventLoop loop;
  Inbox inbox(loop);
  inbox.add({"Subject: token-1\r\n", {}, verdict::ReceivedEnvelope{"<a@example.org>", {"<b@example.net>"}}});
  inbox.add({"Subject: token-1 for alice\r\n", {}, kEnvelope});
  EXPECT_EQ(octets_of(fetch(loop, inbox, "token-1", 1)), std::vector<std::string>{"Subject: token-1 for alice\r\n"});
}

TEST(Inbox, WhatDoesNotComeIsMissingAtTheDeadline) {
  transport::EventLoop loop;
  Inbox inbox(loop);
  inbox.add({"Subject: token-1\r\n", {}, kEnvelope});
  EXPECT_EQ(octets_of(fetch(loop, inbox, "token-3", 1, 50ms)), std::vector<std::string>{});
}

TEST(Inbox, AFloodIsNotKeptAndIsToldOf) {
  transport::EventLoop loop;
  Inbox inbox(loop);
  const std::string large(kMaxMessageOctets / 2, 'x');
  for (std::size_t octets = 0; octets <= kMaxHeldOctets; octets += large.size()) inbox.add({large, {}, kEnvelope});
  inbox.add({"Subject: token-1\r\n", {}, kEnvelope});
  EXPECT_EQ(octets_of(fetch(loop, inbox, "token-1", 1)),
            std::vector<std::string>{"error: more mail has come to the next hop than is kept"});
}

}  // namespace
}  // namespace smtpspec::target
