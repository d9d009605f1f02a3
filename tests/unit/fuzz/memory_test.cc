#include "fuzz/oracles/memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace smtpspec::fuzz {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

std::vector<MemorySample> samples(const std::vector<std::uint64_t>& resident, std::uint64_t content_each = 0) {
  std::vector<MemorySample> all;
  for (std::size_t i = 0; i < resident.size(); ++i) all.push_back({512 * (i + 1), resident[i], content_each * i});
  return all;
}

TEST(FuzzMemory, GrowsWithoutAnEnd) {
  EXPECT_TRUE(grows(samples({10 * kMiB, 11 * kMiB, 12 * kMiB, 13 * kMiB, 14 * kMiB})));
  EXPECT_TRUE(grows(samples({5 * kMiB, 4 * kMiB, 5 * kMiB, 6 * kMiB, 7 * kMiB, 8 * kMiB}))) << "only the last count";
}

TEST(FuzzMemory, IsNotToldOfWhatWarmsUpOrIsFull) {
  EXPECT_FALSE(grows({}));
  EXPECT_FALSE(grows(samples({10 * kMiB, 11 * kMiB, 12 * kMiB, 13 * kMiB}))) << "too few windows";
  EXPECT_FALSE(grows(samples({10 * kMiB, 20 * kMiB, 25 * kMiB, 26 * kMiB, 26 * kMiB})));
  EXPECT_FALSE(grows(samples({10 * kMiB, 11 * kMiB, 10 * kMiB, 11 * kMiB, 12 * kMiB})));
  EXPECT_FALSE(grows(samples({kMiB, kMiB + 1000, kMiB + 2000, kMiB + 3000, kMiB + 4000})))
      << "less than a page a session";
}

TEST(FuzzMemory, LeavesRoomForMessagesThatAreKept) {
  EXPECT_FALSE(grows(samples({10 * kMiB, 11 * kMiB, 12 * kMiB, 13 * kMiB, 14 * kMiB}, kMiB / 4)));
  EXPECT_TRUE(grows(samples({10 * kMiB, 14 * kMiB, 18 * kMiB, 22 * kMiB, 26 * kMiB}, kMiB / 4)));
}

TEST(FuzzMemory, NeedsToKnow) { EXPECT_FALSE(grows(samples({0, 0, 0, 0, 0}))); }

}  // namespace
}  // namespace smtpspec::fuzz
