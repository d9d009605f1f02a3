#include "harness/target/spawned_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "harness/target/output_tail.h"
#include "tests/support/targets.h"

namespace smtpspec::target {
namespace {

using namespace std::chrono_literals;
using testing::crashing_server;
using ::testing::HasSubstr;
using testing::open_session;
using testing::restart;
using testing::say;
using testing::settle;
using testing::start;
using ::testing::StartsWith;
using testing::stop;

SpawnOptions spawn(std::string command) {
  SpawnOptions options;
  options.command = std::move(command);
  return options;
}

TEST(SpawnedTarget, IsReadyWithTheFirstGreeting) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port}")));
  EXPECT_EQ(target.state(), TargetState::unstarted);
  const auto result = start(loop, target);
  EXPECT_TRUE(result.is_ready) << result.error << result.output_tail;
  EXPECT_EQ(result.greeting, "220 crashing.example.org ready");
  EXPECT_EQ(target.state(), TargetState::alive);
  EXPECT_FALSE(target.take_crash());
  EXPECT_EQ(say(loop, *open_session(loop, target), "NOOP"), "250 NOOP\r\n");
  EXPECT_TRUE(stop(loop, target));
  EXPECT_EQ(target.state(), TargetState::stopped);
  EXPECT_FALSE(target.take_crash()) << "an end that we asked for is no crash";
}

TEST(SpawnedTarget, WaitsForAServerThatIsReadyLate) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port} late")));
  EXPECT_TRUE(start(loop, target).is_ready);
}

TEST(SpawnedTarget, ServerThatEndsAtOnceFailsTheLaunchWithItsLastWords) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn("echo no such option >&2; exit 3"));
  const auto result = start(loop, target);
  EXPECT_FALSE(result.is_ready);
  EXPECT_EQ(result.error, "it ended before it was ready: exited with code 3");
  EXPECT_EQ(result.output_tail, "no such option\n");
  SpawnedTarget missing(loop, spawn("exec /nonexistent/server {port}"));
  EXPECT_THAT(start(loop, missing).error, HasSubstr("exited with code 127"));
}

TEST(SpawnedTarget, ServerThatNeverListensOrNeverSpeaksIsNotReadyInTime) {
  transport::EventLoop loop;
  SpawnedTarget deaf(loop, spawn("exec sleep 60"));
  EXPECT_THAT(start(loop, deaf, 60ms).error, HasSubstr("not ready in time: Connection refused"));
  SpawnedTarget mute(loop, spawn("exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 5, LocalAddr "
                                 "=> \"127.0.0.1\", LocalPort => shift); sleep 60' {port}"));
  EXPECT_THAT(start(loop, mute, 400ms).error, HasSubstr("accepts connections but says nothing"));
}

TEST(SpawnedTarget, TellsTheSignalThatKilledTheServer) {
  transport::EventLoop loop;
  // Without exec, the shell stands between: it reports the signal as an exit code.
  for (const std::string prefix : {"", "true; "}) {
    std::string command = crashing_server("{port}");
    if (!prefix.empty()) command = prefix + command.substr(5) + "; exit $?";
    SpawnedTarget target(loop, spawn(command));
    ASSERT_TRUE(start(loop, target).is_ready);
    auto session = open_session(loop, target);
    EXPECT_EQ(say(loop, *session, "SEGV"), "");
    EXPECT_EQ(settle(loop, target), TargetState::crashed);
    const auto crash = target.take_crash();
    ASSERT_TRUE(crash);
    EXPECT_EQ(crash->signal, SIGSEGV);
    EXPECT_EQ(crash->summary(), "killed by SIGSEGV");
    EXPECT_FALSE(target.take_crash());
  }
}

TEST(SpawnedTarget, TellsAnExitFromACrash) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port}")));
  ASSERT_TRUE(start(loop, target).is_ready);
  auto session = open_session(loop, target);
  say(loop, *session, "EXIT 7");
  EXPECT_EQ(settle(loop, target), TargetState::exited);
  EXPECT_EQ(target.take_crash()->summary(), "exited with code 7");
}

TEST(SpawnedTarget, SanitizerReportIsACrashWithItsText) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port}")));
  ASSERT_TRUE(start(loop, target).is_ready);
  auto session = open_session(loop, target);
  say(loop, *session, "ASAN");
  EXPECT_EQ(settle(loop, target), TargetState::crashed);
  const auto crash = target.take_crash();
  EXPECT_EQ(crash->summary(), "ERROR: AddressSanitizer: heap-use-after-free on address 0x1 (exited with code 1)");
  EXPECT_THAT(crash->sanitizer_text, StartsWith("==4711==ERROR"));
  EXPECT_THAT(crash->sanitizer_text, HasSubstr("#0 in smtp()"));
}

TEST(SpawnedTarget, SanitizerReportOfAServerThatLivesOnIsTold) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port}")));
  ASSERT_TRUE(start(loop, target).is_ready);
  auto session = open_session(loop, target);
  EXPECT_EQ(say(loop, *session, "UBSAN"), "250 reported\r\n");
  EXPECT_EQ(settle(loop, target, 5ms), TargetState::alive);
  const auto crash = target.take_crash();
  ASSERT_TRUE(crash) << "what has begun is waited for, whatever the deadline";
  EXPECT_EQ(crash->summary(), "smtp.c:1:2: runtime error: signed integer overflow");
  EXPECT_EQ(target.state(), TargetState::alive);
  EXPECT_FALSE(target.take_crash());
}

TEST(SpawnedTarget, LivesAgainAfterARestart) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port}")));
  ASSERT_TRUE(start(loop, target).is_ready);
  say(loop, *open_session(loop, target), "SEGV");
  EXPECT_EQ(settle(loop, target), TargetState::crashed);
  EXPECT_TRUE(restart(loop, target).is_ready);
  EXPECT_EQ(target.state(), TargetState::alive);
  EXPECT_EQ(say(loop, *open_session(loop, target), "NOOP"), "250 NOOP\r\n");
  EXPECT_EQ(target.take_crash()->signal, SIGSEGV) << "a report that nobody took stays";
}

TEST(SpawnedTarget, SettleWaitsNoLongerThanItsDeadlineForALivingServer) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn(crashing_server("{port}")));
  ASSERT_TRUE(start(loop, target).is_ready);
  EXPECT_EQ(settle(loop, target, 5ms), TargetState::alive);
}

TEST(SpawnedTarget, StopEndsAServerThatIgnoresSigterm) {
  transport::EventLoop loop;
  SpawnOptions options = spawn(crashing_server("{port} deaf"));
  options.stop_grace = 50ms;
  SpawnedTarget target(loop, options);
  ASSERT_TRUE(start(loop, target).is_ready);
  EXPECT_TRUE(stop(loop, target));
  EXPECT_EQ(target.state(), TargetState::stopped);
}

TEST(SpawnedTarget, MayBeStoppedWhileStarting) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn("exec sleep 60"));
  target.start(loop.now() + 5s, [](const StartResult&) { FAIL() << "the start was given up"; });
  EXPECT_TRUE(stop(loop, target));
}

TEST(SpawnedTarget, GivesTheServerNoDescriptorOfOurs) {
  transport::EventLoop loop;
  auto pair = testing::make_pair(loop);
  SpawnedTarget target(loop, spawn("ls /proc/self/fd; exit 1"));
  // 3 is the folder that ls reads.
  EXPECT_EQ(start(loop, target).output_tail, "0\n1\n2\n3\n");
}

TEST(SpawnedTarget, GivesTheServerDefaultSignals) {
  transport::EventLoop loop;  // ignores SIGPIPE for us
  SpawnedTarget target(loop, spawn("grep -E 'Sig(Blk|Ign)' /proc/self/status; exit 1"));
  EXPECT_EQ(start(loop, target).output_tail, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(SpawnedTarget, MakesAFolderAndRemovesItAtTheEnd) {
  transport::EventLoop loop;
  std::string folder;
  {
    SpawnedTarget target(loop, spawn("echo {maildir} >&2; touch {maildir}/message; exit 1"));
    folder = target.maildir();
    EXPECT_EQ(start(loop, target).output_tail, folder + "\n");
    EXPECT_TRUE(std::filesystem::exists(folder + "/message"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(SpawnedTarget, EndlessOutputStaysBounded) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, spawn("exec yes 'runtime error: of sorts'"));
  start(loop, target, 100ms);
  EXPECT_EQ(target.output_tail().size(), kMaxOutputOctets);
  EXPECT_TRUE(stop(loop, target));
  EXPECT_EQ(target.take_crash()->sanitizer_text.size(), kMaxSanitizerOctets);
}

TEST(SpawnedTarget, UsesTheGivenEndpointWhenTheCommandHasItsOwn) {
  transport::EventLoop loop;
  auto listener = transport::Listener::listen(loop, {}, [&](std::unique_ptr<transport::Connection> accepted) {
    std::shared_ptr<transport::Connection> kept = std::move(accepted);
    kept->send("554 go away\r\n", loop.now() + 5s, [kept](const transport::SendResult&) { kept->close(); });
  });
  SpawnOptions options = spawn("exec sleep 60");
  options.endpoint = (*listener)->endpoint();
  SpawnedTarget target(loop, options);
  EXPECT_EQ(start(loop, target).greeting, "554 go away") << "any first line is an answer";
  EXPECT_EQ(target.endpoint(), (*listener)->endpoint());
}

}  // namespace
}  // namespace smtpspec::target
