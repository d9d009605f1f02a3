#include "harness/runner/selection.h"

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

scenario::Scenario make_scenario() {
  scenario::Scenario scenario;
  scenario.name = "smtp.quit.answered";
  scenario.checks = {"RFC5321-4.1.1.10-01"};
  scenario.tags = {"slow"};
  scenario::Need need;
  need.keyword = "SIZE";
  scenario.needs.push_back(need);
  return scenario;
}

bool selects(std::string_view expression) {
  static const scenario::Scenario scenario = make_scenario();
  static const scenario::Instance instance{"smtp.quit.answered[case=lower]", &scenario, {}};
  const auto selection = Selection::parse(expression);
  EXPECT_TRUE(selection) << selection.error();
  return selection && selection->selects(instance, scenario::built_in_catalogue());
}

TEST(Selection, MatchesIdsAndTheirGlobs) {
  EXPECT_TRUE(selects("smtp.quit.answered[case=lower]"));
  EXPECT_TRUE(selects("smtp.quit.answered"));
  EXPECT_TRUE(selects("smtp.*"));
  EXPECT_TRUE(selects("smtp.qu?t.*"));
  EXPECT_FALSE(selects("smtp.quit"));
  EXPECT_FALSE(selects("smtp.quit.answered[case=upper]"));
}

TEST(Selection, MatchesRequirementsSectionsLevelsTagsAndExtensions) {
  EXPECT_TRUE(selects("RFC5321-4.1.1.10*"));
  EXPECT_TRUE(selects("section:4.1.1"));
  EXPECT_TRUE(selects("section:4.1.1.10"));
  EXPECT_FALSE(selects("section:4.1.1.1"));
  EXPECT_TRUE(selects("level:MUST"));
  EXPECT_FALSE(selects("level:MUST-NOT"));
  EXPECT_TRUE(selects("tag:slow"));
  EXPECT_TRUE(selects("extension:size"));
  EXPECT_TRUE(selects("impact:probe"));
}

TEST(Selection, JoinsTermsByEitherAndBoth) {
  EXPECT_TRUE(selects("none.*,tag:slow"));
  EXPECT_FALSE(selects("smtp.*&!tag:slow"));
  EXPECT_TRUE(selects("smtp.*&tag:slow"));
  EXPECT_TRUE(selects("none.* & tag:slow, smtp.*"));
}

TEST(Selection, SaysWhatItCannotRead) {
  const auto misspelt = Selection::parse("secton:4.1");
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error(), "unknown kind of term 'secton:'; did you mean 'section:'?");
  EXPECT_FALSE(Selection::parse(""));
  EXPECT_FALSE(Selection::parse("a,,b"));
  EXPECT_FALSE(Selection::parse("tag:"));
}

TEST(Glob, TakesAnyOctetsForAStar) {
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("a*b*c", "aXXbYYc"));
  EXPECT_FALSE(matches_glob("a*b*c", "aXXbYY"));
  EXPECT_TRUE(matches_glob("a[b=c]*", "a[b=c]d"));
}

}  // namespace
}  // namespace smtpspec::runner
