#include "harness/verdict/gate.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

ScenarioResult scenario(std::string id, Verdict verdict, Cause cause = Cause::none) {
  ScenarioResult result;
  result.id = std::move(id);
  result.verdict = verdict;
  result.cause = cause;
  return result;
}

RunRecord record_of(std::vector<ScenarioResult> scenarios) {
  RunRecord record;
  record.scenarios = std::move(scenarios);
  record.summary = summarize(record);
  return record;
}

int exit_code(const RunRecord& record, const GatePolicy& policy = {}) { return decide_gate(record, policy).exit_code; }

TEST(Gate, IsMetWhenEverythingPasses) { EXPECT_EQ(exit_code(record_of({scenario("a", Verdict::pass)})), 0); }

TEST(Gate, IsNeverMetWhenNothingRan) {
  EXPECT_EQ(exit_code(record_of({})), 2);
  EXPECT_EQ(exit_code(record_of({scenario("a", Verdict::not_applicable), scenario("b", Verdict::skipped)})), 2);
}

TEST(Gate, PutsAFaultOfTheTesterBeforeAFailOfTheServer) {
  EXPECT_EQ(exit_code(record_of({scenario("a", Verdict::fail), scenario("b", Verdict::error)})), 4);
}

TEST(Gate, PutsAFailBeforeTooLittleJudged) {
  EXPECT_EQ(exit_code(record_of({scenario("a", Verdict::fail), scenario("b", Verdict::inconclusive),
                                 scenario("c", Verdict::inconclusive)})),
            1);
}

TEST(Gate, IsNotMetWhenTooLittleIsConclusive) {
  const RunRecord record =
      record_of({scenario("a", Verdict::pass), scenario("b", Verdict::inconclusive, Cause::greylist)});
  EXPECT_EQ(exit_code(record), 2);
  GatePolicy half;
  half.min_conclusive_percent = 50;
  EXPECT_EQ(exit_code(record, half), 0);
}

TEST(Gate, CountsWarningsOnlyWhenAsked) {
  const RunRecord record = record_of({scenario("a", Verdict::warn)});
  EXPECT_EQ(exit_code(record), 0);
  GatePolicy strict;
  strict.fail_on = FailOn::warn;
  EXPECT_EQ(exit_code(record, strict), 2);
}

TEST(Gate, IsFailedByACrashAndByAStaleWaiver) {
  RunRecord record = record_of({scenario("a", Verdict::pass)});
  GatePolicy policy;
  policy.stale_waivers = 1;
  EXPECT_EQ(exit_code(record, policy), 1);
  record.crashes.push_back({"signal 11", "a", true, ""});
  record.summary = summarize(record);
  EXPECT_EQ(exit_code(record), 1);
}

TEST(Gate, IsFailedByABrokenRuleOnTheFormOfReplies) {
  RunRecord record = record_of({scenario("a", Verdict::pass)});
  record.wire_findings.push_back({});
  record.wire_findings.back().outcome = Outcome::violated;
  EXPECT_EQ(exit_code(record), 1);
  record.wire_findings.back().is_waived = true;
  EXPECT_EQ(exit_code(record), 0);
}

TEST(Gate, TellsAnUnreachableTargetFromOneThatIsNoSmtpServer) {
  RunRecord record = record_of({scenario("a", Verdict::inconclusive, Cause::connect)});
  record.target.reachability = Reachability::unreachable;
  EXPECT_EQ(exit_code(record), 4);
  record.target.reachability = Reachability::silent;
  EXPECT_EQ(exit_code(record), 4);
  record.target.reachability = Reachability::not_smtp;
  EXPECT_EQ(exit_code(record), 1);
}

TEST(Gate, HoldsAProfileToTheMinimumThatItStates) {
  RunRecord record = record_of({scenario("a", Verdict::pass)});
  record.requirements.push_back({});
  record.requirements.back().outcome = RequirementOutcome::satisfied;
  GatePolicy policy;
  policy.minimum_judged = 1;
  EXPECT_EQ(exit_code(record, policy), 0);
  policy.minimum_judged = 2;
  EXPECT_EQ(exit_code(record, policy), 2);
}

TEST(Gate, HoldsAProfileToTheShareThatMayNotApply) {
  const RunRecord record = record_of({scenario("a", Verdict::pass), scenario("b", Verdict::not_applicable),
                                      scenario("c", Verdict::pass), scenario("d", Verdict::skipped)});
  GatePolicy policy;
  policy.maximum_not_applicable_percent = 34;  // of three: what the user left out is not counted
  EXPECT_EQ(exit_code(record, policy), 0);
  policy.maximum_not_applicable_percent = 33;
  EXPECT_EQ(exit_code(record, policy), 2);
  EXPECT_EQ(decide_gate(record, policy).reason,
            "1 scenario is not applicable, which is 33.3 %; the profile allows 33 %");
}

TEST(Gate, IsNotMetByAnInterruptedRun) {
  RunRecord record = record_of({scenario("a", Verdict::pass)});
  record.was_interrupted = true;
  EXPECT_EQ(exit_code(record), 2);
}

TEST(Gate, IsNotMetByARunThatWasGivenUp) {
  RunRecord record = record_of({scenario("a", Verdict::pass)});
  record.given_up = "the server came to an end 8 times";
  EXPECT_EQ(exit_code(record), 2);
  EXPECT_EQ(decide_gate(record, {}).reason, "the run was given up: the server came to an end 8 times");
}

TEST(Judged, CountsRequirementsThatApplyAndThoseThatCameToSomething) {
  RunRecord record;
  for (const auto outcome : {RequirementOutcome::satisfied, RequirementOutcome::violated, RequirementOutcome::observed,
                             RequirementOutcome::untested, RequirementOutcome::not_applicable}) {
    record.requirements.push_back({});
    record.requirements.back().outcome = outcome;
  }
  EXPECT_EQ(count_judged(record), (Judged{3, 4}));
}

}  // namespace
}  // namespace smtpspec::verdict
