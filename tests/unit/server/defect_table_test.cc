#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "harness/server/defect.h"

namespace smtpspec::server {
namespace {

TEST(DefectTable, HasAtLeastNinetyDefects) { EXPECT_GE(all_defects().size(), 90U); }

TEST(DefectTable, IsInTheOrderOfTheEnumeration) {
  ASSERT_LE(all_defects().size(), kMaxDefects);
  for (std::size_t i = 0; i < all_defects().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(all_defects()[i].defect), i) << all_defects()[i].name;
  }
}

TEST(DefectTable, SaysOfEachWhatItBreaksAndWhichRequirements) {
  const std::regex name_shape("[a-z0-9]+(-[a-z0-9]+)*");
  const std::regex id_shape("[A-Z]+[0-9]*X?(-[A-Z]+)?-[0-9A-F](\\.[0-9]+)*-[0-9]{2}");
  std::set<std::string_view> names;
  for (const DefectInfo& info : all_defects()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(std::regex_match(std::string(info.name), name_shape)) << info.name;
    EXPECT_GT(info.breaks.size(), 12U) << info.name;
    EXPECT_TRUE(info.breaks.ends_with('.')) << info.name;
    EXPECT_FALSE(info.requirements.empty()) << info.name;
    for (std::string_view id : info.requirements) EXPECT_TRUE(std::regex_match(std::string(id), id_shape)) << id;
    const std::set<std::string_view> unique(info.requirements.begin(), info.requirements.end());
    EXPECT_EQ(unique.size(), info.requirements.size()) << info.name;
  }
}

TEST(DefectTable, IsFoundByName) {
  EXPECT_EQ(find_defect("rset-keeps-recipients"), Defect::rset_keeps_recipients);
  EXPECT_EQ(info_of(Defect::rset_keeps_recipients).name, "rset-keeps-recipients");
  EXPECT_FALSE(find_defect("rset_keeps_recipients").has_value());
  EXPECT_FALSE(find_defect("").has_value());
  EXPECT_EQ(defect_names().size(), all_defects().size());
}

TEST(DefectSet, HoldsWhatWasAdded) {
  DefectSet set{Defect::helo_refused};
  EXPECT_TRUE(set.has(Defect::helo_refused));
  EXPECT_FALSE(set.has(Defect::noop_unknown));
  EXPECT_FALSE(set.empty());
  EXPECT_TRUE(DefectSet().empty());
}

}  // namespace
}  // namespace smtpspec::server
