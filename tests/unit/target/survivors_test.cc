// Nothing that a target started may be left: not after stop(), not after its destruction, not when we are killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "harness/target/command_line.h"
#include "harness/target/pipe_target.h"
#include "harness/target/spawned_target.h"
#include "tests/support/targets.h"

namespace smtpspec::target {
namespace {

using namespace std::chrono_literals;
using testing::crashing_server;
using testing::open_session;
using testing::run_until;
using testing::say;
using testing::start;

// A dead process that nobody has reaped is dead.
bool is_alive(pid_t id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return false;
  const std::size_t name_end = line.rfind(')');
  return name_end != std::string::npos && line.substr(name_end + 2, 1) != "Z";
}

pid_t grandchild_of(transport::EventLoop& loop, Target& target) {
  const std::string reply = say(loop, *open_session(loop, target), "CHILD");
  pid_t id = 0;
  if (reply.size() > 4) std::from_chars(reply.data() + 4, reply.data() + reply.size(), id);
  return id;
}

TEST(Survivors, StopEndsGrandchildrenToo) {
  transport::EventLoop loop;
  SpawnedTarget target(loop, {crashing_server("{port}"), {}, false, 2000ms});
  ASSERT_TRUE(start(loop, target).is_ready);
  const pid_t grandchild = grandchild_of(loop, target);
  ASSERT_GT(grandchild, 0);
  ASSERT_TRUE(is_alive(grandchild));
  EXPECT_TRUE(testing::stop(loop, target));
  EXPECT_FALSE(is_alive(grandchild));
}

TEST(Survivors, DestructionEndsGrandchildrenEvenOfAServerThatHasEnded) {
  transport::EventLoop loop;
  pid_t grandchild = 0;
  {
    SpawnedTarget target(loop, {crashing_server("{port}"), {}, false, 2000ms});
    ASSERT_TRUE(start(loop, target).is_ready);
    grandchild = grandchild_of(loop, target);
    ASSERT_GT(grandchild, 0);
    say(loop, *open_session(loop, target), "EXIT 0");
    EXPECT_EQ(testing::settle(loop, target), TargetState::exited);
    EXPECT_TRUE(is_alive(grandchild));
  }
  EXPECT_TRUE(run_until(loop, [&] { return !is_alive(grandchild); }));
}

// A daemon: in a session of its own, and no child of the server any more.
std::string daemon_beside_server(const std::string& id_file) {
  return "(setsid sh -c 'echo $$ > " + id_file + "; exec sleep 600' >/dev/null 2>&1 &) ; " + crashing_server("{port}");
}

pid_t id_in(transport::EventLoop& loop, const std::string& file) {
  pid_t id = 0;
  run_until(loop, [&] { return static_cast<bool>(std::ifstream(file) >> id); });
  return id;
}

TEST(Survivors, StopEndsDaemonsToo) {
  transport::EventLoop loop;
  ScratchFolder folder;
  SpawnedTarget target(loop, {daemon_beside_server(folder.path() + "/id"), {}, false, 2000ms});
  ASSERT_TRUE(start(loop, target).is_ready);
  const pid_t daemon = id_in(loop, folder.path() + "/id");
  ASSERT_TRUE(is_alive(daemon));
  EXPECT_TRUE(testing::stop(loop, target));
  EXPECT_FALSE(is_alive(daemon));
}

TEST(Survivors, DestructionEndsDaemonsToo) {
  transport::EventLoop loop;
  ScratchFolder folder;
  pid_t daemon = 0;
  {
    SpawnedTarget target(loop, {daemon_beside_server(folder.path() + "/id"), {}, false, 2000ms});
    ASSERT_TRUE(start(loop, target).is_ready);
    daemon = id_in(loop, folder.path() + "/id");
    ASSERT_TRUE(is_alive(daemon));
  }
  EXPECT_TRUE(run_until(loop, [&] { return !is_alive(daemon); }));
}

TEST(Survivors, DaemonOfASessionOverAPipeEndsWithTheTarget) {
  transport::EventLoop loop;
  ScratchFolder folder;
  // It greets when the daemon is out of its group, else the end of the session would end the daemon.
  const std::string file = folder.path() + "/id";
  PipeTarget target(loop, {"(setsid sh -c 'echo $$ > " + file + "; exec sleep 600' >/dev/null 2>&1 &); while ! [ -s " +
                           file + " ]; do sleep 0.01; done; echo 220 ready; read quit; echo 221 bye"});
  ASSERT_TRUE(start(loop, target).is_ready);
  const pid_t daemon = id_in(loop, file);
  ASSERT_TRUE(is_alive(daemon));
  EXPECT_TRUE(testing::stop(loop, target));
  EXPECT_FALSE(is_alive(daemon));
}

struct Left {
  pid_t grandchild = 0;
  char folder[4000] = "";
};

TEST(Survivors, NothingIsLeftWhenTheToolIsKilled) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t tool = ::fork();
  if (tool == 0) {
    transport::EventLoop loop;
    SpawnedTarget target(loop, {"true {maildir}; " + crashing_server("{port}"), {}, false, 2000ms});
    Left left;
    if (start(loop, target).is_ready) left.grandchild = grandchild_of(loop, target);
    target.maildir().copy(left.folder, sizeof left.folder - 1);
    if (::write(ends[1], &left, sizeof left) < 0) ::_exit(1);
    ::raise(SIGKILL);
  }
  ::close(ends[1]);
  Left left;
  ASSERT_EQ(::read(ends[0], &left, sizeof left), static_cast<ssize_t>(sizeof left));
  ::close(ends[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(tool, &status, 0), tool);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_GT(left.grandchild, 0);
  transport::EventLoop loop;
  EXPECT_TRUE(run_until(loop, [&] { return !is_alive(left.grandchild); })) << "the guardian kills the whole group";
  EXPECT_TRUE(run_until(loop, [&] { return !std::filesystem::exists(left.folder); })) << left.folder;
}

}  // namespace
}  // namespace smtpspec::target
