#include "harness/verdict/merge.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

using std::chrono::seconds;

RunRecord shard(int index, int total, std::vector<std::string> ids) {
  RunRecord record;
  record.suite_digest = "aa";
  record.conditions.shard = {index, total};
  record.started = base::WallTime(seconds(1000 + index));
  record.duration = seconds(10);
  for (auto& id : ids) {
    ScenarioResult result;
    result.id = std::move(id);
    result.verdict = Verdict::pass;
    record.scenarios.push_back(std::move(result));
  }
  record.summary = summarize(record);
  return record;
}

std::string refusal(std::vector<RunRecord> shards) {
  const auto merged = merge(std::move(shards));
  return merged ? "" : merged.error();
}

TEST(Merge, PutsScenariosBackInTheirOrderWhateverTheOrderOfTheFiles) {
  const auto merged = merge({shard(2, 3, {"b", "e"}), shard(3, 3, {"c"}), shard(1, 3, {"a", "d"})});
  ASSERT_TRUE(merged) << merged.error();
  std::string ids;
  for (const auto& scenario : merged->scenarios) ids += scenario.id;
  EXPECT_EQ(ids, "abcde");
  EXPECT_EQ(merged->summary.pass, 5);
  EXPECT_EQ(merged->conditions.shard, Shard{});
  EXPECT_EQ(merged->started, base::WallTime(seconds(1001)));
  EXPECT_EQ(merged->duration, seconds(12));
}

TEST(Merge, ARequirementIsWhatAllShardsSayOfItTogether) {
  auto first = shard(1, 2, {"a"});
  auto second = shard(2, 2, {"b"});
  first.requirements = {{"R1", Level::must, "", "", "", RequirementOutcome::satisfied, {"a"}}};
  second.requirements = {{"R0", Level::must, "", "", "", RequirementOutcome::untested, {"b"}},
                         {"R1", Level::must, "", "", "", RequirementOutcome::violated, {"b"}}};
  const auto merged = merge({second, first});
  ASSERT_TRUE(merged);
  ASSERT_EQ(merged->requirements.size(), 2U);
  EXPECT_EQ(merged->requirements[0].id, "R0");
  EXPECT_EQ(merged->requirements[1].outcome, RequirementOutcome::violated);
  EXPECT_EQ(merged->requirements[1].scenarios, (std::vector<std::string>{"a", "b"}));
}

TEST(Merge, FindingsOnTheFormOfRepliesAreAddedUp) {
  auto first = shard(1, 2, {"a"});
  auto second = shard(2, 2, {"b"});
  WireFinding finding;
  finding.id = "wire.line-end";
  finding.replies = 10;
  first.wire_findings = {finding};
  finding.findings = 2;
  finding.outcome = Outcome::violated;
  finding.example = "250 ok";
  finding.is_waived = true;
  second.wire_findings = {finding};
  const auto merged = merge({first, second});
  ASSERT_TRUE(merged);
  ASSERT_EQ(merged->wire_findings.size(), 1U);
  EXPECT_EQ(merged->wire_findings[0].replies, 20U);
  EXPECT_EQ(merged->wire_findings[0].findings, 2U);
  EXPECT_EQ(merged->wire_findings[0].outcome, Outcome::violated);
  EXPECT_EQ(merged->wire_findings[0].example, "250 ok");
  EXPECT_FALSE(merged->wire_findings[0].is_waived);
}

TEST(Merge, RefusesWhatIsMissingOrThereTwice) {
  EXPECT_EQ(refusal({}), "there is nothing to merge");
  EXPECT_EQ(refusal({shard(1, 3, {"a"})}), "missing: 2/3, 3/3");
  EXPECT_EQ(refusal({shard(1, 2, {"a"}), shard(1, 2, {"a"})}), "shard 1/2 is there twice");
  EXPECT_EQ(refusal({shard(1, 2, {"a"}), shard(2, 2, {"a"})}), "two shards have the scenario a");
  EXPECT_EQ(refusal({shard(1, 2, {"a"}), shard(2, 2, {"b", "c"})}), "shard 1 lacks scenarios: it has 1 of 3 in all");
  EXPECT_EQ(refusal({shard(3, 2, {"a"})}), "3/2 is no shard");
}

TEST(Merge, RefusesShardsOfDifferentRuns) {
  const auto differs = [](auto change) {
    auto second = shard(2, 2, {"b"});
    change(second);
    return refusal({shard(1, 2, {"a"}), second});
  };
  EXPECT_EQ(differs([](RunRecord& r) { r.suite_digest = "bb"; }), "the suite digests of shards 1 and 2 differ");
  EXPECT_EQ(differs([](RunRecord& r) { r.target.role = "lmtp"; }), "the roles of shards 1 and 2 differ");
  EXPECT_EQ(differs([](RunRecord& r) { r.conditions.select = "x"; }), "the selections of shards 1 and 2 differ");
  EXPECT_EQ(differs([](RunRecord& r) { r.conditions.waivers = 1; }), "the waivers of shards 1 and 2 differ");
  EXPECT_EQ(differs([](RunRecord& r) { r.conditions.policy.fail_on = FailOn::warn; }),
            "the gates of shards 1 and 2 differ");
  EXPECT_EQ(differs([](RunRecord& r) { r.target.ehlo_plain = {"SIZE"}; }),
            "the advertised extensions of shards 1 and 2 differ");
  EXPECT_EQ(differs([](RunRecord& r) { r.conditions.shard.total = 3; }),
            "the numbers of shards of shards 1 and 2 differ");
}

TEST(Merge, TakesWaiversOffForTheCallerToApplyToTheWhole) {
  auto first = shard(1, 1, {"a"});
  first.scenarios[0].verdict = Verdict::fail;
  first.scenarios[0].is_waived = true;
  const auto merged = merge({first});
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->summary.fail, 1);
  EXPECT_EQ(merged->summary.waived, 0);
}

}  // namespace
}  // namespace smtpspec::verdict
