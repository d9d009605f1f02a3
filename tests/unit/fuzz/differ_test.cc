#include "fuzz/oracles/differ.h"

#include <gtest/gtest.h>

#include <string>

namespace smtpspec::fuzz {
namespace {

Talk say(std::string_view client, std::string_view server) {
  Talk talk;
  ConnectionTalk& one = talk.connections.emplace_back();
  wire::ReplyParser parser;
  parser.feed(server);
  one.dialogue.sent(client);
  while (const auto reply = parser.next()) one.dialogue.received(*reply);
  return talk;
}

// The requirement that the first server broke as the other did not; "free": nothing decides; "": they agree.
std::string between(std::string_view client, std::string_view tested, std::string_view other) {
  const Differences differences = differ(say(client, tested), say(client, other));
  if (!differences.findings.empty()) return differences.findings[0].key;
  return differences.free > 0 ? "free" : "";
}

TEST(FuzzDiffer, SaysNothingWhereTheyAgree) {
  EXPECT_EQ(between("EHLO x\r\nNOOP\r\n", "220 a\r\n250 a\r\n250 b\r\n", "220 b\r\n250 c\r\n251 d\r\n"), "");
}

TEST(FuzzDiffer, NamesTheRequirementThatDecides) {
  constexpr std::string_view kGreeted = "220 a\r\n250 b\r\n";
  const auto behind_ehlo = [&](std::string_view client, std::string_view tested, std::string_view other) {
    return between("EHLO x.example\r\n" + std::string(client), std::string(kGreeted) + std::string(tested),
                   std::string(kGreeted) + std::string(other));
  };
  EXPECT_EQ(behind_ehlo("NOOP\r\n", "502 c\r\n", "250 c\r\n"), "RFC5321-4.1.1.9-01");
  EXPECT_EQ(behind_ehlo("RSET\r\n", "503 c\r\n", "250 c\r\n"), "RFC5321-4.1.1.5-02");
  EXPECT_EQ(behind_ehlo("MAIL FROM:<>\r\n", "501 c\r\n", "250 c\r\n"), "RFC5321-4.1.1.2-05");
  EXPECT_EQ(behind_ehlo("RCPT TO:<a@b.example>\r\n", "250 c\r\n", "503 c\r\n"), "RFC5321-3.3-16");
  EXPECT_EQ(behind_ehlo("MAIL FROM:<a@b.example>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n", "250 c\r\n250 d\r\n503 e\r\n",
                        "250 c\r\n250 d\r\n354 e\r\n"),
            "RFC5321-3.3-18");
  EXPECT_EQ(behind_ehlo("EHLO y.example\r\n", "503 c\r\n", "250 c\r\n"), "RFC5321-4.1.1.1-10");
}

TEST(FuzzDiffer, LeavesFreedomToBoth) {
  const std::string mail = "EHLO x.example\r\nMAIL FROM:<a@b.example>\r\n";
  EXPECT_EQ(between(mail, "220 a\r\n250 b\r\n550 c\r\n", "220 a\r\n250 b\r\n250 c\r\n"), "free") << "policy";
  EXPECT_EQ(between(mail, "220 a\r\n250 b\r\n530 c\r\n", "220 a\r\n250 b\r\n250 c\r\n"), "free") << "a login first";
  EXPECT_EQ(between("MAIL FROM:<a@b.example>\r\n", "220 a\r\n503 c\r\n", "220 a\r\n250 c\r\n"), "free") << "EHLO first";
  EXPECT_EQ(between("EHLO x.example\r\nMAIL FROM:<a@b.example> SIZE=1\r\n", "220 a\r\n250 b\r\n501 c\r\n",
                    "220 a\r\n250 b\r\n250 c\r\n"),
            "free")
      << "what was not offered";
  EXPECT_EQ(between("EHLO x.example\r\nMAIL FROM:<\"a b\"@c>\r\n", "220 a\r\n250 b\r\n501 c\r\n",
                    "220 a\r\n250 b\r\n250 c\r\n"),
            "free");
  EXPECT_EQ(between("VRFY a\r\n", "220 a\r\n502 b\r\n", "220 a\r\n252 b\r\n"), "free");
  EXPECT_EQ(between("NOOP x\r\n", "220 a\r\n501 b\r\n", "220 a\r\n250 b\r\n"), "free");
}

TEST(FuzzDiffer, TellsOnlyOfTheServerThatIsTested) {
  EXPECT_EQ(between("RCPT TO:<a@b.example>\r\n", "220 a\r\n503 b\r\n", "220 a\r\n250 b\r\n"), "free");
}

TEST(FuzzDiffer, StopsAtTheFirstDifference) {
  // Behind a MAIL that only one of them took, a RCPT that only one of them takes says nothing.
  EXPECT_EQ(between("EHLO x.example\r\nMAIL FROM:<a>\r\nRCPT TO:<a@b.example>\r\n",
                    "220 a\r\n250 b\r\n501 c\r\n250 d\r\n", "220 a\r\n250 b\r\n250 c\r\n503 d\r\n"),
            "free");
}

TEST(FuzzDiffer, ComparesNothingWhereCountingProvesNothing) {
  EXPECT_EQ(between("NOOP\nNOOP\r\nNOOP\r\n", "220 a\r\n250 b\r\n502 c\r\n", "220 a\r\n250 b\r\n250 c\r\n"), "");
  EXPECT_EQ(between("A\r\nA\r\nA\r\nNOOP\r\n", "220 a\r\n500 b\r\n500 b\r\n500 b\r\n500 c\r\n",
                    "220 a\r\n500 b\r\n500 b\r\n500 b\r\n250 c\r\n"),
            "")
      << "behind many refusals a server may refuse everything";
}

TEST(FuzzDiffer, ShowsItsFindingInAScenario) {
  const Differences differences = differ(say("EHLO x.example\r\nRSET\r\n", "220 a\r\n250 b\r\n500 c\r\n"),
                                         say("EHLO x.example\r\nRSET\r\n", "220 a\r\n250 b\r\n250 c\r\n"));
  ASSERT_EQ(differences.findings.size(), 1U);
  EXPECT_EQ(differences.findings[0].oracle, Oracle::differs);
  EXPECT_EQ(differences.findings[0].demand, "2xx");
  EXPECT_EQ(differences.findings[0].evidence,
            "RFC5321-4.1.1.5-02: RSET is refused, 'RSET' gets 500, the other server says 250");
}

}  // namespace
}  // namespace smtpspec::fuzz
