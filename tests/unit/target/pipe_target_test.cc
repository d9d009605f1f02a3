#include "harness/target/pipe_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/targets.h"

namespace smtpspec::target {
namespace {

using namespace std::chrono_literals;
using testing::crashing_server;
using ::testing::HasSubstr;
using testing::open_session;
using testing::say;
using testing::settle;
using testing::start;

TEST(PipeTarget, StartsAProcessForEachConnection) {
  transport::EventLoop loop;
  PipeTarget target(loop, {crashing_server("-"), 2000ms});
  const auto result = start(loop, target);
  ASSERT_TRUE(result.is_ready) << result.error << result.output_tail;
  EXPECT_EQ(result.greeting, "220 crashing.example.org ready");
  auto first = open_session(loop, target);
  auto second = open_session(loop, target);
  EXPECT_EQ(say(loop, *second, "TWO"), "250 TWO\r\n");
  EXPECT_EQ(say(loop, *first, "ONE"), "250 ONE\r\n");
  EXPECT_TRUE(testing::stop(loop, target));
  EXPECT_EQ(testing::receive(loop, *first).status, transport::ReceiveStatus::peer_closed);
  EXPECT_FALSE(target.take_crash());
}

TEST(PipeTarget, CommandThatCannotSpeakFailsTheStart) {
  transport::EventLoop loop;
  PipeTarget target(loop, {"echo broken >&2; exit 9", 2000ms});
  const auto result = start(loop, target);
  EXPECT_FALSE(result.is_ready);
  EXPECT_EQ(result.error, "it ended before it was ready: exited with code 9");
  EXPECT_THAT(result.output_tail, HasSubstr("broken"));
}

TEST(PipeTarget, TellsACrashAndServesTheNextConnection) {
  transport::EventLoop loop;
  PipeTarget target(loop, {crashing_server("-"), 2000ms});
  ASSERT_TRUE(start(loop, target).is_ready);
  auto session = open_session(loop, target);
  say(loop, *session, "SEGV");
  EXPECT_EQ(settle(loop, target), TargetState::crashed);
  EXPECT_EQ(target.take_crash()->signal, SIGSEGV);
  EXPECT_EQ(say(loop, *open_session(loop, target), "NOOP"), "250 NOOP\r\n");
}

TEST(PipeTarget, ServerSeesTheEndOfItsConnection) {
  transport::EventLoop loop;
  PipeTarget target(loop, {crashing_server("-"), 2000ms});
  ASSERT_TRUE(start(loop, target).is_ready);
  auto session = open_session(loop, target);
  session->half_close();
  EXPECT_EQ(testing::receive(loop, *session).status, transport::ReceiveStatus::peer_closed);
}

}  // namespace
}  // namespace smtpspec::target
