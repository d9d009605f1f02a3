#include "harness/runner/rejudge.h"

#include <gtest/gtest.h>

#include "harness/scenario/load.h"

namespace smtpspec::runner {
namespace {

using namespace std::chrono_literals;
using verdict::Cause;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;
using verdict::WireKind;

struct Expectation {
  std::string scenario;
  std::string reply;
};

// With a suite of scenarios that send NOOP, each with the reply that it expects.
Rejudged rejudged(const std::vector<Expectation>& expectations, const RunRecord& record) {
  std::string text;
  for (const auto& [name, reply] : expectations)
    text += "scenario " + name + " \"T\"\n  checks RFC5321-4.1.1.9-01\n  S: 220\n  C: NOOP {token}\n  S: " + reply +
            " [RFC5321-4.1.1.9-01]\n\n";
  const scenario::Loaded loaded = scenario::load_text(text, "t.smtp", "", scenario::NoFiles());
  for (const auto& diagnostic : loaded.diagnostics) ADD_FAILURE() << base::render(diagnostic);
  std::vector<scenario::Instance> instances;
  for (const auto& scenario : loaded.scenarios)
    for (auto& instance : scenario::instances_of(scenario)) instances.push_back(std::move(instance));
  return rejudge(record, instances, scenario::built_in_catalogue(), {});
}

ScenarioResult recorded(std::string id, const std::string& token = "t1") {
  ScenarioResult result;
  result.id = std::move(id);
  result.requirements = {"RFC5321-4.1.1.9-01"};
  result.verdict = Verdict::pass;
  result.token = token;
  result.wire = {{.at = 1us, .kind = WireKind::connect},
                 {.at = 2us, .kind = WireKind::connected},
                 {.at = 3us, .kind = WireKind::server, .octets = "220 hello\r\n"},
                 {.at = 4us, .kind = WireKind::client, .octets = "NOOP t1\r\n", .written = 5us},
                 {.at = 6us, .kind = WireKind::server, .octets = "250 ok\r\n"}};
  return result;
}

RunRecord record_of(std::vector<ScenarioResult> scenarios) {
  RunRecord record;
  record.conditions.reply_timeout = 20s;
  record.scenarios = std::move(scenarios);
  return record;
}

TEST(Rejudge, JudgesByTheSuiteAndNotByTheRecord) {
  const Rejudged made =
      rejudged({{"a.one", "250"}, {"a.two", "5xx"}}, record_of({recorded("a.one"), recorded("a.two")}));
  EXPECT_EQ(made.judged, 2);
  EXPECT_EQ(made.record.scenarios[0].verdict, Verdict::pass);
  EXPECT_EQ(made.record.scenarios[1].verdict, Verdict::fail);
  EXPECT_EQ(made.record.summary.fail, 1);
  ASSERT_EQ(made.record.requirements.size(), 1U);
  EXPECT_EQ(made.record.requirements[0].outcome, verdict::RequirementOutcome::violated);
  EXPECT_EQ(made.record.scenarios[1].wire, recorded("").wire);
}

TEST(Rejudge, TellsWhatEachSideHasAlone) {
  const Rejudged made =
      rejudged({{"a.one", "250"}, {"a.new", "250"}}, record_of({recorded("a.one"), recorded("a.old")}));
  EXPECT_EQ(made.not_recorded, std::vector<std::string>{"a.new"});
  EXPECT_EQ(made.not_in_suite, std::vector<std::string>{"a.old"});
  EXPECT_EQ(made.record.scenarios.size(), 1U);
}

TEST(Rejudge, LeavesWhatItCannotJudgeAsItWasAndSaysWhy) {
  auto flaky = recorded("a.flaky");
  flaky.is_flaky = true;
  flaky.verdict = Verdict::inconclusive;
  flaky.cause = Cause::flaky;
  auto crashed = recorded("a.crashed");
  crashed.wire.clear();
  crashed.verdict = Verdict::fail;
  crashed.reason = "the server died";
  const auto other_token = recorded("a.other", "t2");
  const auto old = recorded("a.old", "");
  const Rejudged made = rejudged({{"a.flaky", "250"}, {"a.crashed", "250"}, {"a.other", "250"}, {"a.old", "250"}},
                                 record_of({flaky, crashed, other_token, old}));
  EXPECT_EQ(made.judged, 0);
  EXPECT_EQ(made.not_rejudged,
            (std::vector<NotRejudged>{
                {"a.flaky", "several tries did not agree, and one of them is recorded"},
                {"a.crashed", "nothing was recorded: the server died"},
                {"a.other", "the scenario sends 'NOOP t2\\r\\n' where 'NOOP t1\\r\\n' was sent"},
                {"a.old", "an earlier version made the record, without what the scenario was filled in with"}}));
  EXPECT_EQ(made.record.scenarios[1].verdict, Verdict::fail);
}

TEST(Rejudge, WhatWasNotPlayedStaysSo) {
  auto skipped = recorded("a.one");
  skipped.verdict = Verdict::skipped;
  const Rejudged made = rejudged({{"a.one", "250"}}, record_of({skipped}));
  EXPECT_EQ(made.record.scenarios[0].verdict, Verdict::skipped);
  EXPECT_TRUE(made.not_rejudged.empty());
}

TEST(Rejudge, AWaiverGoesWithTheVerdictThatItExcused) {
  auto waived = recorded("a.one");
  waived.verdict = Verdict::fail;
  waived.is_waived = true;
  const Rejudged same = rejudged({{"a.one", "5xx"}}, record_of({waived}));
  EXPECT_TRUE(same.record.scenarios[0].is_waived);
  const Rejudged mended = rejudged({{"a.one", "250"}}, record_of({waived}));
  EXPECT_FALSE(mended.record.scenarios[0].is_waived);
  EXPECT_EQ(mended.record.summary.pass, 1);
}

}  // namespace
}  // namespace smtpspec::runner
