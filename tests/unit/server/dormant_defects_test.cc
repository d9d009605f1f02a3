#include "harness/server/dormant_defects.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace smtpspec::server
