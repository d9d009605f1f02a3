#include "harness/verdict/waiver.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

constexpr base::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);

RunRecord record_with(Verdict verdict) {
  RunRecord record;
  ScenarioResult result;
  result.id = "smtp.one[case=lower]";
  result.verdict = verdict;
  result.requirements = {"RFC5321-4.1.1.9-01", "RFC5321-4.2-01"};
  CheckResult missed;
  missed.requirement = "RFC5321-4.1.1.9-01";
  missed.outcome = verdict == Verdict::fail ? Outcome::violated : Outcome::passed;
  result.checks.push_back(missed);
  record.scenarios.push_back(result);
  record.summary = summarize(record);
  return record;
}

Waiver waiver_for(std::string scenario, std::string requirement = {}) {
  Waiver waiver;
  waiver.scenario = std::move(scenario);
  waiver.requirement = std::move(requirement);
  waiver.reason = "known";
  return waiver;
}

TEST(Waiver, TakesItsScenarioOutOfTheGateAndKeepsItInTheReport) {
  RunRecord record = record_with(Verdict::fail);
  EXPECT_TRUE(apply_waivers(record, {waiver_for("smtp.one[case=lower]")}, kNow, true).empty());
  EXPECT_TRUE(record.scenarios[0].is_waived);
  EXPECT_EQ(record.scenarios[0].verdict, Verdict::fail);
  EXPECT_EQ(record.summary.fail, 0);
  EXPECT_EQ(record.summary.waived, 1);
}

TEST(Waiver, NamedWithoutAnInstanceCoversAllOfThem) {
  RunRecord record = record_with(Verdict::fail);
  EXPECT_TRUE(apply_waivers(record, {waiver_for("smtp.one")}, kNow, true).empty());
  EXPECT_TRUE(record.scenarios[0].is_waived);
}

TEST(Waiver, IsStaleWhenWhatItExcusesPasses) {
  RunRecord record = record_with(Verdict::pass);
  EXPECT_EQ(apply_waivers(record, {waiver_for("smtp.one")}, kNow, true).size(), 1U);
}

TEST(Waiver, OfWhatIsIntermittentIsStaleOnlyWhereTheSuiteHasNoSuchScenario) {
  Waiver waiver = waiver_for("smtp.one");
  waiver.is_intermittent = true;
  RunRecord passing = record_with(Verdict::pass);
  EXPECT_TRUE(apply_waivers(passing, {waiver}, kNow, true).empty());
  RunRecord failing = record_with(Verdict::fail);
  EXPECT_TRUE(apply_waivers(failing, {waiver}, kNow, true).empty());
  EXPECT_TRUE(failing.scenarios[0].is_waived);
  waiver.scenario = "smtp.gone";
  EXPECT_EQ(apply_waivers(passing, {waiver}, kNow, true).size(), 1U);
}

TEST(Waiver, IsNotStaleWhereItsScenarioFailedOnceAndNotAgain) {
  RunRecord record = record_with(Verdict::inconclusive);
  record.scenarios[0].is_flaky = true;
  EXPECT_TRUE(apply_waivers(record, {waiver_for("smtp.one")}, kNow, true).empty());
  EXPECT_FALSE(record.scenarios[0].is_waived);
}

TEST(Waiver, IsStaleWhereItsScenarioWasInconclusiveButNotWhereTheRunDidNotComeToIt) {
  RunRecord record = record_with(Verdict::inconclusive);
  EXPECT_EQ(apply_waivers(record, {waiver_for("smtp.one")}, kNow, true).size(), 1U);
  record.given_up = "the server answers nothing any more";
  EXPECT_TRUE(apply_waivers(record, {waiver_for("smtp.one")}, kNow, true).empty());
  record.given_up.clear();
  record.target.reachability = Reachability::unreachable;
  EXPECT_TRUE(apply_waivers(record, {waiver_for("smtp.one")}, kNow, true).empty());
}

TEST(Waiver, IsStaleInAWholeRunThatDoesNotKnowItsScenario) {
  RunRecord record = record_with(Verdict::pass);
  EXPECT_EQ(apply_waivers(record, {waiver_for("smtp.gone")}, kNow, true).size(), 1U);
  EXPECT_TRUE(apply_waivers(record, {waiver_for("smtp.gone")}, kNow, false).empty());
}

TEST(Waiver, DoesNotExcuseAWorseVerdictThanItNames) {
  RunRecord record = record_with(Verdict::fail);
  Waiver waiver = waiver_for("smtp.one");
  waiver.verdict = Verdict::warn;
  EXPECT_EQ(apply_waivers(record, {waiver}, kNow, true).size(), 1U);
  EXPECT_FALSE(record.scenarios[0].is_waived);
}

TEST(Waiver, OfARequirementCoversOnlyMissesOfIt) {
  RunRecord record = record_with(Verdict::fail);
  apply_waivers(record, {waiver_for("", "RFC5321-4.2-01")}, kNow, true);
  EXPECT_FALSE(record.scenarios[0].is_waived);
  apply_waivers(record, {waiver_for("", "RFC5321-4.1.1.9-01")}, kNow, true);
  EXPECT_TRUE(record.scenarios[0].is_waived);
}

TEST(Waiver, IsNotAppliedOnceItHasExpired) {
  RunRecord record = record_with(Verdict::fail);
  Waiver waiver = waiver_for("smtp.one");
  const auto today = std::chrono::floor<std::chrono::days>(kNow);
  using namespace std::chrono;
  for (const sys_days expired : {today, today - days(1), sys_days(year(1013) / January / 31)}) {
    waiver.expires = expired;
    EXPECT_EQ(apply_waivers(record, {waiver}, kNow, true).size(), 1U);
    EXPECT_FALSE(record.scenarios[0].is_waived);
  }
  for (const sys_days valid : {sys_days(year(9999) / December / 31), today + days(1)}) {
    waiver.expires = valid;
    EXPECT_TRUE(apply_waivers(record, {waiver}, kNow, true).empty());
    EXPECT_TRUE(record.scenarios[0].is_waived);
  }
}

TEST(Waiver, CoversAFindingOnTheFormOfReplies) {
  RunRecord record = record_with(Verdict::pass);
  record.wire_findings.push_back({});
  record.wire_findings[0].id = "wire.line-end";
  record.wire_findings[0].outcome = Outcome::violated;
  EXPECT_TRUE(apply_waivers(record, {waiver_for("wire.line-end")}, kNow, true).empty());
  EXPECT_TRUE(record.wire_findings[0].is_waived);
}

}  // namespace
}  // namespace smtpspec::verdict
