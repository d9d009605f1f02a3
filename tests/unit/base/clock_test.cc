#include "harness/base/clock.h"

#include <gtest/gtest.h>

namespace smtpspec::base {
namespace {

TEST(Iso8601, CountsFromTheEpochInUtc) {
  EXPECT_EQ(to_iso8601(WallTime()), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(WallTime(std::chrono::seconds(1'000'000'000))), "2001-09-09T01:46:40Z");
}

TEST(Iso8601, DropsFractionsOfASecond) {
  EXPECT_EQ(to_iso8601(WallTime(std::chrono::milliseconds(1'999))), "1970-01-01T00:00:01Z");
}

TEST(SystemClock, SteadyTimeDoesNotGoBack) {
  const SystemClock clock;
  const SteadyTime first = clock.now();
  EXPECT_LE(first, clock.now());
  EXPECT_GT(clock.wall(), WallTime());
}

}  // namespace
}  // namespace smtpspec::base
