#include "harness/scenario/coverage.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace smtpspec::scenario {
namespace {

using verdict::CoverageState;
using verdict::Level;

constexpr Requirement entry(std::string_view id, std::string_view document, std::string_view section) {
  return {id, document, section, "", Level::must, "server", "s", "wire", "h", "", ""};
}

Requirement with(Requirement requirement, std::string_view Requirement::*field, std::string_view value) {
  requirement.*field = value;
  return requirement;
}

Scenario bound(std::string name, std::vector<std::string> checks) {
  Scenario scenario;
  scenario.name = std::move(name);
  scenario.checks = std::move(checks);
  return scenario;
}

// Sorted by id, as the catalogue is.
const std::vector<Requirement> kEntries = {
    entry("A-1-01", "RFC 5321", "1"),
    entry("A-1-02", "RFC 5321", "1"),
    with(entry("A-1-03", "RFC 5321", "1"), &Requirement::same_as, "A-1-01"),
};

verdict::Coverage of(const std::vector<Requirement>& entries, const std::vector<Scenario>& scenarios,
                     const std::vector<RunLevelRule>& rules = {}, const std::vector<UntestedEntry>& untested = {}) {
  return coverage(scenarios, rules, untested, Catalogue(entries));
}

std::vector<std::string> ids(const verdict::Coverage& coverage) {
  std::vector<std::string> ids;
  for (const auto& requirement : coverage.requirements) ids.push_back(requirement.id);
  return ids;
}

TEST(Coverage, CountsPrimaryEntriesThatBindAServerAndCanBeSeen) {
  EXPECT_TRUE(counts_for_coverage(kEntries[0]));
  EXPECT_TRUE(counts_for_coverage(with(kEntries[0], &Requirement::role, "server-delivery")));
  EXPECT_FALSE(counts_for_coverage(with(kEntries[0], &Requirement::role, "client")));
  EXPECT_FALSE(counts_for_coverage(with(kEntries[0], &Requirement::observable, "none")));
  EXPECT_FALSE(counts_for_coverage(kEntries[2]));
  EXPECT_EQ(ids(of(kEntries, {})), (std::vector<std::string>{"A-1-01", "A-1-02"}));
}

TEST(Coverage, AScenarioBoundToARepeatedDutyCoversItsPrimary) {
  const auto made = of(kEntries, {bound("x.one", {"A-1-03", "A-1-01"}), bound("x.two", {"A-1-03", "A-9-99"})});
  EXPECT_EQ(made.requirements[0].state, CoverageState::covered);
  EXPECT_EQ(made.requirements[0].scenarios, (std::vector<std::string>{"x.one", "x.two"}));
  EXPECT_EQ(made.requirements[1].state, CoverageState::open);
  EXPECT_TRUE(made.requirements[1].scenarios.empty());
}

TEST(Coverage, AFindingOfEveryRunCoversItsRequirement) {
  const auto made = of(kEntries, {}, {{"wire.x", "A-1-03"}});
  EXPECT_EQ(made.requirements[0].state, CoverageState::covered);
  EXPECT_EQ(made.requirements[0].finding, "wire.x");
}

TEST(Coverage, AMayIsObserved) {
  auto entries = kEntries;
  entries[0].level = Level::may;
  EXPECT_EQ(of(entries, {bound("x", {"A-1-01"})}).requirements[0].state, CoverageState::observed);
  EXPECT_EQ(of(entries, {}).requirements[0].state, CoverageState::open);
}

TEST(Coverage, AReasonExplainsOnlyWhatNothingCovers) {
  const std::vector<UntestedEntry> untested = {{"A-1-01", "r"}, {"A-1-02", "q"}};
  const auto made = of(kEntries, {bound("x", {"A-1-02"})}, {}, untested);
  EXPECT_EQ(made.requirements[0].state, CoverageState::untested);
  EXPECT_EQ(made.requirements[0].reason, "r");
  EXPECT_EQ(made.requirements[1].state, CoverageState::covered);
  EXPECT_EQ(made.requirements[1].reason, "q");
}

TEST(Coverage, IsListedAsAReaderExpects) {
  const std::vector<Requirement> entries = {
      entry("A-1", "common practice", "1"), entry("B-1", "RFC 20000", "1"),      entry("C-1", "RFC 1870", "3"),
      entry("D-1", "RFC 5321", "4.1.1.10"), entry("D-2", "RFC 5321", "4.1.1.9"), entry("D-3", "RFC 5321", "4.1.1"),
      entry("D-4", "RFC 5321", "C"),
  };
  EXPECT_EQ(ids(of(entries, {})), (std::vector<std::string>{"D-3", "D-2", "D-1", "D-4", "C-1", "B-1", "A-1"}));
}

// What binds a relay is not counted, and explained all the same.
TEST(Coverage, OfTheBuiltInCatalogueShowsEachExplanationThatCounts) {
  const auto made = coverage({}, {}, built_in_untested(), built_in_catalogue());
  EXPECT_GT(made.requirements.size(), 700U);
  const auto counts = verdict::count(made);
  const auto explained = std::count_if(
      built_in_untested().begin(), built_in_untested().end(),
      [](const auto& untested) { return counts_for_coverage(*built_in_catalogue().primary(untested.requirement)); });
  EXPECT_GT(explained, 0);
  EXPECT_EQ(counts.untested, explained);
  EXPECT_EQ(counts.covered + counts.observed, 0);
}

}  // namespace
}  // namespace smtpspec::scenario
