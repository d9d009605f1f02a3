#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

Expectation expectation(std::string_view line) { return only<Expect>("  " + std::string(line) + "\n").expectation; }

TEST(Expectations, ReadEveryFormOfPattern) {
  EXPECT_TRUE(expectation("S: 250").pattern.matches_code(250));
  EXPECT_FALSE(expectation("S: 250").pattern.matches_code(251));
  EXPECT_TRUE(expectation("S: 2xx").pattern.matches_code(299));
  EXPECT_TRUE(expectation("S: 25x").pattern.matches_code(252));
  EXPECT_FALSE(expectation("S: 25x").pattern.matches_code(220));
  EXPECT_TRUE(expectation("S: 250|5xx").pattern.matches_code(550));
  EXPECT_TRUE(expectation("S: any").pattern.matches_code(999));
  const auto negated = expectation("S: not 2xx|421").pattern;
  EXPECT_FALSE(negated.matches_code(250));
  EXPECT_FALSE(negated.matches_code(421));
  EXPECT_TRUE(negated.matches_code(500));
  EXPECT_EQ(negated.text, "not 2xx|421");
}

TEST(Expectations, TheEndOfTheConnectionIsAnAlternative) {
  const auto pattern = expectation("S: 220|5xx|closed").pattern;
  EXPECT_TRUE(pattern.closed);
  EXPECT_FALSE(pattern.clean);
  EXPECT_TRUE(pattern.matches_code(554));
  const auto clean = expectation("S: closed cleanly  [RFC5321-3.8-01]");
  EXPECT_TRUE(clean.pattern.clean);
  EXPECT_EQ(clean.pattern.text, "closed cleanly");
  EXPECT_FALSE(clean.pattern.matches_code(221));
  EXPECT_EQ(clean.bindings.size(), 1U);
}

TEST(Expectations, TheEndOfTheConnectionMayHaveToBeTold) {
  const auto told = expectation("S: closed  closed notified [RFC8314-3.4-01]");
  EXPECT_FALSE(told.pattern.notified);
  ASSERT_EQ(told.bindings.size(), 1U);
  EXPECT_TRUE(told.bindings[0].pattern->notified);
}

TEST(Expectations, TextMayBeBase64OrMissingOrExact) {
  using Kind = TextPattern::Kind;
  const auto found = expectation(R"(S: 334 base64 /^<(?<id>.*)>$/ base64 lacks "x" lacks "y" exactly "334 \r\n")");
  ASSERT_EQ(found.texts.size(), 4U);
  EXPECT_EQ(found.texts[0].kind, Kind::regex);
  EXPECT_TRUE(found.texts[0].decodes_base64);
  EXPECT_FALSE(found.texts[0].is_negated);
  EXPECT_TRUE(found.texts[1].decodes_base64);
  EXPECT_TRUE(found.texts[1].is_negated);
  EXPECT_FALSE(found.texts[2].decodes_base64);
  EXPECT_TRUE(found.texts[2].is_negated);
  EXPECT_EQ(found.texts[3].kind, Kind::exact);
  EXPECT_EQ(found.texts[3].substring, (Template{octets("334 \r\n")}));
}

TEST(Expectations, TheirWordsAreCommentaryWhereNoTextFollows) {
  EXPECT_TRUE(expectation("S: 501 cannot decode base64 lacks padding, exactly one").texts.empty());
}

TEST(Expectations, SilenceIsAStepOfItsOwn) {
  EXPECT_EQ(only<ExpectSilence>("  S: silent  [RFC5321-2.1-03]\n").bindings[0].requirement, "RFC5321-2.1-03");
}

TEST(Expectations, TextIsQuotedOrARegexAndAllElseCommentary) {
  const auto found = expectation(R"(S: 250 2.1.0 the sender is "{sender} ok" or /so (?<id>\w+)\/x/ and done)");
  EXPECT_EQ(found.enhanced, "2.1.0");
  ASSERT_EQ(found.texts.size(), 2U);
  EXPECT_EQ(found.texts[0].substring, (Template{variable("sender"), octets(" ok")}));
  EXPECT_EQ(found.texts[1].regex, R"(so (?P<id>\w+)/x)");
}

TEST(Expectations, CommentaryOfARealServerIsNotSyntax) {
  const auto greeting = expectation("S: 220 mail.example.org [192.0.2.1] ESMTP Postfix (Debian/GNU) #3 /etc as x");
  EXPECT_TRUE(greeting.texts.empty());
  EXPECT_TRUE(greeting.bindings.empty());
  EXPECT_TRUE(greeting.known_as.empty());
  EXPECT_EQ(expectation("S: 250 2.0.0 Ok: queued as 4F3A2").enhanced, "2.0.0");
  EXPECT_TRUE(expectation("S: 250 ok, unless you object after all").unless.empty());
}

TEST(Expectations, ReadClauses) {
  const auto found = expectation("S: 250 ok  unless 4xx 55x  answer 452 within 2s after 290ms as known");
  ASSERT_EQ(found.unless.size(), 2U);
  EXPECT_EQ(found.unless[1].text, "55x");
  ASSERT_EQ(found.answers.size(), 1U);
  EXPECT_EQ(found.within, milliseconds(2000));
  EXPECT_EQ(found.after, milliseconds(290));
  EXPECT_EQ(found.known_as, "known");
  EXPECT_EQ(expectation("S: any as x-1").known_as, "x-1");
  EXPECT_EQ(expectation("S: 250 within 5min").within, milliseconds(300'000));
}

TEST(Expectations, ABindingMayHaveAPatternOfItsOwn) {
  const auto found = expectation("S: 5xx [RFC5321-4.1.1.2-01] [RFC5321-4.1.1.2-02]  501|555 [RFC5321-4.3.2-05]");
  ASSERT_EQ(found.bindings.size(), 3U);
  EXPECT_FALSE(found.bindings[0].pattern);
  EXPECT_FALSE(found.bindings[1].pattern);
  ASSERT_TRUE(found.bindings[2].pattern);
  EXPECT_EQ(found.bindings[2].pattern->text, "501|555");
  EXPECT_EQ(found.bindings[2].position, (SourcePosition{2, 61, 18}));
  EXPECT_EQ(expectation("S: 5xx not 504 [RFC5321-4.3.2-05]").bindings[0].pattern->text, "not 504");
  EXPECT_FALSE(expectation("S: 5xx unless 4xx 552 [RFC5321-4.3.2-05]").bindings[0].pattern);
}

TEST(Expectations, ACommentStandsBehindTwoBlanks) {
  const auto found = expectation("S: 250 fine   # \"not a text\" [RFC5321-4.3.2-05]");
  EXPECT_TRUE(found.texts.empty());
  EXPECT_TRUE(found.bindings.empty());
}

TEST(Expectations, LinesOfOneReplyAreOneExpectation) {
  const auto steps = steps_of(
      "  C: EHLO a.example\n  S: 250-mail.example greets\n  S: 250-AUTH=PLAIN LOGIN\n  S: 250-HELP\n"
      "  S: 250 SIZE 100  [RFC5321-2.2.1-02]\n  C: HELP\n  S: 214-see \"one\"\n  S: 214 see \"two\"\n");
  ASSERT_EQ(steps.size(), 4U);
  const auto& ehlo = std::get<Expect>(steps[1].body).expectation;
  ASSERT_EQ(ehlo.advertised.size(), 3U);
  EXPECT_EQ(ehlo.advertised[0], (AdvertisedLine{"AUTH=PLAIN", {"LOGIN"}, {4, 10, 16}}));
  EXPECT_EQ(ehlo.advertised[1].keyword, "HELP");
  EXPECT_EQ(ehlo.advertised[2].keyword, "SIZE");
  EXPECT_EQ(ehlo.advertised[2].arguments, std::vector<std::string>{"100"});
  EXPECT_EQ(ehlo.bindings.size(), 1U);
  const auto& help = std::get<Expect>(steps[3].body).expectation;
  EXPECT_TRUE(help.advertised.empty());
  EXPECT_EQ(help.texts.size(), 2U);
}

TEST(Expectations, AReplyOfOneLineAdvertisesNothing) {
  const auto steps = steps_of("  C: EHLO a.example\n  S: 250 mail.example\n");
  EXPECT_TRUE(std::get<Expect>(steps[1].body).expectation.advertised.empty());
}

}  // namespace
}  // namespace smtpspec::scenario
