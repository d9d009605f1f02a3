// What a scenario says of a delivered message, with a mailbox that is a list.
#include <gmock/gmock.h>
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
  EXPECT_EQ(failed.checks.front().got, "...\">From me\\r\\n\"");
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
      "Return-Path: <a@b>\nSubject: token1\nReceived: by\n x\r\nReceived: by y\r\n\r\nReceived: by z\r\n", {}};
  EXPECT_EQ(check("check m header \"Received\" count == 2", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m header \"Received\" /^by x$/", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m header \"Delivered-To\" count >= 1", message).verdict, Verdict::fail);
  EXPECT_EQ(check("check m header \"Return-Path\" == \"<a@B>\"", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m header \"Return-Path\" == \"<A@b>\"", message).verdict, Verdict::fail);
  EXPECT_EQ(check("check m header \"Delivered-To\" == \"a\"", message).verdict, Verdict::fail);
  EXPECT_EQ(check("check m body has \"by z\"", message).verdict, Verdict::pass);
}

TEST(MailboxCheck, TheEnvelopeIsThatOfTheNextHopAndWordForWord) {
  const verdict::StoredMessage message{
      "Subject: token1\r\n\r\n", {}, verdict::ReceivedEnvelope{"<A@b> SIZE=1", {"<c@d>", "<e@f> NOTIFY=NEVER"}}};
  EXPECT_EQ(check("check m mail == \"<A@b> SIZE=1\"", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m mail has \"<a@b>\"", message).verdict, Verdict::fail);
  EXPECT_EQ(check("check m mail has \"<A@B>\"", message).verdict, Verdict::pass) << "domains have no letter case";
  EXPECT_EQ(check("check m mail lacks \"<A@B>\"", message).verdict, Verdict::fail);
  EXPECT_EQ(check("check m mail lacks \"<A@b.c>\"", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m rcpt == \"<c@d>\\r\\n<e@f> NOTIFY=NEVER\"", message).verdict, Verdict::pass);
  EXPECT_EQ(check("check m rcpt /^<[^>]+>$/", message).verdict, Verdict::fail);
  const auto result = check("check m rcpt lacks \"<e@\"", message);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.wire.back().note,
              ::testing::EndsWith("MAIL FROM:<A@b> SIZE=1 RCPT TO:<c@d> RCPT TO:<e@f> NOTIFY=NEVER"));
  EXPECT_EQ(result.wire.back().messages.front().envelope, message.envelope);
}

TEST(MailboxCheck, AStorageKnowsNoEnvelope) {
  const auto result = check("check m mail has \"a\"", {"Subject: token1\r\n\r\na\r\n", {}});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "the envelope is known only of what comes to the next hop");
}

TEST(MailboxCheck, EvidenceOfAHugeMessageIsBounded) {
  const auto result =
      check("check m body has \"x\"", {"Subject: token1\r\n\r\n" + std::string(10 * kMaxLoggedMailboxOctets, 'x'), {}});
  EXPECT_EQ(result.verdict, Verdict::pass);
  std::size_t longest = 0;
  for (const auto& entry : result.wire) longest = std::max(longest, entry.octets.size());
  EXPECT_EQ(longest, kMaxLoggedMailboxOctets);
}

// ---- what did not come
// ------------------------------------------------------------------------------------------------

Played claim(const std::string& line, const std::vector<std::string>& mailbox, FakeServer server = {}) {
  for (const auto& octets : mailbox) server.mailbox.push_back({octets, {}});
  return play("scenario a.b \"Title\"\n  checks RFC1-1-01\n  needs mailbox\n  impact deliver\n  S: 220\n  " + line +
                  " [RFC1-1-01]\n",
              std::move(server));
}

const std::string kMessage = "Subject: token1\r\n\r\ntext\r\n";
const std::string kMarker = "Subject: moken1\r\n\r\nmarker\r\n";

TEST(MailboxCheck, EvidenceBeginsWithTheLineThatIsNotAsItShould) {
  // LF and CRLF: what the storage made of the line ends is no difference.
  for (const std::string end : {"\r\n", "\n"}) {
    const std::string body = "one" + end + "Original-Recipient: rfc822;x" + end + "three" + end;
    const verdict::StoredMessage message{"Subject: token1" + end + end + body, {}};
    const auto lacking = check(R"(check m body lacks "\nOriginal-Recipient:")", message);
    EXPECT_EQ(lacking.verdict, Verdict::fail);
    EXPECT_THAT(lacking.checks.front().got, testing::StartsWith("...\"Original-Recipient: rfc822;x"));
    const auto equal = check(R"(check m body == "one\r\ntwo\r\n")", message);
    EXPECT_EQ(equal.verdict, Verdict::fail);
    EXPECT_THAT(equal.checks.front().got, testing::StartsWith("...\"Original-Recipient: rfc822;x"));
  }
}

TEST(MailboxCheck, NotDeliveredIsProvenByAMarkerThatIsSentAfterwards) {
  const Played played = claim("check not delivered", {kMarker});
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_NE(played.sent.find("Subject: moken1\r\n"), std::string::npos);
  EXPECT_EQ(played.sent.find("token1"), std::string::npos);
}

TEST(MailboxCheck, AMessageThatCameAllTheSameIsAFail) {
  const auto result = claim("check not delivered", {kMessage, kMarker}).result;
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.checks.front().got, "1 message in the mailbox of alice@example.org");
}

TEST(MailboxCheck, WithoutItsMarkerNothingIsProven) {
  FakeServer server;
  EXPECT_EQ(claim("check not delivered", {"Subject: another\r\n\r\n"}).result.verdict, Verdict::inconclusive);
  server.end_of_data = "554 5.6.0 no\r\n";
  EXPECT_EQ(claim("check not delivered", {kMarker}, server).result.verdict, Verdict::inconclusive);
}

TEST(MailboxCheck, ACountIsExactAndProvenByAMarkerToo) {
  EXPECT_EQ(claim("check delivered count == 1", {kMessage, kMarker}).result.verdict, Verdict::pass);
  EXPECT_EQ(claim("check delivered count == 1", {kMessage, kMessage, kMarker}).result.verdict, Verdict::fail);
  EXPECT_EQ(claim("check delivered count == 2", {kMessage, kMarker}).result.verdict, Verdict::fail);
  EXPECT_EQ(claim("check delivered count == 1", {kMessage}).result.verdict, Verdict::inconclusive);
}

TEST(MailboxCheck, WhatIsCheckedOfSeveralMessagesHoldsForEachOfThem) {
  const std::string line = "check delivered count == 2 as m\n  check m header \"Subject\" count == 1";
  const std::string empty = "X: token1\r\n\r\n";
  EXPECT_EQ(claim(line, {kMessage, kMessage, kMarker}).result.verdict, Verdict::pass);
  const auto result = claim(line, {kMessage, empty, kMarker}).result;
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.checks.back().got, "2 of 2: 0 Subject fields");
}

TEST(MailboxCheck, SeveralMarkersInAScenarioEachHaveAConnection) {
  FakeServer server;
  const Played played = claim("check not delivered\n  check not delivered", {kMarker}, server);
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
}

// ---- what comes to the next hop, and what does not

Played relayed(const std::string& line, std::vector<std::string> mailbox, std::vector<std::string> late = {}) {
  FakeServer server;
  for (auto& octets : mailbox) server.mailbox.push_back({std::move(octets), {}});
  for (auto& octets : late) server.late_mail.push_back({std::move(octets), {}});
  return play("scenario a.b \"Title\"\n  checks RFC1-1-01\n  needs next_hop\n  impact deliver\n  S: 220\n  " + line +
                  " [RFC1-1-01]\n",
              std::move(server));
}

TEST(MailboxCheck, TheMarkerOfTheNextHopIsRelayedThereToo) {
  const Played played = relayed("check not delivered {relayed}", {kMarker});
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_NE(played.sent.find("RCPT TO:<dave@relay.example>\r\n"), std::string::npos) << played.sent;
  EXPECT_EQ(played.sent.find("alice@example.org"), std::string::npos) << played.sent;
  for (const auto& question : played.asked_for) EXPECT_EQ(question.recipient, "dave@relay.example");
}

TEST(MailboxCheck, WhatTheMarkerOvertookOnItsWayToTheNextHopIsWaitedFor) {
  const auto result = relayed("check delivered count == 1 {relayed}", {kMessage, kMarker}, {kMessage}).result;
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.checks.front().got, "2 messages came to the next hop for dave@relay.example");
  EXPECT_EQ(relayed("check not delivered {relayed}", {kMessage + "x"}).result.verdict, Verdict::inconclusive);
}

TEST(MailboxCheck, AMessageThatTheNextHopDefersHasTheTimeThatTheProfileSays) {
  const Played at_once = relayed("check delivered {relayed} within 3s", {kMessage});
  const Played later = relayed("check delivered {relayed_later} within 3s", {kMessage});
  EXPECT_EQ(at_once.asked_for.at(0).patience + kRetryTime, later.asked_for.at(0).patience);
  EXPECT_EQ(later.asked_for.at(0).recipient, "later-loken1@relay.example") << "the token itself finds messages";
}

// ---- what is taken out of a message

TEST(MailboxCheck, ACaptureOfAMessageIsTheFirstGroupInItsPart) {
  const verdict::StoredMessage message{
      "Received: by\r\n\tone;\r\nReceived: by two;\r\nSubject: token1\r\n\r\nthree\r\n",
      {},
      verdict::ReceivedEnvelope{"<four@b>", {"<five@d>"}}};
  const auto captured = [&](const std::string& source) {
    return check("capture x from m " + source + "\n  check m bytes has \"{x}\"", message);
  };
  for (const char* source :
       {"header \"received\" /^by\\s(one;)$/", "body /^three/", "bytes /\\r\\nReceived: (.*)\\r\\n/"})
    EXPECT_EQ(captured(source).verdict, Verdict::pass) << source;
  for (const char* source : {"mail /(four)/", "rcpt /(five)/"})
    EXPECT_EQ(captured(source).verdict, Verdict::fail) << "it stands in the envelope alone: " << source;
  const auto without = captured("header \"Sender\" /./");
  EXPECT_EQ(without.verdict, Verdict::inconclusive);
  EXPECT_EQ(without.reason, "nothing in the message matches /./");
}

TEST(MailboxCheck, ACaptureIsBounded) {
  const auto result = check("capture x from m body /(?s).*/\n  check m body has \"x\"",
                            {"Subject: token1\r\n\r\n" + std::string(20'000, 'x'), {}});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "/(?s).*/ matches 20000 octets, of which 16384 at most can be captured");
}

}  // namespace
}  // namespace smtpspec::engine
