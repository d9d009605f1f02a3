#include "harness/transport/connection.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

#include "tests/support/loop.h"

namespace smtpspec::transport {
namespace {

using namespace std::chrono_literals;
using testing::connect;
using testing::make_pair;
using testing::receive;
using testing::receive_all;
using testing::run_until;
using testing::send;

std::string temporary_path(const std::string& name) {
  return ::testing::TempDir() + name + "." + std::to_string(::getpid());
}

TEST(Connection, CarriesOctetsBothWaysOverIpv4AndIpv6AndUnixSockets) {
  EventLoop loop;
  ListenOptions ipv6;
  ipv6.address = "::1";
  ListenOptions unix_socket;
  unix_socket.unix_path = temporary_path("both-ways");
  for (const ListenOptions& options : {ListenOptions{}, ipv6, unix_socket}) {
    auto pair = make_pair(loop, options);
    ASSERT_TRUE(pair.server);
    EXPECT_EQ(send(loop, *pair.server, std::string("220 \0\xff\r\n", 8)).status, SendStatus::sent);
    EXPECT_EQ(receive(loop, *pair.client).octets, std::string("220 \0\xff\r\n", 8));
    EXPECT_EQ(send(loop, *pair.client, "EHLO x\r\n").octets_sent, 8u);
    EXPECT_EQ(receive(loop, *pair.server).octets, "EHLO x\r\n");
  }
}

TEST(Connection, KnowsBothAddresses) {
  EventLoop loop;
  auto pair = make_pair(loop);
  EXPECT_EQ(pair.client->peer_address(), "127.0.0.1");
  EXPECT_EQ(pair.server->peer_port(), pair.client->local_port());
  EXPECT_NE(pair.client->local_port(), 0);
}

TEST(Connection, ConnectsToAName) {
  EventLoop loop;
  auto listener = Listener::listen(loop, {}, [](std::unique_ptr<Connection>) {});
  Connection client(loop);
  // Where localhost has an IPv6 address too, that one refuses and the next is tried.
  const auto result = connect(loop, client, {"localhost", (*listener)->port(), ""});
  EXPECT_TRUE(result.is_connected()) << result.message;
}

TEST(Connection, TellsRefusalFromUnknownNameFromMissingRoute) {
  EventLoop loop;
  Connection client(loop);
  std::uint16_t closed_port = 0;
  {
    auto listener = Listener::listen(loop, {}, [](std::unique_ptr<Connection>) {});
    closed_port = (*listener)->port();
  }
  EXPECT_EQ(connect(loop, client, {"127.0.0.1", closed_port, ""}).status, ConnectStatus::refused);
  EXPECT_EQ(connect(loop, client, {"", 0, temporary_path("nobody")}).status, ConnectStatus::refused);
  EXPECT_EQ(connect(loop, client, {"", 0, std::string(300, 'x')}).status, ConnectStatus::failed);
  EXPECT_EQ(connect(loop, client, {"no such name", 25, ""}).status, ConnectStatus::resolve_failed);
  EXPECT_FALSE(client.is_open());
}

TEST(Connection, ConnectTimesOutWhenNobodyAnswers) {
  EventLoop loop;
  // A backlog that is full: the kernel drops what comes then.
  const int full = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(full, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(full, 0), 0);
  ASSERT_EQ(::getsockname(full, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::vector<std::unique_ptr<Connection>> fill;
  ConnectResult result{ConnectStatus::connected, {}};
  for (int count = 0; count < 5 && result.is_connected(); ++count) {
    fill.push_back(std::make_unique<Connection>(loop));
    result = connect(loop, *fill.back(), {"127.0.0.1", ntohs(address.sin_port), ""}, 50ms);
  }
  EXPECT_EQ(result.status, ConnectStatus::timed_out);
  ::close(full);
}

TEST(Connection, ReceiveTimesOutAndGoesOnAfterwards) {
  EventLoop loop;
  auto pair = make_pair(loop);
  EXPECT_EQ(receive(loop, *pair.client, 5ms).status, ReceiveStatus::timed_out);
  EXPECT_EQ(receive(loop, *pair.client, 0ms).status, ReceiveStatus::timed_out);
  send(loop, *pair.server, "250 late\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "250 late\r\n");
}

TEST(Connection, ShorterDeadlineAfterALongerOneIsKept) {
  EventLoop loop;
  auto pair = make_pair(loop);
  send(loop, *pair.server, "1");
  EXPECT_EQ(receive(loop, *pair.client, 60'000ms).octets, "1");
  EXPECT_EQ(receive(loop, *pair.client, 5ms).status, ReceiveStatus::timed_out);
}

TEST(Connection, GivesNoMoreThanItsBufferAtOnceAndLosesNothing) {
  EventLoop loop;
  auto pair = make_pair(loop);
  std::string octets;
  for (int line = 0; line < 3000; ++line) octets += "250-line " + std::to_string(line) + "\r\n";
  send(loop, *pair.server, octets);
  EXPECT_LE(receive(loop, *pair.client).octets.size(), 4096u);
  EXPECT_EQ(receive_all(loop, *pair.client, octets.size() - 4096), octets.substr(4096));
}

TEST(Connection, SplitsASendIntoPiecesOfItsOwn) {
  EventLoop loop;
  auto pair = make_pair(loop);
  std::vector<std::string> pieces;
  bool is_sent = false;
  SendPacing pacing;
  pacing.split_offsets = {2, 7};
  pacing.gap = 20ms;
  pair.client->send("MAIL FROM:<>\r\n", pacing, loop.now() + 5s, [&](const SendResult&) { is_sent = true; });
  while (pieces.size() < 3) {
    const auto piece = receive(loop, *pair.server);
    ASSERT_EQ(piece.status, ReceiveStatus::octets);
    pieces.push_back(piece.octets);
  }
  EXPECT_EQ(pieces, (std::vector<std::string>{"MA", "IL FR", "OM:<>\r\n"}));
  EXPECT_TRUE(run_until(loop, [&] { return is_sent; }));
}

TEST(Connection, SplitsASendBySize) {
  EventLoop loop;
  auto pair = make_pair(loop);
  SendPacing pacing;
  pacing.piece_octets = 3;
  pacing.gap = 10ms;
  bool is_sent = false;
  pair.client->send("NOOP\r\nQ", pacing, loop.now() + 5s, [&](const SendResult&) { is_sent = true; });
  EXPECT_EQ(receive(loop, *pair.server).octets, "NOO");
  EXPECT_EQ(receive(loop, *pair.server).octets, "P\r\n");
  EXPECT_EQ(receive(loop, *pair.server).octets, "Q");
  EXPECT_TRUE(run_until(loop, [&] { return is_sent; }));
}

TEST(Connection, PacedSendKeepsItsDeadline) {
  EventLoop loop;
  auto pair = make_pair(loop);
  SendPacing pacing;
  pacing.piece_octets = 1;
  pacing.gap = 1h;
  const auto result = send(loop, *pair.client, "NOOP", pacing, 10ms);
  EXPECT_EQ(result.status, SendStatus::timed_out);
  EXPECT_EQ(result.octets_sent, 1u);
}

TEST(Connection, SendIntoAPeerThatNeverReadsTimesOut) {
  EventLoop loop;
  auto pair = make_pair(loop);
  const auto result = send(loop, *pair.client, std::string(32 << 20, 'x'), {}, 50ms);
  EXPECT_EQ(result.status, SendStatus::timed_out);
  EXPECT_LT(result.octets_sent, std::size_t{32} << 20);
}

TEST(Connection, SendDoesNotDeadlockWithAPeerThatIsStuckInSending) {
  EventLoop loop;
  auto pair = make_pair(loop);
  // Shrunken buffers: each side can go on only when the other reads, and neither is asked to.
  bool client_sent = false;
  bool server_sent = false;
  const std::string octets(1 << 22, 'x');
  pair.server->send(std::string(200 * 1024, 'r'), loop.now() + 5s,
                    [&](const SendResult& result) { server_sent = result.status == SendStatus::sent; });
  pair.client->send(octets, loop.now() + 5s,
                    [&](const SendResult& result) { client_sent = result.status == SendStatus::sent; });
  std::size_t count = 0;
  std::function<void(const ReceiveResult&)> on_octets = [&](const ReceiveResult& result) {
    ASSERT_EQ(result.status, ReceiveStatus::octets);
    count += result.octets.size();
    if (count < octets.size()) pair.server->receive(loop.now() + 5s, on_octets);
  };
  ASSERT_TRUE(run_until(loop, [&] { return server_sent; }));
  pair.server->receive(loop.now() + 5s, on_octets);
  EXPECT_TRUE(run_until(loop, [&] { return client_sent; }));
  EXPECT_EQ(receive_all(loop, *pair.client, 200 * 1024), std::string(200 * 1024, 'r'));
}

TEST(Connection, EndlessOctetsStayBoundedWhileASendIsStuck) {
  EventLoop loop;
  auto pair = make_pair(loop);
  // The server talks for ever and never reads.
  std::size_t spoken = 0;
  std::function<void(const SendResult&)> talk = [&](const SendResult& result) {
    spoken += result.octets_sent;
    if (result.status == SendStatus::sent) pair.server->send(std::string(64 * 1024, 'r'), loop.now() + 5s, talk);
  };
  pair.server->send("r", loop.now() + 5s, talk);
  EXPECT_EQ(send(loop, *pair.client, std::string(32 << 20, 'x'), {}, 100ms).status, SendStatus::timed_out);
  // What the kernel holds in both buffers, and kMaxEarlyOctets.
  EXPECT_LT(spoken, std::size_t{24} << 20);
  EXPECT_EQ(receive(loop, *pair.client).octets.size(), 4096u);
}

TEST(Connection, CallsBackNeverFromInsideTheCallThatAsked) {
  EventLoop loop;
  auto pair = make_pair(loop);
  bool called = false;
  pair.client->send("x", loop.now() + 5s, [&](const SendResult&) { called = true; });
  EXPECT_FALSE(called);
  EXPECT_TRUE(pair.client->is_busy());
  EXPECT_TRUE(run_until(loop, [&] { return called; }));
  EXPECT_FALSE(pair.client->is_busy());
}

TEST(Connection, NothingIsCalledAfterDestructionCloseOrAbort) {
  EventLoop loop;
  for (int how = 0; how < 3; ++how) {
    auto pair = make_pair(loop);
    auto other = make_pair(loop);
    int calls = 0;
    pair.client->receive(loop.now() + 1ms, [&](const ReceiveResult&) { ++calls; });
    pair.server->send("250 x\r\n", loop.now() + 1ms, [](const SendResult&) {});
    other.client->send("NOOP\r\n", loop.now() + 1ms, [&](const SendResult&) { ++calls; });
    auto connecting = std::make_unique<Connection>(loop);
    connecting->connect({"localhost", 1, ""}, loop.now() + 1ms, [&](const ConnectResult&) { ++calls; });
    if (how == 0) {
      pair.client.reset();
      other.client.reset();
      connecting.reset();
    } else {
      how == 1 ? pair.client->close() : pair.client->abort();
      how == 1 ? other.client->close() : other.client->abort();
      how == 1 ? connecting->close() : connecting->abort();
    }
    loop.run_for(10ms);
    EXPECT_EQ(calls, 0) << how;
  }
}

TEST(Connection, CancelEndsTheOperationAndNotTheConnection) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->receive(loop.now() + 5s, [](const ReceiveResult&) { FAIL(); });
  loop.run_for(1ms);
  pair.client->cancel();
  EXPECT_FALSE(pair.client->is_busy());
  send(loop, *pair.server, "250 x\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "250 x\r\n");
}

TEST(Connection, CallbackMayDestroyTheConnection) {
  EventLoop loop;
  auto pair = make_pair(loop);
  bool called = false;
  pair.client->receive(loop.now() + 5s, [&](const ReceiveResult&) {
    pair.client.reset();
    called = true;
  });
  send(loop, *pair.server, "220 x\r\n");
  EXPECT_TRUE(run_until(loop, [&] { return called; }));
  EXPECT_EQ(receive(loop, *pair.server).status, ReceiveStatus::peer_closed);
}

TEST(Connection, MayBeConnectedAgainAfterClose) {
  EventLoop loop;
  auto listener = Listener::listen(loop, {}, [](std::unique_ptr<Connection>) {});
  Connection client(loop);
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(connect(loop, client, (*listener)->endpoint()).is_connected());
    EXPECT_EQ(receive(loop, client).status, ReceiveStatus::peer_closed);
    client.close();
  }
}

TEST(Connection, SpeaksOverAnAttachedSocketPair) {
  EventLoop loop;
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  Connection client(loop);
  ASSERT_TRUE(client.attach(ends[0]));
  ASSERT_EQ(::write(ends[1], "220 x\r\n", 7), 7);
  EXPECT_EQ(receive(loop, client).octets, "220 x\r\n");
  client.half_close();
  char octet = 0;
  EXPECT_EQ(::read(ends[1], &octet, 1), 0);
  ::close(ends[1]);
  EXPECT_EQ(receive(loop, client).status, ReceiveStatus::peer_closed);
}

TEST(Connection, AttachesNothingButAStreamSocket) {
  EventLoop loop;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Connection client(loop);
  EXPECT_FALSE(client.attach(ends[0]));
  EXPECT_EQ(::close(ends[0]), 0);
  ::close(ends[1]);
}

TEST(Connection, ServesHundredsOfSessionsInOneLoop) {
  EventLoop loop;
  std::vector<std::unique_ptr<Connection>> servers;
  auto listener = Listener::listen(loop, {}, [&](std::unique_ptr<Connection> accepted) {
    accepted->send("220 x\r\n", loop.now() + 5s, [](const SendResult&) {});
    servers.push_back(std::move(accepted));
  });
  std::vector<std::unique_ptr<Connection>> clients;
  std::size_t greeted = 0;
  for (int count = 0; count < 400; ++count) {
    clients.push_back(std::make_unique<Connection>(loop));
    auto* client = clients.back().get();
    client->connect((*listener)->endpoint(), loop.now() + 5s, [&, client](const ConnectResult& result) {
      ASSERT_TRUE(result.is_connected()) << result.message;
      client->receive(loop.now() + 5s, [&](const ReceiveResult& answer) { greeted += answer.octets == "220 x\r\n"; });
    });
  }
  EXPECT_TRUE(run_until(loop, [&] { return greeted == clients.size(); })) << greeted;
}

}  // namespace
}  // namespace smtpspec::transport
