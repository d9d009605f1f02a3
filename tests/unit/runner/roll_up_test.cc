#include "harness/runner/roll_up.h"

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

TEST(RunLevelRules, AreWhatEveryRunFindsAndStandInTheCatalogue) {
  const auto& catalogue = scenario::built_in_catalogue();
  engine::ReplyForm form;
  form.replies = 1;
  ReplyFormTally tally;
  tally.add(form, "x");
  const auto findings = tally.findings(catalogue);
  const auto rules = run_level_rules();
  ASSERT_FALSE(rules.empty());
  ASSERT_EQ(findings.size(), rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(findings[i].id, rules[i].finding);
    const auto* primary = catalogue.primary(rules[i].requirement);
    ASSERT_NE(primary, nullptr) << rules[i].requirement;
    EXPECT_EQ(findings[i].requirement, primary->id);
    EXPECT_TRUE(scenario::counts_for_coverage(*primary)) << primary->id;
  }
}

}  // namespace
}  // namespace smtpspec::runner
