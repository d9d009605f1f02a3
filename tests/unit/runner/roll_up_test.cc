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
    // Reports print the rule even where no scenario is bound to it.
    EXPECT_EQ(findings[i].section, citation(*primary));
    EXPECT_EQ(findings[i].summary, primary->summary);
    EXPECT_TRUE(scenario::counts_for_coverage(*primary)) << primary->id;
  }
}

TEST(RollUp, TellsTheExtensionThatARuleComesWith) {
  verdict::ScenarioResult scenario;
  scenario.id = "x";
  scenario.requirements = {"RFC1870-3-01", "RFC5321-4.1.1.5-01"};
  const auto requirements = roll_up({scenario}, scenario::built_in_catalogue());
  ASSERT_EQ(requirements.size(), 2u);
  EXPECT_EQ(requirements[0].extension, "SIZE");
  EXPECT_EQ(requirements[1].extension, "");
}

TEST(ReplyFormTally, CountsAReplyOnceInHoweverManyWaysItBreaksARule) {
  using wire::ReplyDeviation;
  engine::ReplyForm form;
  form.replies = 3;
  form.findings = {{ReplyDeviation::nul_octet, "250 \\0", 1},
                   {ReplyDeviation::control_octet, "250 \\0", 1},
                   {ReplyDeviation::bare_lf, "250 \\0", 1},
                   {ReplyDeviation::nul_octet, "251 \\0", 3}};
  ReplyFormTally tally;
  tally.add(form, "first");
  for (const auto& finding : tally.findings(scenario::built_in_catalogue())) {
    const std::uint64_t expected = finding.id == "wire.text-octets" ? 2 : finding.id == "wire.line-end" ? 1 : 0;
    EXPECT_EQ(finding.findings, expected) << finding.id;
    EXPECT_EQ(finding.example, expected > 0 ? "250 \\0" : "") << finding.id;
  }
}

}  // namespace
}  // namespace smtpspec::runner
