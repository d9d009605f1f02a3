#include "harness/scenario/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace smtpspec::scenario {
namespace {

TEST(Catalogue, HoldsTheRequirementsInTheOrderOfTheirIds) {
  const auto all = built_in_catalogue().all();
  EXPECT_GT(all.size(), 1000U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
}

TEST(Catalogue, FindsARequirementByItsId) {
  const auto* entry = built_in_catalogue().find("RFC5321-4.5.1-01");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->level, verdict::Level::must);
  EXPECT_EQ(entry->role, "server");
  EXPECT_EQ(citation(*entry), "RFC 5321 §4.5.1");
  EXPECT_NE(entry->ruling, "");
  EXPECT_EQ(built_in_catalogue().find("RFC5321-4.5.1"), nullptr);
  EXPECT_EQ(built_in_catalogue().nearest("RFC5321-4.51-01"), "RFC5321-4.5.1-01");
}

TEST(Catalogue, FollowsARepeatedDutyToItsPrimary) {
  const auto* repeated = built_in_catalogue().find("RFC5321-3.5.3-04");
  ASSERT_NE(repeated, nullptr);
  EXPECT_EQ(repeated->same_as, "RFC5321-4.5.1-01");
  EXPECT_EQ(built_in_catalogue().primary("RFC5321-3.5.3-04"), built_in_catalogue().find("RFC5321-4.5.1-01"));
}

TEST(Catalogue, EveryPrimaryStands) {
  for (const auto& entry : built_in_catalogue().all()) {
    const auto* primary = built_in_catalogue().primary(entry.id);
    ASSERT_NE(primary, nullptr) << entry.id;
    EXPECT_EQ(primary->same_as, "") << entry.id;
  }
}

TEST(Catalogue, ARulingMayMoveTheLevel) {
  const auto* entry = built_in_catalogue().find("RFC5321-2.2.2-03");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->level, verdict::Level::should_not);
}

TEST(Catalogue, NamesTheDocumentOfAnExtension) {
  const auto* entry = built_in_catalogue().find("RFC1870-3-01");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(citation(*entry), "RFC 1870 §3");
  EXPECT_EQ(entry->extension, "SIZE");
  EXPECT_EQ(entry->level, verdict::Level::grammar);
}

TEST(Catalogue, KnowsWhyARequirementHasNoScenario) {
  EXPECT_GT(built_in_untested().size(), 10U);
  for (const auto& entry : built_in_untested()) {
    EXPECT_EQ(find_untested(entry.requirement), &entry);
    EXPECT_FALSE(entry.reason.empty()) << entry.requirement;
  }
  EXPECT_EQ(find_untested("RFC5321-4.1.1.1-99"), nullptr);
}

TEST(Catalogue, KnowsKeywordsAndEnhancedStatusCodes) {
  EXPECT_GT(built_in_keywords().size(), 50U);
  EXPECT_GT(built_in_enhanced_statuses().size(), 50U);
  const auto* size = find_keyword("size");
  ASSERT_NE(size, nullptr);
  EXPECT_EQ(size->rfc, 1870);
  EXPECT_TRUE(size->is_registered);
  EXPECT_EQ(size->mail_line_increase_octets, 26);
  EXPECT_EQ(find_keyword("dsn")->rcpt_parameters, "NOTIFY ORCPT");
  EXPECT_EQ(find_keyword("SIZES"), nullptr);
}

}  // namespace
}  // namespace smtpspec::scenario
