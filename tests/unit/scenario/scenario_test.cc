#include "harness/scenario/scenario.h"

#include <gtest/gtest.h>

namespace smtpspec::scenario {
namespace {

TEST(CodePattern, MatchesDigitByDigit) {
  EXPECT_TRUE((CodePattern{{'2', '5', 'x'}}).matches(259));
  EXPECT_FALSE((CodePattern{{'2', '5', 'x'}}).matches(240));
  EXPECT_TRUE((CodePattern{{'x', 'x', 'x'}}).matches(7));
  EXPECT_FALSE((CodePattern{{'x', 'x', 'x'}}).matches(1000));
  EXPECT_FALSE((CodePattern{{'x', 'x', 'x'}}).matches(-1));
}

TEST(Roles, AreReadAsTheyAreWritten) {
  for (const auto role : {Role::any, Role::mx, Role::submission, Role::lmtp})
    EXPECT_EQ(parse_role(to_string(role)), role);
  for (const auto impact : {Impact::probe, Impact::deliver, Impact::stress})
    EXPECT_EQ(parse_impact(to_string(impact)), impact);
  EXPECT_FALSE(parse_role("MX"));
  EXPECT_FALSE(parse_impact(""));
}

}  // namespace
}  // namespace smtpspec::scenario
