// How a stream ends: FIN and RST, with and without octets before it, seen while reading and while writing.
#include <gtest/gtest.h>

#include "harness/transport/connection.h"
#include "tests/support/loop.h"

namespace smtpspec::transport {
namespace {

using namespace std::chrono_literals;
using testing::make_pair;
using testing::receive;
using testing::run_until;
using testing::send;

TEST(ConnectionEnd, FinIsNotRst) {
  EventLoop loop;
  auto closed = make_pair(loop);
  closed.server->close();
  EXPECT_EQ(receive(loop, *closed.client).status, ReceiveStatus::peer_closed);
  EXPECT_EQ(receive(loop, *closed.client).status, ReceiveStatus::peer_closed) << "as often as asked";
  auto aborted = make_pair(loop);
  aborted.server->abort();
  EXPECT_EQ(receive(loop, *aborted.client).status, ReceiveStatus::reset);
  EXPECT_EQ(receive(loop, *aborted.client).status, ReceiveStatus::reset) << "as often as asked";
}

TEST(ConnectionEnd, RstWhileWaitingIsSeen) {
  EventLoop loop;
  auto pair = make_pair(loop);
  ReceiveStatus status = ReceiveStatus::octets;
  pair.client->receive(loop.now() + 5s, [&](const ReceiveResult& result) { status = result.status; });
  loop.run_for(2ms);
  pair.server->abort();
  EXPECT_TRUE(run_until(loop, [&] { return status == ReceiveStatus::reset; }));
}

TEST(ConnectionEnd, OctetsBeforeTheFinComeFirst) {
  EventLoop loop;
  auto pair = make_pair(loop);
  send(loop, *pair.server, "421 bye\r\n");
  pair.server->close();
  EXPECT_EQ(receive(loop, *pair.client).octets, "421 bye\r\n");
  EXPECT_EQ(receive(loop, *pair.client).status, ReceiveStatus::peer_closed);
}

TEST(ConnectionEnd, CloseWithUnreadOctetsIsStillAFinAndLosesNoReply) {
  EventLoop loop;
  auto pair = make_pair(loop);
  send(loop, *pair.client, "PIPELINED\r\nAND UNREAD\r\n");
  loop.run_for(2ms);
  send(loop, *pair.server, "421 bye\r\n");
  pair.server->close();
  EXPECT_EQ(receive(loop, *pair.client).octets, "421 bye\r\n");
  EXPECT_EQ(receive(loop, *pair.client).status, ReceiveStatus::peer_closed);
}

TEST(ConnectionEnd, HalfCloseEndsOneDirectionOnly) {
  EventLoop loop;
  auto pair = make_pair(loop);
  pair.client->half_close();
  EXPECT_EQ(receive(loop, *pair.server).status, ReceiveStatus::peer_closed);
  EXPECT_EQ(send(loop, *pair.server, "221 bye\r\n").status, SendStatus::sent);
  EXPECT_EQ(receive(loop, *pair.client).octets, "221 bye\r\n");
}

TEST(ConnectionEnd, SendIntoAClosedPeerSaysResetAndKeepsWhatThePeerHadSaid) {
  EventLoop loop;
  auto pair = make_pair(loop);
  send(loop, *pair.server, "421 bye\r\n");
  pair.server->close();
  SendStatus status = SendStatus::sent;
  for (int count = 0; count < 10 && status == SendStatus::sent; ++count) {
    status = send(loop, *pair.client, "NOOP\r\n").status;
    loop.run_for(1ms);
  }
  EXPECT_EQ(status, SendStatus::reset);
  EXPECT_EQ(receive(loop, *pair.client).octets, "421 bye\r\n");
  EXPECT_EQ(receive(loop, *pair.client).status, ReceiveStatus::reset);
}

TEST(ConnectionEnd, PeerThatDiesWhileASendIsStuckEndsIt) {
  EventLoop loop;
  auto pair = make_pair(loop);
  SendStatus status = SendStatus::sent;
  bool called = false;
  pair.client->send(std::string(32 << 20, 'x'), loop.now() + 5s, [&](const SendResult& result) {
    status = result.status;
    called = true;
  });
  loop.run_for(5ms);
  pair.server->abort();
  EXPECT_TRUE(run_until(loop, [&] { return called; }));
  EXPECT_EQ(status, SendStatus::reset);
}

}  // namespace
}  // namespace smtpspec::transport
