#include "reports/transcript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using verdict::Level;
using verdict::Outcome;
using verdict::ScenarioResult;
using verdict::Verdict;
using verdict::WireKind;

ScenarioResult failing(std::string got, int line) {
  ScenarioResult s;
  s.verdict = Verdict::fail;
  s.reason_line = line;
  s.checks = {{"R", Level::must, Outcome::violated, "5xx", std::move(got), line}};
  return s;
}

TEST(Transcript, PointsAtTheDecidingLineAndSaysWhatWasExpected) {
  auto s = failing("250 ok", 4);
  s.wire = {{.at = 1500us, .kind = WireKind::client, .octets = "MAIL FROM:<a@b\r\n", .line = 3},
            {.at = 2500us, .kind = WireKind::server, .octets = "250 ok\r\n", .line = 4},
            {.at = 3s, .kind = WireKind::timed_out, .note = "20 s"}};
  EXPECT_EQ(annotated_transcript(s),
            "       3    0.002  C: MAIL FROM:<a@b\n"
            ">      4    0.003  S: 250 ok\n"
            "                      ^ expected 5xx\n"
            "            3.000  -- timed out: nothing came from the server  (20 s)\n");
}

TEST(Transcript, FindsTheReplyAmongManyInOneSegment) {
  auto s = failing("250 2.1.5 two", 9);
  s.wire = {{.kind = WireKind::server, .octets = "501 one\r\n250 2.1.5 two\r\n501 three\r\n", .line = 9}};
  EXPECT_EQ(annotated_transcript(s),
            "       9    0.000  S: 501 one\n"
            ">                  S: 250 2.1.5 two\n"
            "                      ^ expected 5xx\n"
            "                   S: 501 three\n");
}

TEST(Transcript, FindsTheRoundOfARepeatThatWentWrong) {
  auto s = failing("250 wrong", 9);
  s.wire = {{.at = 1ms, .kind = WireKind::server, .octets = "501 right\r\n", .line = 9},
            {.at = 2ms, .kind = WireKind::server, .octets = "250 wrong\r\n", .line = 9},
            {.at = 3ms, .kind = WireKind::server, .octets = "501 right\r\n", .line = 9}};
  EXPECT_THAT(annotated_transcript(s), HasSubstr(">      9    0.002  S: 250 wrong\n"));
}

TEST(Transcript, AClosedConnectionCanBeWhatDecided) {
  auto s = failing("connection closed", 9);
  s.wire = {{.kind = WireKind::client, .octets = "NOOP\r\n", .line = 8},
            {.at = 1ms, .kind = WireKind::peer_closed, .line = 9}};
  EXPECT_THAT(annotated_transcript(s), HasSubstr(">      9    0.001  -- the server closed the connection (FIN)\n"));
}

TEST(Transcript, ShowsEveryLineEndThatIsNotCrlf) {
  ScenarioResult s;
  s.wire = {{.kind = WireKind::server, .octets = "220-a\r\n220-b\n220-c\r\r\n220 d"}};
  const std::string text = annotated_transcript(s);
  EXPECT_THAT(text, HasSubstr("S: 220-a\n"));
  EXPECT_THAT(text, HasSubstr("S: 220-b\\n\n"));
  EXPECT_THAT(text, HasSubstr("S: 220-c\\r\n"));
  EXPECT_THAT(text, HasSubstr("S: 220 d  (no line end)\n"));
}

TEST(Transcript, JoinsALineThatCameInPieces) {
  ScenarioResult s;
  s.wire = {{.at = 1s, .kind = WireKind::server, .octets = "22"},
            {.at = 2s, .kind = WireKind::server, .octets = "0 m"},
            {.at = 3s, .kind = WireKind::server, .octets = "x\r\n"}};
  EXPECT_EQ(annotated_transcript(s), "            1.000  S: 220 mx  (in 3 pieces, the last at 3.000)\n");
}

TEST(Transcript, NamesConnectionsOnlyWhereThereAreSeveral) {
  ScenarioResult s;
  s.wire = {{.connection = 1, .kind = WireKind::client, .octets = "NOOP\r\n"}};
  EXPECT_THAT(annotated_transcript(s), HasSubstr("C: NOOP"));
  s.wire.push_back({.connection = 2, .kind = WireKind::reset});
  EXPECT_THAT(annotated_transcript(s), HasSubstr("C1: NOOP"));
  EXPECT_THAT(annotated_transcript(s), HasSubstr("-- [2] the server reset the connection (RST)"));
}

TEST(Transcript, CutsALongLineAndCountsTheRest) {
  ScenarioResult s;
  s.wire = {{.kind = WireKind::server, .octets = "250 " + std::string(996, 'x') + "\r\n"}};
  EXPECT_THAT(annotated_transcript(s), HasSubstr(std::string(196, 'x') + " ... 800 octets more\n"));
}

TEST(Transcript, LeavesOutTheMiddleOfALongLogButNeverTheDecidingLine) {
  for (const int deciding : {0, 1, 40, 5000, 9990, 9999}) {
    auto s = failing("499 it", 5);
    std::string octets;
    for (int i = 0; i < 10000; ++i) octets += i == deciding ? "499 it\r\n" : "250-x\r\n";
    s.wire = {{.kind = WireKind::server, .octets = octets, .line = 5}};
    const auto lines = transcript_lines(s, {.max_lines = 30});
    EXPECT_LE(lines.size(), 36U);
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& l) { return l.decides; }), 2) << deciding;
    EXPECT_THAT(annotated_transcript(s), HasSubstr("lines left out ..."));
  }
}

TEST(Transcript, PointsAtTheLineOfAMessageThatACheckQuotes) {
  auto s = failing("...\"Original-Recipient: rfc822;x\\r\\nStatus: 5.1.1\\r\\n\"...", 7);
  s.checks.front().expected = "no Original-Recipient";
  std::string message = "Subject: it\r\n\r\n";
  for (int i = 0; i < 100; ++i) message += "X-" + std::to_string(i) + ": y\r\n";
  message += "Original-Recipient: rfc822;x\r\nStatus: 5.1.1\r\n";
  for (int i = 0; i < 100; ++i) message += "Z-" + std::to_string(i) + ": y\r\n";
  s.wire = {{.kind = WireKind::mailbox_answer, .octets = message, .line = 5}};  // an earlier step asked
  EXPECT_THAT(annotated_transcript(s), HasSubstr(">                     | Original-Recipient: rfc822;x\n"
                                                 "                      ^ expected no Original-Recipient\n"));
}

TEST(Transcript, NeverLeavesOutASingleLine) {
  auto s = failing("499 it", 5);
  for (int i = 0; i < 9; ++i)
    s.wire.push_back({.kind = WireKind::server, .octets = i == 4 ? "499 it\r\n" : "250 x\r\n", .line = i == 4 ? 5 : 6});
  EXPECT_EQ(transcript_lines(s, {.max_lines = 9}).size(), 10U);
  EXPECT_THAT(annotated_transcript(s, {.max_lines = 9}), testing::Not(HasSubstr("left out")));
}

TEST(Transcript, MarksASecretAndTellsItsLength) {
  ScenarioResult s;
  s.wire = {{.kind = WireKind::client, .octets = "********\r\n", .redacted = true}};
  EXPECT_THAT(annotated_transcript(s), HasSubstr("C: ********  (secret, 10 octets)"));
}

TEST(Transcript, EveryKindOfEventHasItsWords) {
  for (int kind = 0; kind <= static_cast<int>(WireKind::mailbox_answer); ++kind) {
    ScenarioResult s;
    s.wire = {{.kind = static_cast<WireKind>(kind)}};
    EXPECT_GE(annotated_transcript(s).size(), std::string("            0.000  C:\n").size()) << kind;
  }
}

}  // namespace
}  // namespace smtpspec::reports
