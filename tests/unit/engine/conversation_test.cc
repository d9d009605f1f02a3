#include "harness/engine/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/fake_world.h"

namespace smtpspec::engine {
namespace {

using testing::HasSubstr;
using verdict::Cause;
using verdict::Outcome;
using verdict::Verdict;

constexpr std::string_view kGreet =
    "scenario t.one \"A test\"\n"
    "  checks RFC1-1-01\n"
    "  S: 220\n"
    "  C: EHLO {client}\n"
    "  S: 250\n";

std::string greet_and(std::string_view steps) { return std::string(kGreet) + std::string(steps); }

FakeServer server_answering(std::string line, std::string reply) {
  FakeServer server;
  server.answer = [line = std::move(line), reply = std::move(reply)](const std::string& asked) {
    return asked == line ? reply : plain_answer(asked);
  };
  return server;
}

// ---- the verdict follows from the bound line ------------------------------------------------------------------------

TEST(Conversation, PassesWhenTheBoundLineIsMet) {
  const Played played = play(greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  ASSERT_EQ(played.result.checks.size(), 1U);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::passed);
  EXPECT_EQ(played.result.checks[0].got, "250 2.0.0 ok");
}

TEST(Conversation, FailsWhenABoundMustIsMissed) {
  const Played played = play(greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server_answering("NOOP", "502 no\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::fail);
  EXPECT_EQ(played.result.reason, "expected 250, got 502 no");
  EXPECT_EQ(played.result.reason_line, 7);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::violated);
}

TEST(Conversation, WarnsWhenABoundShouldIsMissed) {
  const Played played =
      play("scenario t.one \"A test\"\n  checks RFC1-2-01\n  S: 220\n  C: NOOP\n  S: 250 [RFC1-2-01]\n",
           server_answering("NOOP", "502 no\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::warn);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::warned);
}

TEST(Conversation, ObservesAMayAndDoesNotJudgeIt) {
  const Played played =
      play("scenario t.one \"A test\"\n  checks RFC1-3-01\n  S: 220\n  C: NOOP\n  S: 250 [RFC1-3-01]\n",
           server_answering("NOOP", "502 no\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::observed);
}

TEST(Conversation, IsInconclusiveWhenAnUnboundLineIsMissed) {
  const Played played = play(greet_and("  C: MAIL FROM:<{sender}>\n  S: 250\n  C: NOOP\n  S: 250 [RFC1-1-01]\n"),
                             server_answering("MAIL FROM:<sender@example.org>", "550 5.7.1 no\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive);
  EXPECT_EQ(played.result.cause, Cause::policy);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::not_reached);
}

// A server that advertises these limits, and refuses every second MAIL and every second RCPT of a conversation.
FakeServer server_with_limits(const std::string& limits, const std::string& refusal) {
  FakeServer server;
  server.answer = [=, mails = 0, recipients = 0](const std::string& asked) mutable -> std::string {
    if (asked.starts_with("EHLO")) return "250-mail.example.org\r\n250 LIMITS " + limits + "\r\n";
    if (asked.starts_with("MAIL") && ++mails % 2 == 0) return refusal;
    if (asked.starts_with("RCPT") && ++recipients % 2 == 0) return refusal;
    return plain_answer(asked);
  };
  return server;
}

constexpr std::string_view kSecondMail =
    "  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RSET\n  S: 250\n  C: MAIL FROM:<{sender}>\n  S: 250 [RFC1-1-01]\n";
constexpr std::string_view kSecondRcpt =
    "  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n"
    "  C: RCPT TO:<{recipient}>\n  S: 250 [RFC1-1-01]\n";

TEST(Conversation, TellsALimitThatTheServerHasAnnouncedAsThatLimit) {
  for (const std::string refusal : {"452 4.3.1 no room\r\n", "503 5.5.1 one a session\r\n"}) {
    const Played mail = play(greet_and(kSecondMail), server_with_limits("rcptmax=5 MailMax=1", refusal));
    EXPECT_EQ(mail.result.verdict, Verdict::inconclusive) << refusal;
    EXPECT_EQ(mail.result.cause, Cause::announced_limit) << refusal;
    EXPECT_THAT(mail.result.reason, HasSubstr("MAIL beyond the MAILMAX that LIMITS announces was answered by"));
    const Played rcpt = play(greet_and(kSecondRcpt), server_with_limits("RCPTMAX=1", refusal));
    EXPECT_EQ(rcpt.result.cause, Cause::announced_limit) << refusal;
  }
}

TEST(Conversation, TakesNoRefusalWithinTheLimitForTheLimit) {
  for (const std::string limits : {"MAILMAX=2", "RCPTMAX=1", "MAILMAX=1x", "MAILMAX=0", "MAILMAX"}) {
    const Played played = play(greet_and(kSecondMail), server_with_limits(limits, "503 5.5.1 no\r\n"));
    EXPECT_EQ(played.result.verdict, Verdict::fail) << limits;
  }
}

TEST(Conversation, CountsTheRecipientsOfEachTransactionByThemselves) {
  const std::string steps =
      "  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n  C: RSET\n  S: 250\n"
      "  C: MAIL FROM:<{sender}>\n  S: any\n  C: RCPT TO:<{recipient}>\n  S: 250 [RFC1-1-01]\n";
  const Played played = play(greet_and(steps), server_with_limits("RCPTMAX=1", "550 5.1.1 no\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::fail) << played.result.reason;
}

TEST(Conversation, TellsARecipientThatIsNotKnownFromOneThatPolicyRefuses) {
  const auto cause_of = [](const std::string& line, const std::string& reply) {
    return play(greet_and("  C: RCPT TO:<{recipient}>\n  S: " + line + "\n  C: NOOP\n  S: 250 [RFC1-1-01]\n"),
                server_answering("RCPT TO:<alice@example.org>", reply))
        .result.cause;
  };
  EXPECT_EQ(cause_of("250", "550 5.1.1 <alice@example.org>: User unknown\r\n"), Cause::recipient_refused);
  EXPECT_EQ(cause_of("250", "553 no such mailbox\r\n"), Cause::recipient_refused);
  EXPECT_EQ(cause_of("250", "550 5.7.1 not from you\r\n"), Cause::policy);
  EXPECT_EQ(cause_of("250", "554 no\r\n"), Cause::policy);
  EXPECT_EQ(cause_of("5xx", "250 welcome, whoever you are\r\n"), Cause::catch_all);
}

TEST(Conversation, TakesATemporaryRefusalForPolicyEvenWhereItIsBound) {
  const Played played =
      play(greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server_answering("NOOP", "421 4.7.0 slow down\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive);
  EXPECT_EQ(played.result.cause, Cause::rate_limit);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::inconclusive);
}

TEST(Conversation, TakesATemporaryRefusalAsAnAnswerWhereTheLineSaysSo) {
  const Played played = play(greet_and("  C: RCPT TO:<{recipient}>\n  S: 250 answer 452 [RFC1-1-01]\n"),
                             server_answering("RCPT TO:<alice@example.org>", "452 4.5.3 too many\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::fail);
}

TEST(Conversation, TakesRepliesNamedByUnlessForPolicy) {
  const Played played = play(greet_and("  C: RCPT TO:<{recipient}>\n  S: 250 unless 55x [RFC1-1-01]\n"),
                             server_answering("RCPT TO:<alice@example.org>", "554 5.7.1 Relay access denied\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive);
  EXPECT_EQ(played.result.cause, Cause::relay_denied);
}

TEST(Conversation, JudgesASecondPatternOfItsOwnAndGoesOn) {
  const std::string text =
      "scenario t.one \"A test\"\n  checks RFC1-1-01 RFC1-2-01 RFC1-1-02\n  S: 220\n  C: FOO\n"
      "  S: 5xx [RFC1-1-01]  500 [RFC1-2-01]\n  C: NOOP\n  S: 250 [RFC1-1-02]\n";
  const Played played = play(text, server_answering("FOO", "502 what?\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::warn);
  ASSERT_EQ(played.result.checks.size(), 3U);
  EXPECT_EQ(played.result.checks[0].outcome, Outcome::passed);
  EXPECT_EQ(played.result.checks[1].outcome, Outcome::warned);
  EXPECT_EQ(played.result.checks[2].outcome, Outcome::passed);
}

TEST(Conversation, TakesAPolicyThatTheFirstPatternCoversForPolicyInTheSecondToo) {
  const std::string text =
      "scenario t.one \"A test\"\n  checks RFC1-1-01 RFC1-2-01\n  S: 220\n  C: FOO\n"
      "  S: 5xx [RFC1-1-01]  500 [RFC1-2-01]\n";
  const Played played = play(text, server_answering("FOO", "530 5.7.0 Authentication required\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive);
  EXPECT_EQ(played.result.cause, Cause::auth_required);
}

TEST(Conversation, OnlyWarnsWhenAMalformedLineIsTakenAgainstTheGrammar) {
  const std::string text =
      "scenario t.one \"A test\"\n  checks RFC1-4-01\n  S: 220\n  C: MAIL FROM:<a@b  malformed\n  S: 5xx [RFC1-4-01]\n";
  FakeServer server;
  EXPECT_EQ(play(text, server).result.verdict, Verdict::warn);
}

TEST(Conversation, IsNeverAPassWhenNothingBoundWasReached) {
  const Played played = play(greet_and("  when advertised CHUNKING\n    C: NOOP\n    S: 250 [RFC1-1-01]\n"));
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive);
  EXPECT_EQ(played.result.reason, "no bound expectation was reached");
}

TEST(Conversation, DoesWhatIsDemandedWhereTheProfileSaysSo) {
  const std::string text =
      greet_and("  when demanded AUTH\n    C: HELP\n    S: 214\n  C: NOOP\n  S: 250 [RFC1-1-01]\n");
  FakeServer server = server_answering("HELP", "214 none\r\n");
  EXPECT_EQ(play(text, server).sent.find("HELP"), std::string::npos);
  server.demands_auth = true;
  const Played played = play(text, server);
  EXPECT_THAT(played.sent, HasSubstr("HELP\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass);
}

TEST(Conversation, FailsWhenTheBoundReplyNeverComes) {
  const Played played = play(greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server_answering("NOOP", ""));
  EXPECT_EQ(played.result.verdict, Verdict::fail);
  EXPECT_THAT(played.result.reason, HasSubstr("no reply within 20 s"));
}

TEST(Conversation, WhenReplyBlocksThatStandTogetherAskAboutTheSameReply) {
  const std::string script = greet_and(
      "  C: VRFY x\n  S: any\n"
      "  when reply 252\n    C: RCPT TO:<a@b>\n    S: 503\n"
      "  when reply 503\n    C: HELP\n    S: 214\n"
      "  C: NOOP\n  S: any\n"
      "  when reply 503\n    C: EXPN x\n    S: 250\n"
      "  C: RSET\n  S: 250 [RFC1-1-01]\n");
  FakeServer server;
  server.answer = [](const std::string& asked) -> std::string {
    if (asked == "VRFY x") return "252 maybe\r\n";
    return asked == "NOOP" || asked.starts_with("RCPT") ? "503 no\r\n" : plain_answer(asked);
  };
  const Played played = play(script, server);
  EXPECT_THAT(played.sent, HasSubstr("RCPT"));
  EXPECT_EQ(played.sent.find("HELP"), std::string::npos);
  EXPECT_THAT(played.sent, HasSubstr("EXPN"));
}

TEST(Conversation, ManyLongRepliesAreAServersRightAndOneWithoutEndIsNot) {
  const std::string text = std::string(500, 'x') + "\r\n";
  const std::string script = greet_and("  repeat 400\n    C: NOOP\n    S: 250\n  C: RSET\n  S: 250 [RFC1-1-01]\n");
  const Played many = play(script, server_answering("NOOP", "250-" + text + "250-" + text + "250 " + text));
  EXPECT_EQ(many.result.verdict, Verdict::pass) << many.result.reason;
  std::string endless;
  while (endless.size() < 300'000) endless += "250-" + text;
  const Played one = play(script, server_answering("NOOP", endless));
  EXPECT_EQ(one.result.verdict, Verdict::fail);
  EXPECT_THAT(one.result.reason, HasSubstr("without end"));
}

// ---- what is said, and when -----------------------------------------------------------------------------------------

TEST(Conversation, SendsAdjacentLinesInOneWriteWherePipeliningIsAdvertised) {
  const Played played =
      play(greet_and("  C: MAIL FROM:<{sender}>\n  C: RCPT TO:<{recipient}>\n  S: 250\n  S: 250 [RFC1-1-01]\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  int writes = 0;
  for (const auto& entry : played.result.wire) writes += entry.kind == verdict::WireKind::client;
  EXPECT_EQ(writes, 2);  // EHLO, then both
}

TEST(Conversation, SendsAdjacentLinesOneByOneWherePipeliningIsNotAdvertised) {
  const Played played =
      play(greet_and("  C: MAIL FROM:<{sender}>\n  C: RCPT TO:<{recipient}>\n  S: 250\n  S: 250 [RFC1-1-01]\n"),
           server_answering("EHLO client.example.org", "250 mail.example.org\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  int writes = 0;
  for (const auto& entry : played.result.wire) writes += entry.kind == verdict::WireKind::client;
  EXPECT_EQ(writes, 3);
}

TEST(Conversation, StuffsAndEndsAMessageBlock) {
  const Played played =
      play(greet_and("  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n  C: DATA\n  S: 354\n"
                     "  C.\n    Subject: {token}\n\n    .one\n    ..two\n  S: 250 [RFC1-1-01]\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_THAT(played.sent, HasSubstr("Subject: token1\r\n\r\n..one\r\n...two\r\n.\r\n"));
}

TEST(Conversation, ReadsTheGreetingBeforeItTalks) {
  const Played played = play("scenario t.one \"A test\"\n  checks RFC1-1-01\n  C: NOOP\n  S: 250 [RFC1-1-01]\n");
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
}

TEST(Conversation, UnrollsARepeatWithItsCounter) {
  const Played played = play(greet_and("  repeat 3 as i\n    C: NOOP {i}\n    S: 250 [RFC1-1-01]\n"), [] {
    FakeServer server;
    server.answer = [](const std::string& line) {
      return line.starts_with("NOOP ") ? std::string("250 ok\r\n") : plain_answer(line);
    };
    return server;
  }());
  EXPECT_EQ(played.result.verdict, Verdict::pass);
  EXPECT_THAT(played.sent, HasSubstr("NOOP 1\r\nNOOP 2\r\nNOOP 3\r\n"));
  EXPECT_EQ(played.result.checks.size(), 1U);
}

// ---- the role
// ---------------------------------------------------------------------------------------------------------

TEST(Conversation, GreetsAndFencesByWhatTheRoleIsGreetedBy) {
  const std::string text =
      "scenario a.b \"Title\"\n  checks RFC1-1-01\n  connect\n  S: 220\n  C: {ehlo} {client}\n  S: 250\n"
      "  check advertises PIPELINING [RFC1-1-01]\n  fence [RFC1-1-01]\n";
  const Played smtp = play(text);
  EXPECT_EQ(smtp.result.verdict, Verdict::pass);
  EXPECT_EQ(smtp.sent, "EHLO client.example.org\r\nEHLO client.example.org\r\n");
  FakeServer server;
  server.hello = "LHLO";
  server.answer = [](const std::string& line) {
    return line.starts_with("LHLO ") ? "250-mail.example.org\r\n250 PIPELINING\r\n" : "500 5.5.1 what?\r\n";
  };
  const Played lmtp = play(text, server);
  EXPECT_EQ(lmtp.result.verdict, Verdict::pass);
  EXPECT_EQ(lmtp.sent, "LHLO client.example.org\r\nLHLO client.example.org\r\n");
}

// ---- fences ---------------------------------------------------------------------------------------------------------

TEST(Conversation, ProvesSilenceByAFence) {
  const Played played = play(greet_and("  C: NOOP\n  S: 250\n  fence [RFC1-1-01]\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
}

TEST(Conversation, FindsOneReplyTooManyByAFence) {
  const Played played = play(greet_and("  C: NOOP\n  S: 250\n  fence quit [RFC1-1-01]\n"),
                             server_answering("NOOP", "250 ok\r\n250 again\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::fail);
  EXPECT_THAT(played.result.reason, HasSubstr("250 again"));
}

TEST(Conversation, TakesACloseThatIsAnnouncedForNoReplyTooMany) {
  const Played played = play(greet_and("  C: NOOP\n  S: 250\n  fence [RFC1-1-01]\n"),
                             server_answering("NOOP", "250 ok\r\n421 4.7.0 too many errors\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::inconclusive) << played.result.reason;
}

TEST(Conversation, DoesNotTakeAWrongReplyToQuitForOneTooMany) {
  const Played played =
      play(greet_and("  C: NOOP\n  S: 250\n  fence quit [RFC1-1-01]\n"), server_answering("QUIT", "250 bye\r\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
}

TEST(Conversation, PassesWhenARefusableBlockIsRefused) {
  FakeServer server;
  server.end_of_data = "552 too much\r\n";
  const Played played =
      play(greet_and("  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n  C: DATA\n  S: 354\n"
                     "  refusable 421|552|closed [RFC1-1-01]\n    C| \"text\\r\\n.\\r\\n\"\n    S: 250 [RFC1-1-01]\n"
                     "    fence [RFC1-1-01]\n"),
           server);
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
}

TEST(Conversation, SeesTheEndOfATextWhoseLastLineIsLong) {
  const Played played =
      play(greet_and("  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n  C: DATA\n  S: 354\n"
                     "  C| \"x\"*5000 \"\\r\\n.\\r\\n\"\n  S: 250\n  fence [RFC1-1-01]\n"));
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
}

// ---- transcripts ----------------------------------------------------------------------------------------------------

TEST(Conversation, JudgesEveryLineOfATranscript) {
  const std::string transcript =
      "S: 220 mail ready\nC: EHLO me.example.org\nS: 250-mail\nS: 250-SIZE 1000\nS: 250 PIPELINING\n"
      "C: MAIL FROM:<{sender}>\nC: RCPT TO:<{recipient}>\nS: 250 sender ok\nS: 250 recipient ok\n"
      "C: DATA\nS: 354 end with dot\nC: Subject: x\nC:\nC: hello\nC: .\nS: 250 received\nC: QUIT\nS: 221 bye\n";
  const Played played = play(transcript);
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_EQ(played.result.checks.size(), 7U);
  EXPECT_THAT(played.sent, HasSubstr("Subject: x\r\n\r\nhello\r\n.\r\n"));
  const Played without = play(transcript, server_answering("EHLO me.example.org", "250-mail\r\n250 PIPELINING\r\n"));
  EXPECT_EQ(without.result.verdict, Verdict::fail);
  EXPECT_THAT(without.result.reason, HasSubstr("SIZE is not advertised"));
}

// ---- secrets --------------------------------------------------------------------------------------------------------

TEST(Conversation, KeepsThePasswordOutOfItsEvidence) {
  FakeServer server;
  server.answer = [](const std::string& line) {
    if (line.starts_with("AUTH PLAIN ")) return "235 hello " + line.substr(11) + " secret\r\n";
    return plain_answer(line);
  };
  const Played played = play(greet_and("  auth PLAIN as user\n  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server);
  EXPECT_EQ(played.result.verdict, Verdict::pass) << played.result.reason;
  EXPECT_THAT(played.sent, HasSubstr("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n"));
  for (const auto& entry : played.result.wire) {
    EXPECT_THAT(entry.octets, testing::Not(HasSubstr("AGFsaWNlAHNlY3JldA")));
    EXPECT_THAT(entry.octets, testing::Not(HasSubstr("secret")));
  }
}

TEST(Conversation, KeepsAnEchoedPasswordOutOfChecksAndReason) {
  FakeServer server;
  server.answer = [](const std::string& line) {
    if (line == "NOOP") return std::string("550 \x07 secret AGFsaWNlAHNlY3JldA== AABzZWNyZXQA\r\n");
    return plain_answer(line);
  };
  const Played played = play(greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server);
  EXPECT_EQ(played.result.verdict, Verdict::fail);
  ASSERT_FALSE(played.reply_form.findings.empty());
  std::string told = played.result.reason;
  for (const auto& check : played.result.checks) told += check.got;
  for (const auto& finding : played.reply_form.findings) told += finding.example;
  for (const std::string form : {"secret", "c2VjcmV0", "NlY3JldA", "zZWNyZX"})
    EXPECT_THAT(told, testing::Not(HasSubstr(form)));
}

// ---- trouble at every step ------------------------------------------------------------------------------------------

const std::vector<std::string>& troubled_scenarios() {
  static const std::vector<std::string> scenarios = {
      greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"),
      greet_and("  C: MAIL FROM:<{sender}>\n  C: RCPT TO:<{recipient}>\n  S: 250\n  S: 250 [RFC1-1-01]\n  fence\n"),
      greet_and("  C: MAIL FROM:<{sender}>\n  S: 250\n  C: RCPT TO:<{recipient}>\n  S: 250\n  C: DATA\n  S: 354\n"
                "  C.\n    hello\n  S: 250 [RFC1-1-01]\n  fence quit [RFC1-1-01]\n"),
      greet_and("  pipeline\n    C: NOOP\n    C: RSET\n    S: 250\n    S: 250 [RFC1-1-01]\n  S: silent [RFC1-1-01]\n"),
      greet_and(
          "  connect\n  C2: EHLO {client}\n  S2: 250\n  C: NOOP\n  S: 250 [RFC1-1-01]\n  check same advertisement\n"),
      greet_and("  refusable 421|451|552|closed [RFC1-1-01]\n    C: NOOP\n    S: 250 [RFC1-1-01]\n"),
      greet_and("  auth LOGIN as user\n  C: NOOP\n  S: 250 [RFC1-1-01]\n"),
  };
  return scenarios;
}

class TroubledConversation : public testing::TestWithParam<Trouble> {};

TEST_P(TroubledConversation, EndsWithAVerdictWhereverTheTroubleStrikes) {
  for (const auto& text : troubled_scenarios()) {
    const int steps = play(text).actions;
    ASSERT_GT(steps, 4);
    for (int at = 0; at < steps; ++at) {
      const Played played = play(text, {}, GetParam(), at);
      EXPECT_NE(played.result.verdict, Verdict::none) << "trouble at " << at;
      EXPECT_NE(played.result.verdict, Verdict::error) << "trouble at " << at << ": " << played.result.reason;
      EXPECT_FALSE(played.result.wire.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EachTrouble, TroubledConversation,
                         testing::Values(Trouble::time_out, Trouble::reset, Trouble::close, Trouble::garbage));

TEST(Conversation, ComesToTheSameVerdictHoweverTheRepliesAreSplit) {
  for (const auto& text : troubled_scenarios()) {
    const Played whole = play(text);
    const Played split = play(text, {}, Trouble::split);
    EXPECT_EQ(whole.result.verdict, split.result.verdict) << split.result.reason;
    EXPECT_EQ(whole.result.checks, split.result.checks);
  }
}

TEST(Conversation, NeverFailsAServerForTroubleInTheSetUp) {
  const std::string text = greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n");
  int struck = 0;
  for (const Trouble trouble : {Trouble::time_out, Trouble::reset, Trouble::close}) {
    for (int at = 0; at < 4; ++at) {
      const Played played = play(text, {}, trouble, at);
      if (played.result.verdict == Verdict::pass) continue;  // this trouble has no hold on that action
      ++struck;
      EXPECT_EQ(played.result.verdict, Verdict::inconclusive) << at << " " << played.result.reason;
      EXPECT_NE(played.result.cause, Cause::none);
    }
  }
  EXPECT_GE(struck, 8);
}

TEST(Conversation, EndsOnAServerThatNeverStops) {
  FakeServer server;
  server.greeting = std::string(600 * 1024, 'x');
  const Played played = play(greet_and("  C: NOOP\n  S: 250 [RFC1-1-01]\n"), server);
  EXPECT_NE(played.result.verdict, Verdict::pass);
}

}  // namespace
}  // namespace smtpspec::engine
