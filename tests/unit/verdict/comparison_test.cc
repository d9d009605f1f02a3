#include "harness/verdict/comparison.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

using Ids = std::vector<std::string>;

ScenarioResult scenario(std::string id, Verdict verdict) {
  ScenarioResult result;
  result.id = std::move(id);
  result.verdict = verdict;
  return result;
}

RunRecord record_of(std::vector<ScenarioResult> scenarios) {
  RunRecord record;
  record.scenarios = std::move(scenarios);
  return record;
}

Ids ids(const std::vector<VerdictChange>& changes) {
  Ids out;
  for (const auto& change : changes) out.push_back(change.id);
  return out;
}

TEST(Comparison, OfARecordWithItselfIsEmpty) {
  const RunRecord record = record_of({scenario("a", Verdict::fail), scenario("b", Verdict::pass)});
  const Comparison comparison = compare(record, record);
  EXPECT_TRUE(comparison.is_same());
  EXPECT_TRUE(comparison.remarks.empty());
}

TEST(Comparison, SortsEveryChangeByWhatItMeans) {
  const Comparison comparison = compare(
      record_of({scenario("p-f", Verdict::pass), scenario("f-p", Verdict::fail), scenario("f-w", Verdict::fail),
                 scenario("p-i", Verdict::pass), scenario("f-i", Verdict::fail), scenario("p-e", Verdict::pass),
                 scenario("i-p", Verdict::inconclusive), scenario("i-f", Verdict::inconclusive),
                 scenario("p-w", Verdict::pass), scenario("p-n", Verdict::pass), scenario("gone", Verdict::pass),
                 scenario("w-p", Verdict::warn)}),
      record_of({scenario("p-f", Verdict::fail), scenario("f-p", Verdict::pass), scenario("f-w", Verdict::warn),
                 scenario("p-i", Verdict::inconclusive), scenario("f-i", Verdict::inconclusive),
                 scenario("p-e", Verdict::error), scenario("i-p", Verdict::pass), scenario("i-f", Verdict::fail),
                 scenario("p-w", Verdict::warn), scenario("p-n", Verdict::not_applicable),
                 scenario("w-p", Verdict::pass), scenario("new-f", Verdict::fail), scenario("new-p", Verdict::pass)}));
  EXPECT_EQ(ids(comparison.newly_failing), (Ids{"p-f", "i-f", "new-f"}));
  EXPECT_EQ(ids(comparison.fixed), (Ids{"f-p", "f-w"}));
  EXPECT_EQ(ids(comparison.newly_inconclusive), (Ids{"p-i", "f-i", "p-e"}));
  EXPECT_EQ(ids(comparison.judged_again), Ids{"i-p"});
  EXPECT_EQ(ids(comparison.newly_warned), Ids{"p-w"});
  EXPECT_EQ(ids(comparison.no_longer_judged), Ids{"p-n"});  // an extension is not offered any more, say
  EXPECT_EQ(ids(comparison.other), (Ids{"w-p", "new-p", "gone"}));
}

TEST(Comparison, AWaivedDeviationIsNoFailureUntilTheWaiverIsGone) {
  RunRecord waived = record_of({scenario("a", Verdict::fail)});
  waived.scenarios[0].is_waived = true;
  const RunRecord plain = record_of({scenario("a", Verdict::fail)});
  EXPECT_EQ(ids(compare(waived, plain).newly_failing), Ids{"a"});
  EXPECT_EQ(ids(compare(plain, waived).other), Ids{"a"});
}

TEST(Comparison, CrashesAndTheFormOfRepliesCount) {
  RunRecord before;
  RunRecord after;
  before.wire_findings.emplace_back().id = "wire.line-end";
  after.wire_findings = before.wire_findings;
  after.wire_findings[0].outcome = Outcome::violated;
  after.crashes.push_back({"signal 11", "smtp.data", true, ""});
  EXPECT_EQ(ids(compare(before, after).newly_failing), (Ids{"wire.line-end", "crash in smtp.data"}));
  EXPECT_EQ(ids(compare(after, before).fixed), (Ids{"wire.line-end", "crash in smtp.data"}));
}

TEST(Comparison, KeywordsAreComparedWhateverTheirOrder) {
  RunRecord before;
  RunRecord after;
  before.target.ehlo_plain = {"SIZE 1000", "PIPELINING", "VRFY"};
  after.target.ehlo_plain = {"PIPELINING", "SIZE 2000", "CHUNKING"};
  after.target.ehlo_tls = {"AUTH PLAIN"};
  const auto changes = compare(before, after).advertisements;
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[0].after, "CHUNKING");
  EXPECT_EQ(changes[1].before + " " + changes[1].after, "SIZE 1000 SIZE 2000");
  EXPECT_EQ(changes[2].before, "VRFY");
  EXPECT_EQ(changes[3].where + changes[3].after, "tlsAUTH PLAIN");
}

TEST(Comparison, RemarksOnWhatMakesRunsHardToCompare) {
  RunRecord before;
  RunRecord after;
  before.suite_digest = "aa";
  after.suite_digest = "bb";
  after.conditions.select = "smtp.*";
  EXPECT_EQ(compare(before, after).remarks, (Ids{"suite: aa before, bb after", "selected: none before, smtp.* after"}));
}

}  // namespace
}  // namespace smtpspec::verdict
