#include "harness/server/net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/support/loop.h"

namespace smtpspec::server {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::receive;
using testing::run_until;
using ::testing::StartsWith;
using transport::Connection;
using transport::EventLoop;

std::unique_ptr<Server> serve(EventLoop& loop, ServerOptions options = {}) {
  return std::move(*Server::start(loop, std::move(options)));
}

std::unique_ptr<Connection> open_session(EventLoop& loop, const Server& server) {
  auto client = std::make_unique<Connection>(loop, 16 * 1024);
  EXPECT_TRUE(testing::connect(loop, *client, server.endpoint()).is_connected());
  EXPECT_THAT(receive(loop, *client).octets, StartsWith("220 mail.example.org"));
  return client;
}

std::string say(EventLoop& loop, Connection& client, const std::string& octets) {
  testing::send(loop, client, octets);
  return receive(loop, client).octets;
}

TEST(Server, CarriesAMailFromGreetingToQuit) {
  EventLoop loop;
  ServerOptions options;
  std::vector<std::string> seen;
  options.on_message = [&](const std::vector<Delivery>& deliveries, std::string_view content) {
    seen.push_back(deliveries.at(0).envelope.reverse_path + " " + std::string(content));
  };
  const auto server = serve(loop, options);
  auto client = open_session(loop, *server);
  EXPECT_EQ(server->open_sessions(), 1);
  EXPECT_THAT(say(loop, *client, "EHLO client.example.org\r\n"), HasSubstr("250-PIPELINING\r\n"));
  EXPECT_THAT(say(loop, *client, "MAIL FROM:<s@example.net>\r\n"), StartsWith("250 "));
  EXPECT_THAT(say(loop, *client, "RCPT TO:<alice@example.org>\r\n"), StartsWith("250 "));
  EXPECT_THAT(say(loop, *client, "DATA\r\n"), StartsWith("354 "));
  EXPECT_THAT(say(loop, *client, "Subject: x\r\n\r\n..\r\n.\r\n"), StartsWith("250 "));
  EXPECT_EQ(seen, (std::vector<std::string>{"s@example.net Subject: x\r\n\r\n.\r\n"}));
  EXPECT_THAT(say(loop, *client, "QUIT\r\n"), StartsWith("221 "));
  EXPECT_EQ(receive(loop, *client).status, transport::ReceiveStatus::peer_closed);
  EXPECT_TRUE(run_until(loop, [&] { return server->open_sessions() == 0; }));
}

TEST(Server, TakesTlsInTheMiddleAndFromTheStart) {
  EventLoop loop;
  for (bool is_implicit : {false, true}) {
    ServerOptions options;
    options.is_implicit_tls = is_implicit;
    const auto server = serve(loop, options);
    Connection client(loop);
    ASSERT_TRUE(testing::connect(loop, client, server->endpoint()).is_connected());
    if (!is_implicit) {
      receive(loop, client);
      say(loop, client, "EHLO client.example.org\r\n");
      EXPECT_THAT(say(loop, client, "STARTTLS\r\n"), StartsWith("220 "));
    }
    std::optional<transport::TlsResult> tls;
    client.start_tls(*transport::ClientTls::make({}), "mail.example.org", loop.now() + 5s,
                     [&](const transport::TlsResult& result) { tls = result; });
    ASSERT_TRUE(run_until(loop, [&] { return tls.has_value(); }));
    EXPECT_TRUE(tls->is_ok) << tls->error;
    EXPECT_EQ(tls->peer_subject, "CN=mail.example.org");
    if (is_implicit) {
      EXPECT_THAT(receive(loop, client).octets, StartsWith("220 "));
    }
    const std::string reply = say(loop, client, "EHLO client.example.org\r\n");
    EXPECT_THAT(reply, StartsWith("250-"));
    EXPECT_EQ(reply.find("STARTTLS"), std::string::npos);
    EXPECT_THAT(say(loop, client, "QUIT\r\n"), StartsWith("221 "));
    EXPECT_TRUE(receive(loop, client).has_close_notify);
  }
}

TEST(Server, SurvivesClientsThatVanishAtAnyPoint) {
  EventLoop loop;
  const auto server = serve(loop);
  for (const char* talk : {"", "EH", "EHLO x.example.org\r\n", "EHLO x.example.org\r\nSTARTTLS\r\n", "DATA\r\n"}) {
    for (bool is_abort : {false, true}) {
      auto client = open_session(loop, *server);
      if (*talk) testing::send(loop, *client, talk);
      is_abort ? client->abort() : client->close();
    }
  }
  EXPECT_TRUE(run_until(loop, [&] { return server->open_sessions() == 0; })) << server->open_sessions();
  open_session(loop, *server);
}

TEST(Server, LastReplyArrivesThoughTheClientGoesOnTalking) {
  EventLoop loop;
  const auto server = serve(loop);
  for (int round = 0; round < 20; ++round) {
    auto client = open_session(loop, *server);
    testing::send(loop, *client, "QUIT\r\n");
    transport::SendStatus status = transport::SendStatus::sent;
    for (int count = 0; count < 20 && status == transport::SendStatus::sent; ++count)
      status = testing::send(loop, *client, "NOOP\r\n").status;
    EXPECT_EQ(status, transport::SendStatus::sent);
    EXPECT_THAT(receive(loop, *client).octets, StartsWith("221 "));
    EXPECT_EQ(receive(loop, *client).status, transport::ReceiveStatus::peer_closed);
  }
}

TEST(Server, TurnsAwayWhatIsAboveItsLimit) {
  EventLoop loop;
  ServerOptions options;
  options.max_sessions = 1;
  const auto server = serve(loop, options);
  auto first = open_session(loop, *server);
  Connection second(loop);
  ASSERT_TRUE(testing::connect(loop, second, server->endpoint()).is_connected());
  EXPECT_EQ(receive(loop, second).octets, "421 mail.example.org too many connections\r\n");
  EXPECT_EQ(receive(loop, second).status, transport::ReceiveStatus::peer_closed);
  EXPECT_THAT(say(loop, *first, "NOOP\r\n"), StartsWith("250 "));
}

TEST(Server, IdleClientGets421) {
  EventLoop loop;
  ServerOptions options;
  options.config.command_timeout = 0s;
  const auto server = serve(loop, options);
  Connection client(loop);
  ASSERT_TRUE(testing::connect(loop, client, server->endpoint()).is_connected());
  const std::string everything = testing::receive_all(loop, client, 10'000);
  EXPECT_THAT(everything, StartsWith("220 "));
  EXPECT_THAT(everything, HasSubstr("\r\n421 "));
}

TEST(Server, ShutdownGivesEverySessionIts421) {
  EventLoop loop;
  const auto server = serve(loop);
  std::vector<std::unique_ptr<Connection>> clients;
  for (int count = 0; count < 3; ++count) clients.push_back(open_session(loop, *server));
  bool is_done = false;
  server->shutdown([&] { is_done = true; });
  for (auto& client : clients) {
    EXPECT_THAT(receive(loop, *client).octets, StartsWith("421 "));
    EXPECT_EQ(receive(loop, *client).status, transport::ReceiveStatus::peer_closed);
    client->close();
  }
  EXPECT_TRUE(run_until(loop, [&] { return is_done; }));
  Connection late(loop);
  EXPECT_EQ(testing::connect(loop, late, server->endpoint()).status, transport::ConnectStatus::refused);
}

TEST(Server, ShutdownOfAnIdleServerIsDoneAtOnce) {
  EventLoop loop;
  const auto server = serve(loop);
  bool is_done = false;
  server->shutdown([&] { is_done = true; });
  EXPECT_FALSE(is_done);
  EXPECT_TRUE(run_until(loop, [&] { return is_done; }));
}

TEST(Server, MayBeDestroyedWithSessionsInEveryState) {
  EventLoop loop;
  auto server = serve(loop);
  auto waiting = open_session(loop, *server);
  auto lingering = open_session(loop, *server);
  EXPECT_THAT(say(loop, *lingering, "QUIT\r\n"), StartsWith("221 "));
  auto shaking = open_session(loop, *server);
  say(loop, *shaking, "EHLO x.example.org\r\n");
  say(loop, *shaking, "STARTTLS\r\n");
  server.reset();
  EXPECT_EQ(receive(loop, *waiting).status, transport::ReceiveStatus::peer_closed);
}

}  // namespace
}  // namespace smtpspec::server
