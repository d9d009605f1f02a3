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

TEST(Selection, SaysWhichWordsAKindKnows) {
  EXPECT_EQ(Selection::parse("role:mxx").error(),
            "'role:mxx': known are mx, submission, lmtp; did you mean 'role:mx'?");
  EXPECT_EQ(Selection::parse("level:MSUT").error().substr(0, 12), "'level:MSUT'");
  EXPECT_TRUE(Selection::parse("level:must-not"));
}

TEST(Selection, SaysWhichTermsNoScenarioAnswersTo) {
  std::vector<scenario::Scenario> scenarios{make_scenario(), make_scenario()};
  scenarios[1].name = "smtp.rset.clears";
  scenarios[1].each = {{"case", {{"lower", "rset"}, {"upper", "RSET"}}}};
  const auto idle = [&](std::string_view expression) {
    const auto selection = Selection::parse(expression);
    EXPECT_TRUE(selection) << expression;
    std::string all;
    for (const auto& sentence : selection->idle_terms(scenarios, scenario::built_in_catalogue()))
      all += sentence + "\n";
    return all;
  };
  EXPECT_EQ(idle("smtp.*&!tag:slow, smtp.rset.clears[case=upper]"), "");
  EXPECT_EQ(idle("smtp.rest.*, smtp.quit.*"), "no scenario answers to 'smtp.rest.*'; did you mean 'smtp.rset.*'?\n");
  EXPECT_EQ(idle("smtp.quit.anwsered"),
            "no scenario answers to 'smtp.quit.anwsered'; did you mean 'smtp.quit.answered'?\n");
  EXPECT_EQ(idle("smtp.quit"), "no scenario answers to 'smtp.quit'; did you mean 'smtp.quit.*'?\n");
  EXPECT_EQ(idle("smtp.rset.clears[case=uper]"),
            "no scenario answers to 'smtp.rset.clears[case=uper]'; did you mean 'smtp.rset.clears[case=upper]'?\n");
  EXPECT_EQ(idle("!tag:slwo"), "no scenario answers to 'tag:slwo'; did you mean 'tag:slow'?\n");
  EXPECT_EQ(idle("slow"), "no scenario answers to 'slow'; did you mean 'tag:slow'?\n");
  EXPECT_EQ(idle("extension:SZIE"), "no scenario answers to 'extension:SZIE'; did you mean 'extension:SIZE'?\n");
  EXPECT_EQ(idle("RFC5321-4.1.1.10-1"),
            "no scenario answers to 'RFC5321-4.1.1.10-1'; did you mean 'RFC5321-4.1.1.10-01'?\n");
  EXPECT_EQ(idle("RFC5321-4.5.5-01"),
            "no scenario answers to 'RFC5321-4.5.5-01'; 'smtpspec explain RFC5321-4.5.5-01' says more\n");
  EXPECT_EQ(idle("nothing.like.it"), "no scenario answers to 'nothing.like.it'\n");
}

TEST(Glob, TakesAnyOctetsForAStar) {
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("a*b*c", "aXXbYYc"));
  EXPECT_FALSE(matches_glob("a*b*c", "aXXbYY"));
  EXPECT_TRUE(matches_glob("a[b=c]*", "a[b=c]d"));
}

}  // namespace
}  // namespace smtpspec::runner
