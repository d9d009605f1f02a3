#include "harness/server/dormant_defects.h"

#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

TEST(DormantDefects, SleepUntilTheirCircumstancesCome) {
  const DefectSet all{Defect::mail_answered_220, Defect::ehlo_unknown, Defect::rset_unknown, Defect::greeting_missing};
  const DefectSet at_first = awake_defects(all, {});
  EXPECT_TRUE(at_first.empty());

  Circumstances behind_noop;
  behind_noop.is_behind_noop = true;
  EXPECT_EQ(awake_defects(all, behind_noop), (DefectSet{Defect::mail_answered_220, Defect::ehlo_unknown}));
  behind_noop.has_client = true;
  EXPECT_EQ(awake_defects(all, behind_noop), DefectSet{Defect::mail_answered_220});

  Circumstances second_rset;
  second_rset.resets = 1;
  EXPECT_EQ(awake_defects(all, second_rset), DefectSet{Defect::rset_unknown});

  Circumstances next_session;
  next_session.follows_unnamed_session = true;
  EXPECT_EQ(awake_defects(all, next_session), DefectSet{Defect::greeting_missing});
}

TEST(DormantDefects, TheOthersNeverSleep) {
  const DefectSet others{Defect::helo_refused, Defect::noop_unknown};
  EXPECT_EQ(awake_defects(others, {}), others);
}

TEST(DormantDefects, TellWhenTheyShow) {
  EXPECT_EQ(dormant_circumstance(Defect::mail_unknown), "behind NOOP");
  EXPECT_EQ(dormant_circumstance(Defect::helo_refused), "");
}

TEST(DormantDefects, AreAwakeUnlessTheyAreMeantToSleep) {
  Config config;
  config.defects.add(Defect::mail_unknown);
  const std::vector<std::string> dialogue = {"EHLO client.example\r\n", "MAIL FROM:<a@example.com>\r\n"};
  EXPECT_NE(converse(config, dialogue).octets.find("\r\n500 "), std::string::npos);
  config.has_dormant_defects = true;
  EXPECT_EQ(converse(config, dialogue).octets.find("\r\n500 "), std::string::npos);
}

}  // namespace
}  // namespace smtpspec::server
