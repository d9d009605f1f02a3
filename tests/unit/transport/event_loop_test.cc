#include "harness/transport/event_loop.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "tests/support/loop.h"

namespace smtpspec::transport {
namespace {

using namespace std::chrono_literals;
using testing::run_until;

TEST(EventLoop, RunsWhatIsPostedInOrderAndNeverAtOnce) {
  EventLoop loop;
  std::string order;
  loop.post([&] {
    loop.post([&] { order += "c"; });
    order += "a";
  });
  loop.post([&] { order += "b"; });
  EXPECT_EQ(order, "");
  EXPECT_TRUE(run_until(loop, [&] { return order.size() == 3; }));
  EXPECT_EQ(order, "abc");
}

TEST(EventLoop, StopThatCameFirstIsNotLost) {
  EventLoop loop;
  loop.stop();
  loop.run();
  EXPECT_FALSE(loop.run_for(1ms));
}

TEST(EventLoop, StopsFromAnotherThread) {
  EventLoop loop;
  std::thread other([&] { loop.post([&] { loop.stop(); }); });
  EXPECT_TRUE(loop.run_for(testing::kPatience));
  other.join();
}

TEST(Timer, CallsOnceInOrderOfTime) {
  EventLoop loop;
  std::string order;
  Timer late = loop.call_after(3ms, [&] { order += "late"; });
  Timer early = loop.call_after(1ms, [&] { order += "early "; });
  EXPECT_TRUE(early.is_pending());
  EXPECT_TRUE(run_until(loop, [&] { return order == "early late"; }));
  EXPECT_FALSE(early.is_pending());
}

TEST(Timer, NeverCallsAfterCancelOrDestructionOrReplacement) {
  EventLoop loop;
  int calls = 0;
  Timer cancelled = loop.call_after(0ms, [&] { ++calls; });
  cancelled.cancel();
  {
    Timer destroyed = loop.call_after(0ms, [&] { ++calls; });
  }
  Timer replaced = loop.call_after(0ms, [&] { ++calls; });
  replaced = Timer();
  loop.run_for(5ms);
  EXPECT_EQ(calls, 0);
}

TEST(Timer, MayCancelItselfInItsCall) {
  EventLoop loop;
  Timer timer;
  bool called = false;
  timer = loop.call_after(0ms, [&] {
    timer.cancel();
    called = true;
  });
  EXPECT_TRUE(run_until(loop, [&] { return called; }));
}

TEST(SignalWatch, CallsForEachSignalUntilItIsGone) {
  EventLoop loop;
  int seen = 0;
  SignalWatch watch = loop.on_signals({SIGUSR1, SIGUSR2}, [&](int signal) { seen += signal == SIGUSR1 ? 1 : 10; });
  ::raise(SIGUSR1);
  EXPECT_TRUE(run_until(loop, [&] { return seen == 1; }));
  ::raise(SIGUSR2);
  EXPECT_TRUE(run_until(loop, [&] { return seen == 11; }));
}

}  // namespace
}  // namespace smtpspec::transport
