#include "fuzz/oracles/dialogue.h"

#include <gtest/gtest.h>

namespace smtpspec::fuzz {
namespace {

void receive(Dialogue& dialogue, std::string_view octets) {
  wire::ReplyParser parser;
  parser.feed(octets);
  while (const auto reply = parser.next()) dialogue.received(*reply);
}

constexpr std::string_view kOffersChunking = "220 a\r\n250-b\r\n250 CHUNKING\r\n";

std::vector<int> codes(const Dialogue& dialogue) {
  std::vector<int> all;
  for (const Turn& turn : dialogue.turns()) all.push_back(turn.code);
  return all;
}

TEST(Dialogue, GivesEachCommandItsReplyHoweverTheyMix) {
  Dialogue dialogue;
  dialogue.sent("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n");
  EXPECT_TRUE(dialogue.owes_reply());
  receive(dialogue, "220 a\r\n250-a\r\n250 SIZE 100\r\n250 b\r\n250 c\r\n354 d\r\n250 e\r\n221 f\r\n");
  EXPECT_EQ(codes(dialogue), (std::vector<int>{220, 250, 250, 250, 354, 250, 221}));
  EXPECT_EQ(dialogue.turns()[5].kind, TurnKind::body);
  EXPECT_EQ(dialogue.turns()[5].octets, 7U);
  EXPECT_EQ(dialogue.advertised_size(), 100U);
  EXPECT_TRUE(dialogue.is_over());
  EXPECT_TRUE(dialogue.is_sure());
  EXPECT_EQ(dialogue.surplus(), 0U);
  EXPECT_EQ(dialogue.unanswered(), 0U);
}

TEST(Dialogue, ReadsContentAsCommandsWhereDataIsRefused) {
  Dialogue dialogue;
  dialogue.sent("DATA\r\nhello\r\n.\r\n");
  receive(dialogue, "220 a\r\n503 b\r\n500 c\r\n");
  EXPECT_EQ(dialogue.text_of(dialogue.turns().back()), ".");
  EXPECT_TRUE(dialogue.owes_reply());
}

TEST(Dialogue, CountsWhatIsMissingAndWhatIsTooMuch) {
  Dialogue dialogue;
  dialogue.sent("NOOP\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n250 b\r\n");
  EXPECT_EQ(dialogue.unanswered(), 1U);
  receive(dialogue, "250 c\r\n250 d\r\n");
  EXPECT_EQ(dialogue.surplus(), 1U);
}

TEST(Dialogue, TakesAnUnasked421ForTheEnd) {
  Dialogue dialogue;
  dialogue.sent("NOOP\r\n");
  receive(dialogue, "220 a\r\n250 b\r\n421 c\r\n");
  EXPECT_TRUE(dialogue.is_over());
  EXPECT_EQ(dialogue.surplus(), 0U);
}

TEST(Dialogue, IsNoLongerSureWhereRfcsLeaveTheCutOpen) {
  for (const std::string_view line : {"NOOP\nNOOP\r\n", "NO\rOP\r\n", "\r\n", "BDAT x\r\n"}) {
    Dialogue dialogue;
    receive(dialogue, "220 a\r\n");
    dialogue.sent(line);
    EXPECT_FALSE(dialogue.is_sure()) << line;
  }
  Dialogue dialogue;
  dialogue.sent("XCLIENT NAME=x\r\n");
  receive(dialogue, "220 a\r\n220 b\r\n");
  EXPECT_FALSE(dialogue.is_sure());
}

TEST(Dialogue, IsNotSureOfAChunkWhereNobodyOfferedToTakeIt) {
  Dialogue dialogue;
  dialogue.sent("EHLO x\r\nBDAT 9\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n250-b\r\n250 HELP\r\n503 c\r\n250 d\r\n");
  EXPECT_FALSE(dialogue.is_sure());
  EXPECT_EQ(dialogue.surplus(), 0U);
}

TEST(Dialogue, TakesHalfOfALinesEndForWhatItIs) {
  Dialogue dialogue;
  receive(dialogue, "220 a\r\n");
  dialogue.sent("NOOP\r");
  EXPECT_TRUE(dialogue.is_sure());
  dialogue.sent("\n");
  receive(dialogue, "250 b\r\n");
  EXPECT_TRUE(dialogue.is_sure());
  dialogue.sent("NOOP\n");
  EXPECT_FALSE(dialogue.is_sure()) << "whoever answers a bare LF may count another way";
}

TEST(Dialogue, KnowsOneReplyToWhatTheEndCutsOff) {
  const auto answers = [](std::string_view client, std::string_view server) {
    Dialogue dialogue;
    dialogue.sent("EHLO x\r\n");
    receive(dialogue, kOffersChunking);
    dialogue.sent(client);
    receive(dialogue, server);
    EXPECT_GT(dialogue.surplus(), 0U);
    return dialogue.answers_the_end();
  };
  EXPECT_TRUE(answers("NOOP", "250 b\r\n"));
  EXPECT_FALSE(answers("NOOP", "250 b\r\n250 c\r\n")) << "one, and no more";
  EXPECT_FALSE(answers("NOOP\r\n", "250 b\r\n250 c\r\n")) << "nothing is cut off";
  EXPECT_TRUE(answers("AUTH PLAIN\r\n", "334 \r\n535 b\r\n"));
  EXPECT_TRUE(answers("AUTH LOGIN\r\n", "334 a\r\n334 b\r\n535 c\r\n")) << "all of the exchange";
  EXPECT_FALSE(answers("AUTH LOGIN\r\n", "334 a\r\n334 b\r\n235 c\r\n")) << "nobody has logged in";
  EXPECT_TRUE(answers("DATA\r\nx\r\n", "354 b\r\n451 c\r\n"));
  EXPECT_FALSE(answers("DATA\r\nx\r\n", "354 b\r\n250 c\r\n")) << "an unfinished message is taken";
  EXPECT_TRUE(answers("BDAT 9\r\nx\r\n", "503 b\r\n"));
  EXPECT_FALSE(answers("BDAT 9\r\nx\r\n", "250 b\r\n")) << "a chunk is shorter than it says";
}

TEST(Dialogue, IsNotSureOfAChunkThatIsRefusedBeforeItHasCome) {
  Dialogue dialogue;
  dialogue.sent("EHLO x\r\n");
  receive(dialogue, kOffersChunking);
  dialogue.sent("BDAT 9\r\nx\r\n");
  receive(dialogue, "502 b\r\n500 c\r\n");
  EXPECT_FALSE(dialogue.is_sure());
  EXPECT_EQ(dialogue.surplus(), 0U) << "what was sent as a chunk is read as commands";
}

TEST(Dialogue, KnowsAHandshakeThatItCannotPlace) {
  Dialogue dialogue;
  dialogue.sent("\nNOOP\r\nSTARTTLS\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n500 b\r\n250 c\r\n");
  EXPECT_FALSE(dialogue.may_wait());
  receive(dialogue, "220 d\r\n");
  EXPECT_TRUE(dialogue.may_wait());
}

TEST(Dialogue, IsDueOneReplyForEachRecipientOfAnLmtpMessage) {
  Dialogue dialogue(true);
  dialogue.sent(
      "LHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nRCPT TO:<g@h>\r\nDATA\r\n.\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n250 a\r\n250 b\r\n250 c\r\n550 d\r\n250 e\r\n354 f\r\n250 g\r\n550 h\r\n250 i\r\n");
  EXPECT_EQ(dialogue.turns()[7].replies, 2U);
  EXPECT_EQ(dialogue.turns()[7].code, 550);
  EXPECT_EQ(dialogue.turns()[8].code, 250);
  EXPECT_FALSE(dialogue.owes_reply());
}

TEST(Dialogue, IsDueNoReplyToAnLmtpChunkWithoutRecipients) {
  Dialogue dialogue(true);
  dialogue.sent("LHLO x\r\n");
  receive(dialogue, kOffersChunking);
  dialogue.sent("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 1 LAST\r\nx");
  receive(dialogue, "250 c\r\n550 d\r\n");
  EXPECT_FALSE(dialogue.owes_reply());
  EXPECT_FALSE(dialogue.is_sure()) << "many refuse the chunk all the same";
  EXPECT_FALSE(dialogue.standing().has_mail);
}

TEST(Dialogue, CountsChunksByTheirOctets) {
  Dialogue dialogue;
  dialogue.sent("EHLO x\r\n");
  receive(dialogue, kOffersChunking);
  dialogue.sent("BDAT 10 LAST\r\nNOOP\r\n");
  EXPECT_FALSE(dialogue.owes_reply());
  dialogue.sent("QUIT");
  EXPECT_TRUE(dialogue.owes_reply());
  receive(dialogue, "503 b\r\n");
  EXPECT_EQ(dialogue.turns().back().kind, TurnKind::chunk);
  EXPECT_TRUE(dialogue.is_sure());
}

TEST(Dialogue, ForgetsWhatWasInClearBehindStarttls) {
  Dialogue dialogue;
  dialogue.sent("STARTTLS\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n220 go\r\n");
  EXPECT_TRUE(dialogue.expects_handshake());
  dialogue.tls_established();
  EXPECT_EQ(dialogue.injected_octets(), 6U);
  EXPECT_TRUE(dialogue.expects_command());
  receive(dialogue, "250 b\r\n");
  EXPECT_EQ(dialogue.surplus(), 1U);
}

TEST(Dialogue, ExecutesThemWhereStarttlsIsRefused) {
  Dialogue dialogue;
  dialogue.sent("STARTTLS\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n502 no\r\n250 b\r\n");
  EXPECT_EQ(dialogue.turns().back().verb, wire::Verb::noop);
  EXPECT_EQ(dialogue.surplus(), 0U);
}

TEST(Dialogue, KnowsWhichStepATurnBelongsTo) {
  Dialogue dialogue;
  dialogue.sent("NO", 3);
  dialogue.sent("OP\r\nRS", 4);
  dialogue.sent("ET\r\n", 5);
  receive(dialogue, "220 a\r\n250 b\r\n");
  EXPECT_EQ(dialogue.turns().at(1).step, 4U);
  EXPECT_EQ(dialogue.turns().at(2).step, 5U);
}

TEST(Dialogue, FollowsAnExchangeOfAuth) {
  Dialogue dialogue;
  dialogue.sent("AUTH LOGIN\r\nYQ==\r\nYg==\r\nNOOP\r\n");
  receive(dialogue, "220 a\r\n334 b\r\n334 c\r\n235 d\r\n250 e\r\n");
  EXPECT_EQ(dialogue.turns().at(2).kind, TurnKind::sasl);
  EXPECT_TRUE(dialogue.standing().is_authenticated);
  EXPECT_EQ(dialogue.turns().back().verb, wire::Verb::noop);
}

}  // namespace
}  // namespace smtpspec::fuzz
