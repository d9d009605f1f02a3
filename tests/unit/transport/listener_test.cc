#include "harness/transport/listener.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/loop.h"

namespace smtpspec::transport {
namespace {

TEST(Listener, SaysWhyItCannotListen) {
  EventLoop loop;
  const AcceptCallback ignore = [](std::unique_ptr<Connection>) {};
  auto first = Listener::listen(loop, {}, ignore);
  ASSERT_TRUE(first);
  EXPECT_NE((*first)->port(), 0);
  ListenOptions taken;
  taken.port = (*first)->port();
  auto second = Listener::listen(loop, taken, ignore);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("127.0.0.1:" + std::to_string(taken.port)), std::string::npos) << second.error();
  ListenOptions named;
  named.address = "mail.example.org";
  EXPECT_FALSE(Listener::listen(loop, named, ignore));
}

TEST(Listener, RemovesItsUnixSocketAtTheEnd) {
  EventLoop loop;
  ListenOptions options;
  options.unix_path = ::testing::TempDir() + "listener." + std::to_string(::getpid());
  {
    auto listener = Listener::listen(loop, options, [](std::unique_ptr<Connection>) {});
    ASSERT_TRUE(listener) << listener.error();
    EXPECT_EQ(::access(options.unix_path.c_str(), F_OK), 0);
  }
  EXPECT_NE(::access(options.unix_path.c_str(), F_OK), 0);
}

TEST(Listener, MayBeDestroyedInItsOwnCallback) {
  EventLoop loop;
  std::unique_ptr<Listener> listener;
  int accepted = 0;
  listener = std::move(*Listener::listen(loop, {}, [&](std::unique_ptr<Connection>) {
    ++accepted;
    listener.reset();
  }));
  const Endpoint endpoint = listener->endpoint();
  Connection client(loop);
  EXPECT_TRUE(testing::connect(loop, client, endpoint).is_connected());
  EXPECT_TRUE(testing::run_until(loop, [&] { return accepted == 1; }));
  Connection late(loop);
  EXPECT_EQ(testing::connect(loop, late, endpoint).status, ConnectStatus::refused);
}

}  // namespace
}  // namespace smtpspec::transport
