#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "harness/transport/connection.h"
#include "tests/support/loop.h"

namespace smtpspec::transport {
namespace {

using namespace std::chrono_literals;
using testing::make_pair;
using testing::Pair;
using testing::receive;
using testing::receive_all;
using testing::run_until;
using testing::send;

std::shared_ptr<ServerTls> server_tls() { return *ServerTls::make_self_signed({"mail.example.org", "127.0.0.1"}); }
std::shared_ptr<ClientTls> client_tls(const TlsPolicy& policy = {}) { return *ClientTls::make(policy); }

struct Handshakes {
  TlsResult client;
  TlsResult server;
};

Handshakes shake_hands(EventLoop& loop, Pair& pair, std::shared_ptr<ClientTls> client,
                       std::shared_ptr<ServerTls> server, const std::string& name = "mail.example.org") {
  std::optional<TlsResult> client_result;
  std::optional<TlsResult> server_result;
  pair.client->start_tls(client, name, loop.now() + 5s, [&](const TlsResult& result) { client_result = result; });
  pair.server->accept_tls(server, loop.now() + 5s, [&](const TlsResult& result) {
    server_result = result;
    if (!result.is_ok) pair.server->close();
  });
  EXPECT_TRUE(run_until(loop, [&] { return client_result && server_result; }));
  return {client_result.value_or(TlsResult{}), server_result.value_or(TlsResult{})};
}

TEST(Tls, ComesUpInTheMiddleAndTellsWhatItIs) {
  EventLoop loop;
  auto pair = make_pair(loop);
  send(loop, *pair.server, "220 go ahead\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "220 go ahead\r\n");
  const auto [client, server] = shake_hands(loop, pair, client_tls(), server_tls());
  ASSERT_TRUE(client.is_ok) << client.error;
  ASSERT_TRUE(server.is_ok) << server.error;
  EXPECT_EQ(client.version, 13);
  EXPECT_EQ(client.version_name, "TLSv1.3");
  EXPECT_EQ(client.cipher, server.cipher);
  EXPECT_EQ(client.peer_subject, "CN=mail.example.org");
  EXPECT_FALSE(client.is_verified);
  EXPECT_EQ(client.verify_error, "self-signed certificate");
  EXPECT_EQ(client.plaintext_left, "");
  EXPECT_TRUE(pair.client->is_tls());
  send(loop, *pair.client, "EHLO x\r\n");
  EXPECT_EQ(receive(loop, *pair.server).octets, "EHLO x\r\n");
  const std::string octets(300'000, 'x');
  bool is_sent = false;
  pair.server->send(octets, loop.now() + 5s,
                    [&](const SendResult& result) { is_sent = result.status == SendStatus::sent; });
  EXPECT_EQ(receive_all(loop, *pair.client, octets.size()), octets);
  EXPECT_TRUE(run_until(loop, [&] { return is_sent; }));
}

TEST(Tls, KeepsToTheVersionsOfThePolicy) {
  EventLoop loop;
  auto pair = make_pair(loop);
  TlsPolicy policy;
  policy.max_version = 12;
  EXPECT_EQ(shake_hands(loop, pair, client_tls(policy), server_tls()).client.version, 12);
  policy.min_version = policy.max_version = 10;
  auto old = make_pair(loop);
  const auto [client, server] = shake_hands(loop, old, client_tls(policy), server_tls());
  EXPECT_FALSE(client.is_ok);
  EXPECT_FALSE(server.is_ok);
  EXPECT_NE(client.error, "");
  // One version alone may be asked for, whatever the policy says.
  auto single = make_pair(loop);
  std::optional<TlsResult> result;
  single.client->start_tls(client_tls(), "", 12, loop.now() + 5s, [&](const TlsResult& found) { result = found; });
  single.server->accept_tls(server_tls(), loop.now() + 5s, [](const TlsResult&) {});
  EXPECT_TRUE(run_until(loop, [&] { return result.has_value(); }));
  EXPECT_EQ(result->version, 12);
  EXPECT_TRUE(result->is_current);
  EXPECT_TRUE(result->has_dns_name);
  auto outdated = make_pair(loop);
  result.reset();
  outdated.client->start_tls(client_tls(), "", 10, loop.now() + 5s, [&](const TlsResult& found) { result = found; });
  outdated.server->accept_tls(server_tls(), loop.now() + 5s,
                              [&](const TlsResult& found) { found.is_ok ? void() : outdated.server->close(); });
  EXPECT_TRUE(run_until(loop, [&] { return result.has_value(); }));
  EXPECT_FALSE(result->is_ok);
  EXPECT_FALSE(result->is_own_refusal);
  policy.max_version = 7;
  EXPECT_FALSE(ClientTls::make(policy));
}

TEST(Tls, AServerWithFaultsHasThem) {
  EventLoop loop;
  const auto shown_by = [&](const TlsFaults& faults, int version) {
    auto pair = make_pair(loop);
    std::optional<TlsResult> result;
    pair.client->start_tls(client_tls(), "", version, loop.now() + 5s, [&](const TlsResult& found) { result = found; });
    pair.server->accept_tls(*ServerTls::make_self_signed({"mail.example.org"}, faults), loop.now() + 5s,
                            [&](const TlsResult& found) { found.is_ok ? void() : pair.server->close(); });
    EXPECT_TRUE(run_until(loop, [&] { return result.has_value(); }));
    return *result;
  };
  EXPECT_EQ(shown_by({.min_version = 10}, 10).version, 10);
  EXPECT_EQ(shown_by({.min_version = 11}, 11).version, 11);
  EXPECT_FALSE(shown_by({.min_version = 11}, 10).is_ok);
  EXPECT_FALSE(shown_by({.is_expired = true}, 13).is_current);
  EXPECT_TRUE(shown_by({.is_expired = true}, 13).has_dns_name);
  EXPECT_FALSE(shown_by({.has_no_names = true}, 13).has_dns_name);
}

TEST(Tls, VerifiesOnlyWhenAskedButAlwaysLooks) {
  EventLoop loop;
  const auto server = server_tls();
  TlsPolicy policy;
  policy.must_verify = true;
  auto refused = make_pair(loop);
  const TlsResult distrusted = shake_hands(loop, refused, client_tls(policy), server).client;
  EXPECT_EQ(distrusted.error, "certificate verify failed");
  EXPECT_TRUE(distrusted.is_own_refusal);
  policy.ca_file = ::testing::TempDir() + "tls_test_ca.pem";
  std::ofstream(policy.ca_file) << server->certificate_pem();
  for (const char* name : {"mail.example.org", "127.0.0.1"}) {
    auto trusted = make_pair(loop);
    const auto result = shake_hands(loop, trusted, client_tls(policy), server, name).client;
    EXPECT_TRUE(result.is_ok && result.is_verified) << name << ": " << result.error << result.verify_error;
  }
  policy.must_verify = false;
  auto other_name = make_pair(loop);
  const auto result = shake_hands(loop, other_name, client_tls(policy), server, "other.example.org").client;
  EXPECT_TRUE(result.is_ok);
  EXPECT_EQ(result.verify_error, "hostname mismatch");
  policy.ca_file = "/nonexistent.pem";
  EXPECT_FALSE(ClientTls::make(policy));
}

TEST(Tls, ResumesSessionsOfBothVersions) {
  EventLoop loop;
  for (int version : {12, 13}) {
    TlsPolicy policy;
    policy.max_version = version;
    policy.is_resuming = true;
    const auto client = client_tls(policy);
    const auto server = server_tls();
    for (int round = 0; round < 3; ++round) {
      auto pair = make_pair(loop);
      const auto result = shake_hands(loop, pair, client, server).client;
      EXPECT_EQ(result.is_resumed, round > 0) << version << " " << round;
      send(loop, *pair.server, "250 ok\r\n");  // the tickets of TLS 1.3 come with it
      EXPECT_EQ(receive(loop, *pair.client).octets, "250 ok\r\n");
    }
  }
}

TEST(Tls, OctetsInClearBeforeTheHandshakeAreShownAndNeverBecomePartOfTheSession) {
  EventLoop loop;
  auto pair = make_pair(loop);
  send(loop, *pair.server, "220 go ahead\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "220 go ahead\r\n");
  send(loop, *pair.server, "250 injected\r\n");
  loop.run_for(2ms);
  const auto [client, server] = shake_hands(loop, pair, client_tls(), server_tls());
  EXPECT_TRUE(client.is_ok) << client.error;
  EXPECT_EQ(client.plaintext_left, "250 injected\r\n");
  send(loop, *pair.server, "250 inside\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "250 inside\r\n");
}

TEST(Tls, ServerThatGoesOnInClearIsQuoted) {
  EventLoop loop;
  auto pair = make_pair(loop);
  std::optional<TlsResult> result;
  pair.client->start_tls(client_tls(), "", loop.now() + 5s, [&](const TlsResult& answer) { result = answer; });
  receive(loop, *pair.server);
  send(loop, *pair.server, "500 what?\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return result.has_value(); }));
  EXPECT_FALSE(result->is_ok);
  EXPECT_EQ(result->error, "wrong version number; the peer said in clear \"500 what?\\r\\n\"");
}

TEST(Tls, GarbageSilenceAndDisappearanceEachFailWithAReason) {
  EventLoop loop;
  const auto attempt = [&](std::chrono::milliseconds time, const std::function<void(Connection&)>& act) {
    auto pair = make_pair(loop);
    std::optional<TlsResult> result;
    pair.client->start_tls(client_tls(), "", loop.now() + time, [&](const TlsResult& answer) { result = answer; });
    receive(loop, *pair.server);
    act(*pair.server);
    EXPECT_TRUE(run_until(loop, [&] { return result.has_value(); }));
    return result.value_or(TlsResult{});
  };
  const auto garbage = attempt(5s, [&](Connection& server) { send(loop, server, std::string(4000, '\x16')); });
  EXPECT_EQ(garbage.error, "wrong version number");
  const auto silence = attempt(10ms, [](Connection&) {});
  EXPECT_TRUE(silence.is_timed_out);
  EXPECT_EQ(silence.error, "the TLS handshake was not finished in time");
  const auto closed = attempt(5s, [](Connection& server) { server.close(); });
  EXPECT_EQ(closed.error, "the peer closed the connection during the TLS handshake");
  const auto reset = attempt(5s, [](Connection& server) { server.abort(); });
  EXPECT_EQ(reset.error, "the peer reset the connection during the TLS handshake");
}

TEST(Tls, ServerSurvivesAClientThatSpeaksNoTls) {
  EventLoop loop;
  auto pair = make_pair(loop);
  std::optional<TlsResult> result;
  pair.server->accept_tls(server_tls(), loop.now() + 5s, [&](const TlsResult& answer) { result = answer; });
  send(loop, *pair.client, "EHLO in.clear.example.org\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return result.has_value(); }));
  EXPECT_FALSE(result->is_ok);
  EXPECT_NE(result->error, "");
}

TEST(Tls, CloseNotifyIsToldFromAPlainFin) {
  EventLoop loop;
  auto polite = make_pair(loop);
  shake_hands(loop, polite, client_tls(), server_tls());
  polite.server->close();
  const auto notified = receive(loop, *polite.client);
  EXPECT_EQ(notified.status, ReceiveStatus::peer_closed);
  EXPECT_TRUE(notified.has_close_notify);
  auto rude = make_pair(loop);
  shake_hands(loop, rude, client_tls(), server_tls());
  rude.server->abort();
  EXPECT_EQ(receive(loop, *rude.client).status, ReceiveStatus::reset);
}

TEST(Tls, ReceiveTimesOutAndGoesOnAfterwards) {
  EventLoop loop;
  auto pair = make_pair(loop);
  shake_hands(loop, pair, client_tls(), server_tls());
  EXPECT_EQ(receive(loop, *pair.client, 5ms).status, ReceiveStatus::timed_out);
  send(loop, *pair.server, "250 late\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "250 late\r\n");
}

TEST(Tls, StuckSendReadsAndTimesOut) {
  EventLoop loop;
  auto pair = make_pair(loop);
  shake_hands(loop, pair, client_tls(), server_tls());
  send(loop, *pair.server, "421 enough\r\n");
  EXPECT_EQ(send(loop, *pair.client, std::string(32 << 20, 'x'), {}, 100ms).status, SendStatus::timed_out);
  EXPECT_EQ(receive(loop, *pair.client).octets, "421 enough\r\n");
}

TEST(Tls, HalfCloseEndsOneDirectionOnly) {
  EventLoop loop;
  auto pair = make_pair(loop);
  shake_hands(loop, pair, client_tls(), server_tls());
  pair.client->half_close();
  EXPECT_TRUE(receive(loop, *pair.server).has_close_notify);
  send(loop, *pair.server, "221 bye\r\n");
  EXPECT_EQ(receive(loop, *pair.client).octets, "221 bye\r\n");
}

TEST(ServerTls, NeedsANameAndFilesThatExist) {
  EXPECT_FALSE(ServerTls::make_self_signed({}));
  EXPECT_FALSE(ServerTls::load("/nonexistent.pem", "/nonexistent.key"));
}

}  // namespace
}  // namespace smtpspec::transport
