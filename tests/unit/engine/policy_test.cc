#include "harness/engine/policy.h"

#include <gtest/gtest.h>

namespace smtpspec::engine {
namespace {

using verdict::Cause;
using verdict::ScenarioResult;
using verdict::Verdict;
using wire::Verb;
using Kind = ReplyContext::Kind;

constexpr ReplyContext kGreeting{Kind::greeting, Verb::unknown, false};

Cause cause_of(std::string_view line, ReplyContext context) {
  wire::ReplyParser parser;
  parser.feed(std::string(line) + "\r\n");
  const auto reply = parser.next();
  EXPECT_TRUE(reply);
  return reply ? classify(*reply, context) : Cause::none;
}
Cause cause_of(std::string_view line, Verb verb) { return cause_of(line, {Kind::command, verb, false}); }

TEST(Classify, ReadsWhatMailEngineersRead) {
  EXPECT_EQ(cause_of("450 4.2.0 Greylisted, see http://example.org/", Verb::rcpt), Cause::greylist);
  EXPECT_EQ(cause_of("451 Try again later", Verb::rcpt), Cause::greylist);
  EXPECT_EQ(cause_of("451 Local error in processing", Verb::data), Cause::policy);
  EXPECT_EQ(cause_of("421 4.7.0 Too many connections", kGreeting), Cause::rate_limit);
  EXPECT_EQ(cause_of("421 mx.example.org", Verb::noop), Cause::rate_limit);
  EXPECT_EQ(cause_of("530 5.7.0 Must issue a STARTTLS command first", Verb::mail), Cause::tls_required);
  EXPECT_EQ(cause_of("530 5.7.0 Authentication required", Verb::mail), Cause::auth_required);
  EXPECT_EQ(cause_of("530 Access denied", Verb::mail), Cause::auth_required);
  EXPECT_EQ(cause_of("550 5.7.1 Relaying denied", Verb::rcpt), Cause::relay_denied);
  EXPECT_EQ(cause_of("550 5.1.1 No such user here", Verb::rcpt), Cause::recipient_refused);
  EXPECT_EQ(cause_of("550 5.7.1 Rejected by local policy", Verb::rcpt), Cause::policy);
  EXPECT_EQ(cause_of("554 5.7.1 Service unavailable; client blocked using a blocklist", kGreeting), Cause::blocked);
  EXPECT_EQ(cause_of("554 No SMTP service here", kGreeting), Cause::blocked);
  EXPECT_EQ(cause_of("452 4.3.1 Insufficient system storage", Verb::mail), Cause::storage_full);
  EXPECT_EQ(cause_of("552 5.2.2 Over quota", {Kind::end_of_data, Verb::unknown, false}), Cause::storage_full);
  EXPECT_EQ(cause_of("554 5.6.0 Message refused", {Kind::end_of_data, Verb::unknown, false}), Cause::policy);
  EXPECT_EQ(cause_of("550 5.1.1 No such user here", Verb::vrfy), Cause::recipient_refused);
  EXPECT_EQ(cause_of("454 4.7.0 TLS not available due to temporary reason", Verb::starttls), Cause::tls_failed);
  EXPECT_EQ(cause_of("500 What?", Verb::noop), Cause::unknown);
}

TEST(Classify, WhatLiesBeyondAnAnnouncedLimitIsThatLimitWhateverTheWordsAre) {
  constexpr ReplyContext kBeyond{Kind::command, Verb::mail, false, ReplyContext::Beyond::mailmax};
  EXPECT_EQ(cause_of("452 4.3.1 Insufficient system storage", kBeyond), Cause::announced_limit);
  EXPECT_EQ(cause_of("421 4.7.0 Too many messages", kBeyond), Cause::announced_limit);
  EXPECT_EQ(cause_of("250 2.1.0 Ok", kBeyond), Cause::unknown);
  EXPECT_EQ(to_string(kBeyond), "MAIL beyond the MAILMAX that LIMITS announces");
}

TEST(Classify, AcceptedRecipientThatWasToBeRefusedIsACatchAll) {
  EXPECT_EQ(cause_of("250 2.1.5 Ok", Verb::rcpt), Cause::catch_all);
}

TEST(Classify, WordsOfAReplyThatGrantsSomethingAreNoComplaint) {
  EXPECT_EQ(cause_of("250-mail.example.org\r\n250 STARTTLS", Verb::ehlo), Cause::unknown);
  EXPECT_EQ(cause_of("250 2.1.5 Ok, relay for example.net", Verb::rcpt), Cause::catch_all);
}

ScenarioResult tried(Verdict verdict, Cause cause = Cause::none) {
  ScenarioResult result;
  result.verdict = verdict;
  result.cause = cause;
  return result;
}

TEST(NextTry, FailIsTriedAgainUntilItIsConfirmed) {
  const RetryPolicy policy{2, 0, base::Microseconds{0}};
  EXPECT_TRUE(decide_next_try({tried(Verdict::fail)}, policy).try_again);
  EXPECT_TRUE(decide_next_try({tried(Verdict::fail), tried(Verdict::fail)}, policy).try_again);
  EXPECT_FALSE(decide_next_try({tried(Verdict::fail), tried(Verdict::fail), tried(Verdict::fail)}, policy).try_again);
  EXPECT_FALSE(decide_next_try({tried(Verdict::pass)}, policy).try_again);
}

TEST(NextTry, TemporaryCauseIsRetriedEverLaterAndNotForEver) {
  const RetryPolicy policy{1, 2, std::chrono::milliseconds(250)};
  std::vector<ScenarioResult> history{tried(Verdict::inconclusive, Cause::greylist)};
  EXPECT_EQ(decide_next_try(history, policy).pause, std::chrono::milliseconds(250));
  history.push_back(tried(Verdict::inconclusive, Cause::greylist));
  EXPECT_EQ(decide_next_try(history, policy).pause, std::chrono::milliseconds(500));
  history.push_back(tried(Verdict::inconclusive, Cause::greylist));
  EXPECT_FALSE(decide_next_try(history, policy).try_again);
  EXPECT_FALSE(decide_next_try({tried(Verdict::inconclusive, Cause::relay_denied)}, policy).try_again);
}

TEST(Combine, FailThatDoesNotRepeatItselfIsFlaky) {
  const auto result = combine({tried(Verdict::fail), tried(Verdict::pass)});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.cause, Cause::flaky);
  EXPECT_TRUE(result.is_flaky);
  EXPECT_EQ(result.attempts, 2);
}

TEST(Combine, ConfirmedFailIsAFail) {
  const auto result = combine({tried(Verdict::fail), tried(Verdict::fail)});
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_FALSE(result.is_flaky);
}

TEST(Combine, WhatLiftedLeavesTheLaterResult) {
  EXPECT_EQ(combine({tried(Verdict::inconclusive, Cause::greylist), tried(Verdict::pass)}).verdict, Verdict::pass);
}

TEST(Agree, DifferingPlaysAreFlaky) {
  EXPECT_EQ(agree({tried(Verdict::pass), tried(Verdict::pass)}).verdict, Verdict::pass);
  const auto result = agree({tried(Verdict::pass), tried(Verdict::warn)});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_TRUE(result.is_flaky);
}

}  // namespace
}  // namespace smtpspec::engine
