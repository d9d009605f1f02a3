#include "harness/verdict/certification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

using testing::Contains;
using testing::IsEmpty;

// A record with nothing against it.
RunRecord sound() {
  RunRecord record;
  record.conditions.reply_timeout = std::chrono::seconds(20);
  for (int i = 0; i < 100; ++i) {
    ScenarioResult scenario;
    scenario.id = "s" + std::to_string(i);
    scenario.verdict = Verdict::pass;
    record.scenarios.push_back(scenario);
  }
  for (int i = 0; i < certified_minimum("mx"); ++i) {
    RequirementResult requirement;
    requirement.id = "R" + std::to_string(i);
    requirement.outcome = RequirementOutcome::satisfied;
    record.requirements.push_back(requirement);
  }
  record.summary = summarize(record);
  return record;
}

std::vector<std::string> objections_after(void (*change)(RunRecord&)) {
  RunRecord record = sound();
  change(record);
  return objections(record);
}

TEST(Certification, HasNothingAgainstAWholeRunThatPasses) {
  EXPECT_THAT(objections(sound()), IsEmpty());
  EXPECT_THAT(objections_after([](RunRecord& r) {
                r.scenarios[0].verdict = Verdict::warn;
                r.scenarios[1].verdict = Verdict::not_applicable;
                r.scenarios[2].verdict = Verdict::inconclusive;
                r.summary = summarize(r);
              }),
              IsEmpty());
}

TEST(Certification, ObjectsToWhateverLeavesSomethingOut) {
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.select = "smtp.*"; }),
              Contains("scenarios were selected"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.exclude = "tag:slow"; }),
              Contains("scenarios were selected"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.shard = {1, 2}; }), Contains("it is a part of a run"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.waivers = 1; }), Contains("waivers were given"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.defects = 1; }),
              Contains("the built-in server was told to misbehave"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.was_interrupted = true; }), Contains("the run was interrupted"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.given_up = "why"; }), Contains("the run was given up"));
  EXPECT_THAT(objections_after([](RunRecord& r) {
                r.scenarios[0].verdict = Verdict::skipped;
                r.summary = summarize(r);
              }),
              Contains("1 scenarios were left out by choice"));
}

TEST(Certification, ObjectsToWhatIsNotCertain) {
  EXPECT_THAT(objections_after([](RunRecord& r) {
                r.scenarios[0].is_flaky = true;
                r.summary = summarize(r);
              }),
              Contains("1 scenarios are flaky"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.confirmations = 0; }),
              Contains("fails were not confirmed"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.conditions.reply_timeout = base::Microseconds{0}; }),
              Contains("the record does not tell under which conditions it was made"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.summary.pass = 99; }),
              Contains("the summary is not that of the scenarios"));
}

TEST(Certification, ObjectsToAFailAndToTooLittle) {
  EXPECT_THAT(objections_after([](RunRecord& r) {
                r.scenarios[0].verdict = Verdict::fail;
                r.summary = summarize(r);
              }),
              Contains("1 scenario fails"));
  EXPECT_THAT(objections_after([](RunRecord& r) {
                for (std::size_t i = 0; i < 6; ++i) r.scenarios[i].verdict = Verdict::inconclusive;
                r.summary = summarize(r);
              }),
              Contains("only 94 % of 100 applicable scenarios were conclusive, 95 % are asked for"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.requirements.pop_back(); }),
              Contains("399 requirements were judged, the profile asks for 400"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.requirements.resize(500); }),
              Contains("400 of 500 applicable requirements were judged, 90 % are asked for"));
  EXPECT_THAT(objections_after([](RunRecord& r) { r.target.role = "relay"; }),
              Contains("there is no certificate for the role relay"));
}

}  // namespace
}  // namespace smtpspec::verdict
