#include "harness/runner/schedule.h"

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

constexpr base::SteadyTime kStart{};
constexpr auto later(int milliseconds) { return kStart + std::chrono::milliseconds(milliseconds); }

TEST(Schedule, StartsNoMoreThanItsLimit) {
  Schedule schedule(3, 2);
  EXPECT_EQ(schedule.next(kStart), 0U);
  EXPECT_EQ(schedule.next(kStart), 1U);
  EXPECT_EQ(schedule.next(kStart), std::nullopt);
  schedule.ended();
  EXPECT_EQ(schedule.next(kStart), 2U);
  EXPECT_FALSE(schedule.is_done());
  schedule.ended();
  schedule.ended();
  EXPECT_TRUE(schedule.is_done());
}

TEST(Schedule, TriesAgainOnlyWhenItsTimeHasCome) {
  Schedule schedule(2, 1);
  ASSERT_EQ(schedule.next(kStart), 0U);
  schedule.again(0, later(100));
  ASSERT_EQ(schedule.next(later(50)), 1U);
  schedule.ended();
  EXPECT_EQ(schedule.next(later(50)), std::nullopt);
  EXPECT_EQ(schedule.wake_up(), later(100));
  EXPECT_FALSE(schedule.is_done());
  EXPECT_EQ(schedule.next(later(100)), 0U);
}

TEST(Schedule, TakesFewerAtATimeAfterBeingTurnedAway) {
  Schedule schedule(5, 4);
  for (std::size_t i = 0; i < 4; ++i) ASSERT_EQ(schedule.next(kStart), i);
  schedule.turned_away(3, later(50));
  EXPECT_EQ(schedule.limit(), 3);
  EXPECT_EQ(schedule.next(later(60)), std::nullopt);
  schedule.ended();
  EXPECT_EQ(schedule.next(later(60)), 3U);
}

TEST(Schedule, NeverGoesBelowOneAtATime) {
  Schedule schedule(1, 1);
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(schedule.next(later(i)), 0U);
    schedule.turned_away(0, later(i));
    EXPECT_EQ(schedule.limit(), 1);
  }
}

TEST(Schedule, HalvesItsLimitDownToOne) {
  Schedule schedule(4, 4);
  for (const int limit : {2, 1, 1}) {
    schedule.lower_limit();
    EXPECT_EQ(schedule.limit(), limit);
  }
  EXPECT_EQ(schedule.next(kStart), 0U);
  EXPECT_EQ(schedule.next(kStart), std::nullopt);
}

TEST(Schedule, IsLimitedToFewerAndNeverToMore) {
  Schedule schedule(4, 3);
  for (const auto& [count, limit] : {std::pair{8, 3}, {2, 2}, {0, 1}, {3, 1}}) {
    schedule.limit_to(count);
    EXPECT_EQ(schedule.limit(), limit) << count;
  }
}

TEST(Schedule, KnowsAnItemThatIsAlone) {
  Schedule schedule(1, 4);
  schedule.start_alone();
  EXPECT_TRUE(schedule.is_alone());
  EXPECT_FALSE(schedule.is_idle());
  schedule.ended();
  EXPECT_FALSE(schedule.is_alone());
  EXPECT_TRUE(schedule.is_idle());
}

}  // namespace
}  // namespace smtpspec::runner
