#include "harness/runner/log_budget.h"

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

verdict::WireLog log_of(std::initializer_list<std::size_t> sizes) {
  verdict::WireLog log;
  for (const std::size_t size : sizes) {
    log.emplace_back();
    log.back().octets = std::string(size, 'x');
  }
  return log;
}

TEST(LogBudget, LeavesALogWithinItsShareAlone) {
  LogBudget budget(100, 0);
  auto log = log_of({60, 40});
  budget.keep_within(log);
  EXPECT_EQ(log, log_of({60, 40}));
}

TEST(LogBudget, TakesWhatALogNeedsBeyondItsShareFromTheCommonStore) {
  LogBudget budget(100, 50);
  auto first = log_of({140});
  budget.keep_within(first);
  EXPECT_EQ(first[0].octets.size(), 140U);
  auto second = log_of({140});
  budget.keep_within(second);
  EXPECT_EQ(second[0].octets.size(), 110U);  // its share, and the ten that were left
  EXPECT_EQ(second[0].note, "30 octets more");
}

TEST(LogBudget, ShortensTheLongestEntriesOnly) {
  LogBudget budget(100, 0);
  auto log = log_of({10, 500, 20, 300});
  budget.keep_within(log);
  EXPECT_EQ(log[0].octets.size(), 10U);
  EXPECT_EQ(log[1].octets.size(), 35U);
  EXPECT_EQ(log[1].note, "465 octets more");
  EXPECT_EQ(log[2].octets.size(), 20U);
  EXPECT_TRUE(log[2].note.empty());
  EXPECT_EQ(log[3].octets.size(), 35U);
}

}  // namespace
}  // namespace smtpspec::runner
