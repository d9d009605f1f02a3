#include "harness/verdict/coverage.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

RequirementCoverage entry(std::string id, std::string document, std::string section, std::string observable,
                          CoverageState state) {
  RequirementCoverage made;
  made.id = std::move(id);
  made.document = std::move(document);
  made.section = std::move(section);
  made.observable = std::move(observable);
  made.state = state;
  return made;
}

Coverage example() {
  Coverage coverage;
  coverage.requirements = {
      entry("B-1", "RFC 5321", "2", "bounce", CoverageState::covered),
      entry("B-2", "RFC 5321", "2", "wire", CoverageState::observed),
      entry("B-3", "RFC 5321", "10", "wire", CoverageState::open),
      entry("A-1", "RFC 1870", "3", "wire", CoverageState::untested),
  };
  return coverage;
}

TEST(CoverageCount, CountsEveryRequirementOnce) {
  const auto counted = count(example());
  EXPECT_EQ(counted, (CoverageCount{1, 1, 1, 1}));
  EXPECT_EQ(counted.all(), 4);
  EXPECT_EQ(counted.covered_percent(), 50.0);
  EXPECT_EQ(counted.accounted_percent(), 75.0);
}

TEST(CoverageCount, IsAHundredPercentOnlyWhenNothingIsLeft) {
  EXPECT_EQ((CoverageCount{2000, 0, 0, 1}).covered_percent(), 99.9);
  EXPECT_EQ((CoverageCount{2, 0, 1, 0}).covered_percent(), 66.6);
  EXPECT_EQ((CoverageCount{1999, 0, 1, 0}).accounted_percent(), 100.0);
  EXPECT_EQ(CoverageCount{}.covered_percent(), 100.0);
}

TEST(CoverageGroups, KeepTheOrderOfTheListButPutTheLargestClassFirst) {
  EXPECT_EQ(by_document(example()),
            (std::vector<CoverageGroup>{{"RFC 5321", {1, 1, 0, 1}}, {"RFC 1870", {0, 0, 1, 0}}}));
  EXPECT_EQ(by_section(example(), "RFC 5321"), (std::vector<CoverageGroup>{{"2", {1, 1, 0, 0}}, {"10", {0, 0, 0, 1}}}));
  EXPECT_EQ(by_observable(example()), (std::vector<CoverageGroup>{{"wire", {0, 1, 1, 1}}, {"bounce", {1, 0, 0, 0}}}));
}

TEST(CoverageOutcomes, AreTheGraverOfScenariosAndFinding) {
  RunRecord record;
  record.requirements.resize(2);
  record.requirements[0].id = "B-1";
  record.requirements[0].outcome = RequirementOutcome::satisfied;
  record.requirements[1].id = "B-2";
  record.requirements[1].outcome = RequirementOutcome::not_applicable;
  record.wire_findings.resize(2);
  record.wire_findings[0].requirement = "B-1";
  record.wire_findings[0].outcome = Outcome::warned;
  record.wire_findings[1].requirement = "B-2";
  record.wire_findings[1].outcome = Outcome::passed;
  auto coverage = example();
  add_outcomes(coverage, record);
  EXPECT_TRUE(coverage.has_outcomes);
  EXPECT_EQ(coverage.requirements[0].outcome, RequirementOutcome::violated);
  EXPECT_EQ(coverage.requirements[1].outcome, RequirementOutcome::satisfied);
  EXPECT_EQ(coverage.requirements[2].outcome, std::nullopt);
  EXPECT_EQ(outcomes(coverage),
            (std::map<RequirementOutcome, int>{{RequirementOutcome::violated, 1}, {RequirementOutcome::satisfied, 1}}));
}

}  // namespace
}  // namespace smtpspec::verdict
