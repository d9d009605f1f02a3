#include "harness/verdict/not_applicable.h"

#include <gtest/gtest.h>

namespace smtpspec::verdict {
namespace {

RunRecord record_of(const std::vector<std::string>& reasons) {
  RunRecord record;
  for (const auto& reason : reasons) {
    record.scenarios.emplace_back();
    record.scenarios.back().verdict = Verdict::not_applicable;
    record.scenarios.back().reason = reason;
  }
  record.scenarios.emplace_back();
  record.scenarios.back().verdict = Verdict::skipped;
  record.scenarios.back().reason = "slow (--slow runs it)";
  record.summary = summarize(record);
  return record;
}

TEST(NotApplicable, IsCountedByItsReasonTheLargestGroupFirst) {
  const auto record = record_of({"no credentials (--auth)", "DSN is not advertised", "not for the role mx",
                                 "SIZE is not advertised", "DSN is not advertised", ""});
  EXPECT_EQ(not_applicable_groups(record), (std::vector<NotApplicableGroup>{{"DSN is not advertised", 2},
                                                                            {"SIZE is not advertised", 1},
                                                                            {"no credentials (--auth)", 1},
                                                                            {"no reason recorded", 1},
                                                                            {"not for the role mx", 1}}));
}

TEST(NotApplicable, IsToldInOneLine) {
  EXPECT_EQ(to_string(not_applicable_groups(record_of({}))), "");
  EXPECT_EQ(to_string(not_applicable_groups(record_of({"DSN is not advertised", "not for the role mx"}))),
            "1 needs DSN; 1 not for the role mx");
  EXPECT_EQ(to_string(not_applicable_groups(record_of({"DSN is not advertised", "DSN is not advertised"}))),
            "2 need DSN");
  EXPECT_EQ(to_string(not_applicable_groups(record_of({"a", "b", "c", "d", "e", "f", "g"}))),
            "1 a; 1 b; 1 c; 1 d; 1 e; 2 for 2 other reasons");
}

TEST(NotApplicable, IsAShareOfWhatWasAskedFor) {
  EXPECT_DOUBLE_EQ(not_applicable_percent(record_of({"a", "b"}).summary), 100);
  EXPECT_DOUBLE_EQ(not_applicable_percent(record_of({}).summary), 0);
}

}  // namespace
}  // namespace smtpspec::verdict
