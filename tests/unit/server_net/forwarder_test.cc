// Mail that one reference server relays to another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/server/net/server.h"
#include "tests/support/loop.h"

namespace smtpspec::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::receive;
using testing::run_until;
using ::testing::StartsWith;
using transport::Connection;
using transport::EventLoop;

struct Taken {
  std::string mail;
  std::vector<std::string> rcpts;
  std::string content;
};

class Relaying : public ::testing::Test {
 protected:
  // Takes mail for two mailboxes of relay.example, or for everybody where it is an open relay.
  std::unique_ptr<Server> next_hop(std::uint16_t port, Config config = {}) {
    ServerOptions options;
    options.port = port;
    config.host_name = "next.example";
    config.local_domains = {config.open_relay ? "next.example" : "relay.example"};
    config.mailboxes = {{"someone", ""}, {"other", ""}};
    options.config = std::move(config);
    options.on_message = [this](const std::vector<Delivery>& deliveries, std::string_view content) {
      Taken& one = taken.emplace_back();
      one.content = content;
      one.mail = deliveries.front().envelope.as_sent;
      for (const Recipient& recipient : deliveries.front().envelope.recipients) one.rcpts.push_back(recipient.as_sent);
    };
    return start(std::move(options));
  }

  std::unique_ptr<Server> relay_to(transport::Endpoint endpoint) {
    ServerOptions options;
    options.config.relay_domains = {"relay.example"};
    options.next_hop = std::move(endpoint);
    options.on_message = [this](const std::vector<Delivery>& deliveries, std::string_view content) {
      if (deliveries.front().final) stored.emplace_back(content);
    };
    return start(std::move(options));
  }

  std::unique_ptr<Server> start(ServerOptions options) {
    auto server = Server::start(loop, std::move(options));
    EXPECT_TRUE(server) << server.error();
    return std::move(*server);
  }

  // Every line and then the text; all are to be taken.
  void submit(const Server& server, const std::vector<std::string>& lines, const std::string& text) {
    Connection client(loop);
    ASSERT_TRUE(testing::connect(loop, client, server.endpoint()).is_connected());
    receive(loop, client);
    std::vector<std::string> all{"EHLO client.example.org"};
    all.insert(all.end(), lines.begin(), lines.end());
    all.emplace_back("DATA");
    all.push_back(text + ".");
    for (const std::string& line : all) {
      testing::send(loop, client, line + "\r\n");
      ASSERT_THAT(receive(loop, client).octets, ::testing::MatchesRegex("[23](.|\r|\n)*")) << line;
    }
  }

  EventLoop loop;
  std::vector<Taken> taken;         // by the next hop
  std::vector<std::string> stored;  // by the relay
};

TEST_F(Relaying, PassesEnvelopeAndContentOnWithItsOwnReceivedFieldOnTop) {
  Config open;  // a relay itself: what delivers takes an old Return-Path away
  open.open_relay = true;
  const auto next = next_hop(0, open);
  const auto relay = relay_to(next->endpoint());
  const std::string text = "Return-Path: <x@example.com>\r\nSubject: a  \r\n b\r\n\r\n.dot\r\n";
  submit(*relay,
         {"MAIL FROM:<MiXed@example.com> BODY=8BITMIME RET=HDRS ENVID=e1",
          "RCPT TO:<@hop.example:someone@Relay.Example> NOTIFY=FAILURE", "RCPT TO:<other@relay.example>"},
         "Return-Path: <x@example.com>\r\nSubject: a  \r\n b\r\n\r\n..dot\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return !taken.empty(); }));
  EXPECT_EQ(taken[0].mail, "<MiXed@example.com> BODY=8BITMIME RET=HDRS ENVID=e1");
  EXPECT_THAT(taken[0].rcpts, ElementsAre("<someone@Relay.Example> NOTIFY=FAILURE", "<other@relay.example>"));
  EXPECT_THAT(taken[0].content, StartsWith("Received: from client.example.org"));
  ASSERT_GE(taken[0].content.size(), text.size());
  EXPECT_EQ(taken[0].content.substr(taken[0].content.find("Return-Path")), text);
}

TEST_F(Relaying, OffersNoParameterThatTheNextHopDoesNot) {
  Config plain;
  plain.extensions.dsn = plain.extensions.eight_bit_mime = plain.extensions.smtp_utf8 = false;
  const auto next = next_hop(0, plain);
  const auto relay = relay_to(next->endpoint());
  submit(*relay, {"MAIL FROM:<a@example.com> BODY=8BITMIME RET=HDRS", "RCPT TO:<someone@relay.example> NOTIFY=NEVER"},
         "Subject: x\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return !taken.empty(); }));
  EXPECT_EQ(taken[0].mail, "<a@example.com>");
  EXPECT_THAT(taken[0].rcpts, ElementsAre("<someone@relay.example>"));
}

TEST_F(Relaying, TriesAgainUntilTheNextHopIsThere) {
  const transport::Endpoint endpoint = next_hop(0)->endpoint();  // and gone again
  const auto relay = relay_to(endpoint);
  submit(*relay, {"MAIL FROM:<a@example.com>", "RCPT TO:<someone@relay.example>"}, "Subject: x\r\n\r\n");
  loop.run_for(100ms);
  const auto next = next_hop(endpoint.port);
  EXPECT_TRUE(run_until(loop, [&] { return taken.size() == 1; }));
  loop.run_for(600ms);
  EXPECT_EQ(taken.size(), 1U) << "and not again when it was taken";
}

TEST_F(Relaying, TriesAgainWhatTheNextHopDefers) {
  Config busy;
  busy.open_relay = true;
  busy.deferred_prefix = "later-";
  const auto next = next_hop(0, busy);
  const auto relay = relay_to(next->endpoint());
  submit(*relay, {"MAIL FROM:<alice@example.org>", "RCPT TO:<later-1@relay.example>", "RCPT TO:<other@relay.example>"},
         "Subject: x\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return taken.size() == 2; }));
  EXPECT_THAT(taken[0].rcpts, ElementsAre("<other@relay.example>"));
  EXPECT_THAT(taken[1].rcpts, ElementsAre("<later-1@relay.example>"));
  EXPECT_TRUE(stored.empty()) << "nobody is told of it";
}

TEST_F(Relaying, ReportsARecipientWhomTheNextHopRefuses) {
  const auto next = next_hop(0);
  const auto relay = relay_to(next->endpoint());
  submit(*relay, {"MAIL FROM:<alice@example.org>", "RCPT TO:<gone@relay.example>", "RCPT TO:<other@relay.example>"},
         "Subject: x\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return !stored.empty() && !taken.empty(); }));
  EXPECT_THAT(taken[0].rcpts, ElementsAre("<other@relay.example>"));
  EXPECT_THAT(stored[0], HasSubstr("Final-Recipient: rfc822; gone@relay.example"));
  EXPECT_THAT(stored[0], HasSubstr("Diagnostic-Code: X-Local; 550 "));
  EXPECT_EQ(stored[0].find("other@relay.example"), std::string::npos);
}

TEST_F(Relaying, AReportThatCannotBeDeliveredIsNotReported) {
  const auto next = next_hop(0);
  const auto relay = relay_to(next->endpoint());
  submit(*relay, {"MAIL FROM:<>", "RCPT TO:<gone@relay.example>"}, "Subject: x\r\n\r\n");
  loop.run_for(200ms);
  EXPECT_TRUE(stored.empty());
  EXPECT_TRUE(taken.empty());
}

TEST_F(Relaying, OtherForeignDomainsAreRefusedAsBefore) {
  const auto next = next_hop(0);
  const auto relay = relay_to(next->endpoint());
  Connection client(loop);
  ASSERT_TRUE(testing::connect(loop, client, relay->endpoint()).is_connected());
  receive(loop, client);
  for (const char* line : {"EHLO c.example.org\r\n", "MAIL FROM:<a@example.com>\r\n"}) {
    testing::send(loop, client, line);
    receive(loop, client);
  }
  testing::send(loop, client, "RCPT TO:<someone@elsewhere.example>\r\n");
  EXPECT_THAT(receive(loop, client).octets, StartsWith("550 "));
}

}  // namespace
}  // namespace smtpspec::server
