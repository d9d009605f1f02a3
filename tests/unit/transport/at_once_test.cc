// Connection::answer_at_once(): what can be had now comes from inside the call, all else as ever by the loop.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "harness/transport/connection.h"
#include "tests/support/loop.h"

namespace smtpspec::transport {
namespace {

using namespace std::chrono_literals;
using testing::make_pair;
using testing::Received;
using testing::run_until;
using testing::send;

constexpr auto kShort = 2ms;

// Starts a receive(); the value is there when it was answered.
void begin_receive(EventLoop& loop, Connection& connection, std::optional<Received>& result,
                   std::chrono::milliseconds time = 5000ms) {
  result.reset();
  connection.receive(loop.now() + time, [&result](const ReceiveResult& one) {
    result = Received{one.status, std::string(one.octets), one.has_close_notify, one.message};
  });
}

TEST(AtOnce, SendsAndReceivesWithoutATurnOfTheLoop) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->answer_at_once(kShort);
  send(loop, *pair.server, "220 hello\r\n");
  std::optional<Received> received;
  begin_receive(loop, *pair.client, received);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->octets, "220 hello\r\n");
  std::optional<SendResult> sent;
  pair.client->send("QUIT\r\n", loop.now() + 5s, [&](const SendResult& result) { sent = result; });
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->status, SendStatus::sent);
  EXPECT_EQ(sent->octets_sent, 6u);
  EXPECT_FALSE(pair.client->is_busy());
  EXPECT_EQ(testing::receive(loop, *pair.server).octets, "QUIT\r\n");
}

TEST(AtOnce, TellsTheEndOfTheStreamAsOftenAsAsked) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->answer_at_once(kShort);
  send(loop, *pair.server, "221 bye\r\n");
  pair.server->close();
  std::optional<Received> received;
  begin_receive(loop, *pair.client, received);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->octets, "221 bye\r\n");
  for (int times = 0; times < 2; ++times) {
    begin_receive(loop, *pair.client, received);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->status, ReceiveStatus::peer_closed);
  }
}

TEST(AtOnce, TellsAReset) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->answer_at_once(kShort);
  pair.server->abort();
  std::optional<Received> received;
  begin_receive(loop, *pair.client, received);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->status, ReceiveStatus::reset);
}

TEST(AtOnce, ConnectsOrIsRefusedWithoutATurnOfTheLoop) {
  EventLoop loop;
  Connection client(loop);
  client.answer_at_once(kShort);
  std::optional<ConnectStatus> status;
  const auto note = [&](const ConnectResult& result) { status = result.status; };
  std::uint16_t port = 0;
  {
    auto listener = Listener::listen(loop, {}, [](std::unique_ptr<Connection>) {});
    port = (*listener)->port();
    client.connect({"127.0.0.1", port, ""}, loop.now() + 5s, note);
    ASSERT_TRUE(status);
    EXPECT_EQ(*status, ConnectStatus::connected);
    EXPECT_TRUE(client.is_open());
  }
  status.reset();
  client.connect({"127.0.0.1", port, ""}, loop.now() + 5s, note);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, ConnectStatus::refused);
  // A name takes its time.
  status.reset();
  client.connect({"localhost", port, ""}, loop.now() + 5s, note);
  EXPECT_FALSE(status);
  EXPECT_TRUE(run_until(loop, [&] { return status.has_value(); }));
  EXPECT_EQ(*status, ConnectStatus::refused);
}

TEST(AtOnce, WhatTakesLongerIsAnsweredByTheLoop) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->answer_at_once(kShort);
  std::optional<Received> received;
  // Again and again: whether it was in vain to ask must not change what comes.
  for (int times = 0; times < 5; ++times) {
    begin_receive(loop, *pair.client, received);
    EXPECT_FALSE(received);
    send(loop, *pair.server, "250 late\r\n");
    EXPECT_TRUE(run_until(loop, [&] { return received.has_value(); }));
    EXPECT_EQ(received->octets, "250 late\r\n");
  }
}

TEST(AtOnce, KeepsTheDeadline) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->answer_at_once(kShort);
  for (const auto time : {0ms, 1ms, 20ms}) {
    std::optional<Received> received;
    const auto began = loop.now();
    begin_receive(loop, *pair.client, received, time);
    EXPECT_TRUE(run_until(loop, [&] { return received.has_value(); }));
    EXPECT_EQ(received->status, ReceiveStatus::timed_out);
    EXPECT_GE(loop.now() - began, time);
  }
}

TEST(AtOnce, ASendThatIsStuckIsEndedByTheLoop) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->answer_at_once(kShort);
  std::optional<SendStatus> status;
  pair.client->send(std::string(64 * 1024 * 1024, 'x'), loop.now() + 50ms,
                    [&](const SendResult& result) { status = result.status; });
  EXPECT_FALSE(status);
  EXPECT_TRUE(run_until(loop, [&] { return status.has_value(); }));
  EXPECT_EQ(*status, SendStatus::timed_out);
}

TEST(AtOnce, ALoopDoesWhatIsDueAndDoesNotWait) {
  EventLoop loop;
  bool is_late = false;
  int calls = 0;
  const Timer timer = loop.call_after(1h, [&] { is_late = true; });
  loop.post([&] { ++calls; });
  loop.run_ready();
  EXPECT_EQ(calls, 1);
  loop.run_ready();
  EXPECT_EQ(calls, 1);
  // Stopped within, it can be run again.
  loop.post([&] { loop.stop(); });
  loop.run_ready();
  loop.post([&] { ++calls; });
  loop.run_ready();
  EXPECT_EQ(calls, 2);
  EXPECT_FALSE(is_late);
}

}  // namespace
}  // namespace smtpspec::transport
