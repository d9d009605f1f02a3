#include "reports/comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

std::string text_of(const verdict::Comparison& comparison) {
  std::ostringstream out;
  write_comparison_text(comparison, out);
  return out.str();
}

TEST(ComparisonReport, TellsTheGravestFirst) {
  verdict::Comparison comparison;
  comparison.fixed = {{"smtp.b", "B", "fail", "pass", ""}};
  comparison.newly_failing = {{"smtp.a", "A", "pass", "fail", "250 ok"}};
  comparison.advertisements = {{"plain", "SIZE 1", "SIZE 2"}, {"tls", "", "AUTH"}, {"plain", "VRFY", ""}};
  comparison.remarks = {"suite: aa before, bb after"};
  EXPECT_EQ(text_of(comparison),
            "newly failing: 1\n  smtp.a  pass -> fail\n      250 ok\n"
            "fixed: 1\n  smtp.b  fail -> pass\n"
            "advertised otherwise: 3\n  SIZE 1 -> SIZE 2\n  + AUTH (tls)\n  - VRFY\n"
            "note: suite: aa before, bb after\n");
}

TEST(ComparisonReport, SaysSoWhenNothingDiffers) {
  EXPECT_EQ(text_of({}), "no difference in any verdict, nor in what is advertised\n");
}

TEST(ComparisonReport, OfHostileRecordsIsPrintableTextAndValidJson) {
  const auto comparison = verdict::compare(golden::plain_record(), golden::raw_record());
  ASSERT_FALSE(comparison.is_same());
  for (const char c : text_of(comparison)) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  std::ostringstream out;
  write_comparison_json(comparison, out);
  const auto document = nlohmann::json::parse(out.str());
  EXPECT_EQ(document["schema"], "smtpspec-diff/1");
  EXPECT_EQ(document["newly_failing"].size(), comparison.newly_failing.size());
  EXPECT_EQ(document["advertisements"].size(), comparison.advertisements.size());
}

}  // namespace
}  // namespace smtpspec::reports
