#include "harness/scenario/payload.h"
#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

TEST(Steps, WordsWithoutABlock) {
  const auto steps = steps_of(
      "  connect\n  tls\n  starttls\n  auth plain as user\n  fence\n  fence ehlo [RFC5321-3.8-01]\n  fence verb\n"
      "  wait 299s\n  half-close\n  close\n  reset\n");
  ASSERT_EQ(steps.size(), 11U);
  EXPECT_TRUE(std::holds_alternative<Connect>(steps[0].body));
  EXPECT_TRUE(std::holds_alternative<Tls>(steps[1].body));
  EXPECT_TRUE(std::holds_alternative<StartTls>(steps[2].body));
  EXPECT_EQ(std::get<Auth>(steps[3].body).mechanism, "PLAIN");
  EXPECT_EQ(std::get<Fence>(steps[4].body).kind, FenceKind::automatic);
  EXPECT_EQ(std::get<Fence>(steps[5].body).kind, FenceKind::ehlo);
  EXPECT_EQ(std::get<Fence>(steps[5].body).bindings.size(), 1U);
  EXPECT_EQ(std::get<Fence>(steps[6].body).kind, FenceKind::verb);
  EXPECT_EQ(std::get<Wait>(steps[7].body).duration, milliseconds(299'000));
  EXPECT_TRUE(std::holds_alternative<HalfClose>(steps[8].body));
  EXPECT_TRUE(std::holds_alternative<Close>(steps[9].body));
  EXPECT_TRUE(std::holds_alternative<Reset>(steps[10].body));
}

TEST(Steps, AHandshakeMayBeOfOneVersionAndMayHaveToFail) {
  const auto plain = only<StartTls>("  starttls [RFC3207-3-01]\n");
  EXPECT_EQ(plain.only_version, 0);
  EXPECT_FALSE(plain.is_refused);
  EXPECT_EQ(plain.bindings.size(), 1U);
  const auto old = only<StartTls>("  starttls version 1.0 refused [RFC8996-4-01]\n");
  EXPECT_EQ(old.only_version, 10);
  EXPECT_TRUE(old.is_refused);
  EXPECT_EQ(old.bindings.size(), 1U);
}

TEST(Steps, ScramTakesTheMechanismAndThreeMessages) {
  const auto scram = only<Scram>(R"(  scram "SCRAM-SHA-1" first "n={user},r=x" challenge "r=xy" last "c=biws,r=xy")"
                                 "\n");
  EXPECT_EQ(fixed_octets(scram.mechanism), "SCRAM-SHA-1");
  ASSERT_EQ(scram.first.size(), 3U);
  EXPECT_EQ(scram.first[1].text, "user");
  EXPECT_EQ(fixed_octets(scram.challenge), "r=xy");
  EXPECT_EQ(fixed_octets(scram.last), "c=biws,r=xy");
}

TEST(Steps, BlocksHoldTheStepsBelowThem) {
  const auto pipeline = only<Pipeline>("  pipeline forced split 5 gap 1s\n    C: STARTTLS\n    C: NOOP\n");
  EXPECT_TRUE(pipeline.is_forced);
  EXPECT_EQ(pipeline.pacing, (Pacing{5, milliseconds(1000)}));
  EXPECT_EQ(pipeline.steps.size(), 2U);
  EXPECT_EQ(only<Early>("  early\n    C: EHLO x\n").steps.size(), 1U);
  const auto repeat = only<Repeat>("  repeat 100 as i\n    C: RCPT TO:<{recipients[i]}>\n    S: 250\n");
  EXPECT_EQ(repeat.times, 100U);
  EXPECT_EQ(repeat.variable, "i");
  EXPECT_EQ(repeat.steps.size(), 2U);
  const auto refusable = only<Refusable>("  refusable 421|552|closed [RFC5321-4.5.3.1.9-01]\n    C: NOOP\n");
  EXPECT_TRUE(refusable.pattern.closed);
  EXPECT_EQ(refusable.bindings.size(), 1U);
}

TEST(Steps, ConditionsAreAboutAKeywordOrTheLatestReply) {
  EXPECT_EQ(only<When>("  when advertised size\n    C: NOOP\n").keyword, "SIZE");
  EXPECT_EQ(only<When>("  when advertised auth PLAIN\n    C: NOOP\n").argument, "PLAIN");
  EXPECT_EQ(only<When>("  when demanded auth\n    C: NOOP\n").kind, When::Kind::demanded);
  EXPECT_EQ(only<When>("  when demanded auth\n    C: NOOP\n").keyword, "AUTH");
  EXPECT_EQ(only<When>("  when not advertised SIZE\n    C: NOOP\n").kind, When::Kind::not_advertised);
  const auto when = only<When>("  when reply 25x on 2\n    C2: NOOP\n");
  EXPECT_EQ(when.kind, When::Kind::reply);
  EXPECT_TRUE(when.reply.matches_code(252));
}

TEST(Steps, ACaptureNamesWhatARegexFinds) {
  const auto capture = only<Capture>("  capture number from reply /queued as (\\w+)/\n");
  EXPECT_EQ(capture.name, "number");
  EXPECT_EQ(capture.regex, "queued as (\\w+)");
  EXPECT_EQ(capture.message, "");
}

TEST(Steps, ACaptureMayBeOfAPartOfAMessage) {
  auto capture = only<Capture>("  capture stamp from m header \"Received\" /^by (.+)$/\n");
  EXPECT_EQ(capture.message, "m");
  EXPECT_EQ(capture.part, CheckMessage::What::header_matches);
  EXPECT_EQ(capture.header, "Received");
  EXPECT_EQ(capture.regex, "^by (.+)$");
  capture = only<Capture>("  capture size from m mail /SIZE=(\\d+)/\n");
  EXPECT_EQ(capture.part, CheckMessage::What::mail);
  EXPECT_EQ(capture.header, "");
}

TEST(Steps, TextBehind354IsSentAsItStands) {
  const auto steps = steps_of(
      "  C: DATA\n  S: 354\n  C: Subject: a  malformed\n  C:\n  C: end \n  C: .\n  S: 250\n  C: NOOP  malformed\n");
  ASSERT_EQ(steps.size(), 8U);
  EXPECT_EQ(std::get<Send>(steps[2].body).payload, (Template{octets("Subject: a  malformed")}));
  EXPECT_EQ(std::get<Send>(steps[4].body).payload, (Template{octets("end ")}));
  EXPECT_TRUE(std::get<Send>(steps[7].body).is_malformed);
}

TEST(Steps, StepsMayStandAtTheMargin) {
  const auto loaded = load("scenario a \"t\"\nS: 220\nC: NOOP\nS: 250\nscenario b \"t\"\n  S: 220\n");
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 2U);
  EXPECT_EQ(loaded.scenarios[0].steps.size(), 3U);
}

TEST(Steps, LinesMayEndInCrlf) {
  const auto loaded = load("scenario a \"t\"\r\n  C: NOOP\r\n  S: 250\r\n");
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  EXPECT_EQ(std::get<Send>(loaded.scenarios[0].steps[0].body).payload, (Template{octets("NOOP")}));
}

}  // namespace
}  // namespace smtpspec::scenario
