#include "reports/instant.h"

#include <gtest/gtest.h>

namespace smtpspec::reports {
namespace {

using namespace std::chrono_literals;

TEST(Instant, ComesBackToTheNanosecond) {
  for (const auto fraction : {0ns, 1ns, 120000000ns, 999999999ns, 123456789ns}) {
    const base::WallTime time(std::chrono::duration_cast<base::WallTime::duration>(1795489987s + fraction));
    EXPECT_EQ(parse_instant(format_instant(time)), time) << format_instant(time);
  }
}

TEST(Instant, WritesAFractionOnlyIfThereIsOne) {
  EXPECT_EQ(format_instant(base::WallTime(1795489987s)), "2026-11-24T03:13:07Z");
  EXPECT_EQ(format_instant(base::WallTime(1795489987s + 1us)), "2026-11-24T03:13:07.000001Z");
}

TEST(Instant, RefusesWhatIsNotOne) {
  for (const char* text : {"", "Z", "2026-11-24T03:13:07", "2026-11-24 03:13:07Z", "2026-02-30T00:00:00Z",
                           "2026-11-24T24:00:00Z", "2026-11-24T03:13:07.Z", "2026-11-24T03:13:07.1234567890Z",
                           "2026-11-24T03:13:07.1x2Z", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

}  // namespace
}  // namespace smtpspec::reports
