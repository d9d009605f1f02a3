#include "harness/runner/patience.h"

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

using verdict::WireKind;

verdict::ScenarioResult attempt(WireKind last) {
  verdict::ScenarioResult result;
  result.wire.emplace_back();
  result.wire.back().kind = WireKind::connected;
  result.wire.emplace_back();
  result.wire.back().kind = last;
  return result;
}

TEST(Patience, EndsAfterSoManyTriesWithoutAGreeting) {
  Patience patience(3);
  patience.heard(attempt(WireKind::timed_out), 0);
  patience.heard(attempt(WireKind::timed_out), 0);
  EXPECT_FALSE(patience.is_exhausted());
  patience.heard(attempt(WireKind::timed_out), 0);
  EXPECT_TRUE(patience.is_exhausted());
  EXPECT_EQ(patience.complaint(), "greeted none of the last 3 conversations in time");
}

TEST(Patience, IsRestoredByAGreeting) {
  Patience patience(2);
  patience.heard(attempt(WireKind::timed_out), 0);
  patience.heard(attempt(WireKind::server), 5);
  patience.heard(attempt(WireKind::timed_out), 0);
  EXPECT_FALSE(patience.is_exhausted());
}

TEST(Patience, LastsLongerWhereEveryCommandStaysUnanswered) {
  Patience patience(2);
  for (int i = 0; i < 3; ++i) patience.heard(attempt(WireKind::timed_out), 1);
  EXPECT_FALSE(patience.is_exhausted());
  patience.heard(attempt(WireKind::timed_out), 1);
  EXPECT_TRUE(patience.is_exhausted());
  EXPECT_EQ(patience.complaint(), "answered no command of the last 4 conversations in time");
}

TEST(Patience, IsRestoredByAReplyToACommand) {
  Patience patience(2);
  for (int i = 0; i < 6; ++i) patience.heard(attempt(WireKind::timed_out), i % 3 == 2 ? 2 : 1);
  EXPECT_FALSE(patience.is_exhausted());
}

TEST(Patience, IsNotSpentOnConnectionsThatClose) {
  Patience patience(2);
  for (int i = 0; i < 5; ++i) patience.heard(attempt(WireKind::peer_closed), 0);
  EXPECT_FALSE(patience.is_exhausted());
}

}  // namespace
}  // namespace smtpspec::runner
