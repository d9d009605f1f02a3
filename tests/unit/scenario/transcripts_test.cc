#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

Scenario transcript(std::string_view text) {
  auto loaded = load(text);
  EXPECT_EQ(complaints(loaded), "");
  return loaded.scenarios.empty() ? Scenario{} : loaded.scenarios[0];
}

// The session of the 2008 article that began all this.
constexpr char kArticle[] =
    "S: 220 mail.example.com ESMTP server ready\n"
    "C: EHLO client.example.com\n"
    "S: 250-mail.example.com\n"
    "S: 250-ETRN\n"
    "S: 250-AUTH PLAIN LOGIN\n"
    "S: 250-AUTH=PLAIN LOGIN\n"
    "S: 250-PIPELINING\n"
    "S: 250-DSN\n"
    "S: 250-8BITMIME\n"
    "S: 250 SIZE 15728640\n"
    "C: MAIL FROM:<sender@example.com>\n"
    "C: RCPT TO:<recipient@example.com>\n"
    "S: 250 sender and extensions ok\n"
    "S: 250 recipient ok\n"
    "C: DATA\n"
    "S: 354 end data with CRLF.CRLF\n"
    "C: Subject: test {braces}\n"
    "C: \n"
    "C: This is a test  malformed\n"
    "C: .\n"
    "S: 250 message received\n"
    "C: QUIT\n"
    "S: 221 mail.example.com closing\n";

TEST(Transcripts, AreOfSmtpWhereEhloOrHeloWasAccepted) {
  const std::vector<Role> smtp{Role::mx, Role::submission};
  EXPECT_EQ(transcript(kArticle).roles, smtp);
  EXPECT_EQ(transcript("C: helo x\nS: 250 hello\n").roles, smtp);
  EXPECT_TRUE(transcript("S: 220 hi\nC: EHLO x\nS: 500 what?\n").roles.empty());
  EXPECT_TRUE(transcript("S: 220 hi\nC: LHLO x\nS: 250 hello\n").roles.empty());
  EXPECT_TRUE(transcript("S: 220 hi\nC: NOOP\nS: 250 ok\nC: EHLO x\nS: 250 hello\n").roles.empty());
}

TEST(Transcripts, TheArticlesSessionIsAScenario) {
  const auto scenario = transcript(kArticle);
  EXPECT_EQ(scenario.name, "test");
  EXPECT_TRUE(scenario.checks.empty());
  ASSERT_EQ(scenario.steps.size(), 16U);
  const auto& ehlo = std::get<Expect>(scenario.steps[2].body).expectation;
  ASSERT_EQ(ehlo.advertised.size(), 7U);
  EXPECT_EQ(ehlo.advertised[0].keyword, "ETRN");
  EXPECT_EQ(ehlo.advertised[1].arguments, (std::vector<std::string>{"PLAIN", "LOGIN"}));
  EXPECT_EQ(ehlo.advertised[6].keyword, "SIZE");
  EXPECT_EQ(std::get<Send>(scenario.steps[3].body).payload, (Template{octets("MAIL FROM:<sender@example.com>")}));
  EXPECT_EQ(std::get<Send>(scenario.steps[4].body).payload, (Template{octets("RCPT TO:<recipient@example.com>")}));
  EXPECT_EQ(std::get<Send>(scenario.steps[9].body).payload, (Template{octets("Subject: test {braces}")}));
  EXPECT_EQ(std::get<Send>(scenario.steps[10].body).payload, Template{});
  EXPECT_EQ(std::get<Send>(scenario.steps[11].body).payload, (Template{octets("This is a test  malformed")}));
  EXPECT_EQ(std::get<Send>(scenario.steps[12].body).payload, (Template{octets(".")}));
}

TEST(Transcripts, SayNothingByTheirCommentary) {
  const auto scenario = transcript(
      "S: 220 ready unless 4xx within 2s [RFC5321-2.1-03] as x \"unclosed\n"
      "C: NOOP\n"
      "S: 250 2.0.0 Ok \"quoted\" but /a regex/ \"C:\\dir\" # 1\n");
  const auto& first = std::get<Expect>(scenario.steps[0].body).expectation;
  EXPECT_TRUE(first.unless.empty());
  EXPECT_TRUE(first.bindings.empty());
  EXPECT_TRUE(first.texts.empty());
  EXPECT_FALSE(first.within);
  const auto& second = std::get<Expect>(scenario.steps[2].body).expectation;
  EXPECT_EQ(second.enhanced, "");
  ASSERT_EQ(second.texts.size(), 2U);
  EXPECT_EQ(second.texts[1].regex, "a regex");
}

TEST(Transcripts, VariablesOfTheProfileAreReplaced) {
  const auto scenario = transcript("S: 220\nC: RCPT TO:<{recipient}>\nS: 250\n");
  EXPECT_EQ(std::get<Send>(scenario.steps[1].body).payload,
            (Template{octets("RCPT TO:<"), variable("recipient"), octets(">")}));
}

TEST(Transcripts, OfSwaksRunAsTheyAre) {
  const auto scenario = transcript(
      "=== Trying 127.0.0.1:25...\n"
      "=== Connected to 127.0.0.1.\n"
      "<-  220 mail.example ESMTP\n"
      " -> EHLO client.example\n"
      "<-  250-mail.example\n"
      "<-  250 STARTTLS\n"
      " -> STARTTLS\n"
      "<-  220 go\n"
      "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256\n"
      " ~> MAIL FROM:<a@b.example>\n"
      "<~* 550 no\n"
      "*** Remote host closed connection unexpectedly.\n"
      " ~> QUIT\n"
      "<~  221 bye\n");
  ASSERT_EQ(scenario.steps.size(), 10U);
  EXPECT_EQ(std::get<Expect>(scenario.steps[2].body).expectation.advertised.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<StartTls>(scenario.steps[5].body));
  EXPECT_EQ(std::get<Send>(scenario.steps[6].body).payload, (Template{octets("MAIL FROM:<a@b.example>")}));
  EXPECT_TRUE(std::get<Expect>(scenario.steps[7].body).expectation.pattern.matches_code(550));
}

TEST(Transcripts, MayCarryATimeBeforeTheMark) {
  const auto scenario = transcript("2008-04-01T10:00:00.123Z S: 220 hi\n[10:00:01] C: QUIT\n>>> NOOP\n<<< 250 ok\n");
  ASSERT_EQ(scenario.steps.size(), 4U);
  EXPECT_EQ(std::get<Send>(scenario.steps[1].body).payload, (Template{octets("QUIT")}));
}

TEST(Transcripts, MayUseTheOtherStepsToo) {
  const auto scenario = transcript("# by hand\nS: 220\npipeline\n  C: NOOP\n  C: NOOP\nS: 250\nS: 250\nfence\n");
  EXPECT_EQ(scenario.steps.size(), 5U);
}

TEST(Transcripts, BelowAHeadKeepTheirMessageText) {
  const auto steps = steps_of("C: DATA\nS: 354 go\nC: a  split 1\nC: .\nS: 250\n");
  EXPECT_EQ(std::get<Send>(steps[2].body).payload, (Template{octets("a  split 1")}));
}

TEST(Transcripts, AnEmptyFileIsNone) {
  EXPECT_EQ(complaints("# nothing\n"),
            "x/test.smtp: error: nothing stands in this file: no scenario, and no line of a transcript\n");
}

}  // namespace
}  // namespace smtpspec::scenario
