#include "harness/wire/enhanced_status.h"

#include <gtest/gtest.h>

namespace smtpspec::wire {
namespace {

TEST(EnhancedStatus, IsReadFromTheStartOfAText) {
  EXPECT_EQ(parse_enhanced_status("2.1.0 Sender ok"), (EnhancedStatus{2, 1, 0}));
  EXPECT_EQ(parse_enhanced_status("5.123.999"), (EnhancedStatus{5, 123, 999}));
  EXPECT_EQ(parse_enhanced_status("4.0.0 "), (EnhancedStatus{4, 0, 0}));
}

TEST(EnhancedStatus, ReadsBackAsItIsWritten) { EXPECT_EQ(to_string(EnhancedStatus{5, 7, 28}), "5.7.28"); }

class NoEnhancedStatus : public testing::TestWithParam<const char*> {};
TEST_P(NoEnhancedStatus, IsFoundWhereTheGrammarIsBroken) { EXPECT_EQ(parse_enhanced_status(GetParam()), std::nullopt); }
INSTANTIATE_TEST_SUITE_P(Texts, NoEnhancedStatus,
                         testing::Values("", "2", "2.", "2.1", "2.1.", "2.1. ", "2..0", "3.1.0", "0.1.0", "1.0.0",
                                         "6.0.0", "25.1.0", "2.1.0.1", "2.1.0-x", "2.1.0x", "2.1.0\tx", "2.1234.0",
                                         "2.1.1234", "2.01.0", "2.1.00", "x.1.0", " 2.1.0", "2.a.0", "2.1.a", "2,1,0",
                                         "-2.1.0"));

}  // namespace
}  // namespace smtpspec::wire
