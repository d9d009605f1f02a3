#include "harness/target/target.h"

#include <gtest/gtest.h>

#include <csignal>

#include "harness/target/remote_target.h"
#include "tests/support/targets.h"

namespace smtpspec::target {
namespace {

TEST(CrashReport, IsSummedUpInOneLine) {
  CrashReport report;
  EXPECT_EQ(report.summary(), "ended");
  report.exit_code = 0;
  EXPECT_EQ(report.summary(), "exited with code 0");
  report = {SIGABRT, {}, "", ""};
  EXPECT_EQ(report.summary(), "killed by SIGABRT");
  report.sanitizer_text = "==12==ERROR: LeakSanitizer: detected\nmore";
  EXPECT_EQ(report.summary(), "ERROR: LeakSanitizer: detected (killed by SIGABRT)");
}

TEST(RemoteTarget, IsReadyAtOnceAndIsNeverOursToEnd) {
  transport::EventLoop loop;
  RemoteTarget target(loop, {"::1", 2525, ""});
  EXPECT_TRUE(testing::start(loop, target).is_ready);
  EXPECT_EQ(testing::settle(loop, target), TargetState::alive);
  EXPECT_EQ(target.description(), "[::1]:2525");
  EXPECT_FALSE(target.can_restart());
  EXPECT_TRUE(testing::stop(loop, target));
}

}  // namespace
}  // namespace smtpspec::target
