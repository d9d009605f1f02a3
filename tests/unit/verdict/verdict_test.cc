#include "harness/verdict/verdict.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

TEST(Verdict, CanOnlyWorsen) {
  EXPECT_EQ(worse(Verdict::pass, Verdict::warn), Verdict::warn);
  EXPECT_EQ(worse(Verdict::fail, Verdict::inconclusive), Verdict::fail);
  EXPECT_EQ(worse(Verdict::error, Verdict::fail), Verdict::error);
  EXPECT_EQ(worse(Verdict::none, Verdict::pass), Verdict::pass);
}

TEST(Verdict, KeepsTheUndecidedOutsideTheLattice) {
  EXPECT_TRUE(is_in_lattice(Verdict::error));
  EXPECT_FALSE(is_in_lattice(Verdict::not_applicable));
  EXPECT_FALSE(is_in_lattice(Verdict::skipped));
}

TEST(Verdict, ReadsBackEveryNameThatItWrites) {
  for (int i = 0; i <= static_cast<int>(Verdict::skipped); ++i)
    EXPECT_EQ(parse_verdict(to_string(static_cast<Verdict>(i))), static_cast<Verdict>(i));
  for (int i = 0; i <= static_cast<int>(Cause::unknown); ++i)
    EXPECT_EQ(parse_cause(to_string(static_cast<Cause>(i))), static_cast<Cause>(i));
  for (int i = 0; i <= static_cast<int>(Level::grammar); ++i)
    EXPECT_EQ(parse_level(to_string(static_cast<Level>(i))), static_cast<Level>(i));
  EXPECT_EQ(parse_verdict("passed"), std::nullopt);
  EXPECT_EQ(parse_cause(""), std::nullopt);
}

TEST(RequirementOutcome, OfTwoScenariosTheGraverCounts) {
  EXPECT_EQ(graver(RequirementOutcome::satisfied, RequirementOutcome::violated), RequirementOutcome::violated);
  EXPECT_EQ(graver(RequirementOutcome::satisfied, RequirementOutcome::untested), RequirementOutcome::satisfied);
  EXPECT_EQ(graver(RequirementOutcome::untested, RequirementOutcome::observed), RequirementOutcome::observed);
  EXPECT_EQ(graver(RequirementOutcome::not_applicable, RequirementOutcome::untested), RequirementOutcome::untested);
}

TEST(Cause, IsRetriedOnlyWhereWaitingMayHelp) {
  EXPECT_TRUE(is_temporary(Cause::greylist));
  EXPECT_TRUE(is_temporary(Cause::rate_limit));
  EXPECT_FALSE(is_temporary(Cause::relay_denied));
  EXPECT_FALSE(is_temporary(Cause::auth_required));
}

}  // namespace
}  // namespace smtpspec::verdict
