// What a scenario says of a delivered message, with a mailbox that is a list.
#include <gtest/gtest.h>

#include "tests/unit/engine/fake_world.h"

namespace smtpspec::engine {
namespace {

using verdict::LineEnds;
using verdict::Verdict;

verdict::ScenarioResult check(const std::string& line, verdict::StoredMessage message) {
  FakeServer server;
  server.mailbox = {std::move(message)};
  return play(
             "scenario a.b \"Title\"\n  checks RFC1-1-01\n  needs mailbox\n  impact deliver\n  S: 220\n"
             "  C: EHLO {client}\n  S: 250\n  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n"
             "  C: DATA\n  S: 354\n  C.\n    Subject: {token}\n\n    text\n  S: 250\n"
             "  check delivered {recipient} as m\n  " +
                 line + " [RFC1-1-01]\n",
             server)
      .result;
}

TEST(MailboxCheck, BodyIsExactUpToWhatTheStorageMayChange) {
  const std::string stored = "Subject: token1\r\n\r\n.text\r\n>From me\r\n";
  const std::string line = "check m body == \".text\\r\\nFrom me\\r\\n\"";
  EXPECT_EQ(check(line, {stored, {LineEnds::lf, true, true, true, true}}).verdict, Verdict::pass);
  const auto failed = check(line, {stored, {LineEnds::lf, false, true, false, true}});
  EXPECT_EQ(failed.verdict, Verdict::fail);
  EXPECT_EQ(failed.checks.front().got, "\".text\\r\\n>From me\\r\\n\"");
  EXPECT_EQ(
      check("check m body == \"text\\r\\n>From me\\r\\n\"", {stored, {LineEnds::lf, true, true, true, true}}).verdict,
      Verdict::fail);
}

TEST(MailboxCheck, WhatTheStorageHidesIsInconclusiveAndNotAPass) {
  const std::string stored = "Subject: token1\r\n\r\na\r\n.\r\nb\r\n";
  const auto result = check("check m bytes lacks \"\\n.\\n\"", {stored, {LineEnds::lf, false, true, false, true}});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "this mailbox does not show whether \"\\n.\\n\" was delivered");
  EXPECT_EQ(check("check m bytes lacks \"\\n.\\n\"", {stored, {}}).verdict, Verdict::pass);
  EXPECT_EQ(check("check m bytes lacks \"\\n.\\n\"", {"Subject: token1\r\n\r\na\n.\nb\r\n", {}}).verdict,
            Verdict::fail);
}

TEST(MailboxCheck, HeaderFieldsAreReadWithAnyLineEnd) {
  const verdict::StoredMessage message{
      "Return-Path: <a@b>\nReceived: by\n x\r\nReceived: by y\r\n\r\nReceived: by z\r\n", {}};
  EXPECT_EQ(check("check m header \"Received\" count == 2", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m header \"Received\" /^by x$/", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m header \"Delivered-To\" count >= 1", message).verdict, Verdict::fail);
  EXPECT_EQ(check("check m body has \"by z\"", message).verdict, Verdict::pass);
}

TEST(MailboxCheck, EvidenceOfAHugeMessageIsBounded) {
  const auto result =
      check("check m body has \"x\"", {"Subject: token1\r\n\r\n" + std::string(10 * kMaxLoggedMailboxOctets, 'x'), {}});
  EXPECT_EQ(result.verdict, Verdict::pass);
  std::size_t longest = 0;
  for (const auto& entry : result.wire) longest = std::max(longest, entry.octets.size());
  EXPECT_EQ(longest, kMaxLoggedMailboxOctets);
}

}  // namespace
}  // namespace smtpspec::engine
