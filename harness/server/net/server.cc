#include "harness/server/net/server.h"

#include <algorithm>
#include <ctime>
#include <list>
#include <random>

#include <fmt/format.h>

#include "harness/server/net/maildir.h"
#include "harness/server/session.h"
#include "harness/transport/connection.h"
#include "harness/transport/listener.h"

namespace smtpspec::server {
namespace {

using transport::Connection;
using transport::EventLoop;

// A client that does not take our octets for so long is gone.
constexpr auto kSendTimeout = std::chrono::seconds(60);
constexpr auto kHandshakeTimeout = std::chrono::seconds(30);

// The clock, identity and storage of a real server.
class HostEnvironment final : public Environment {
 public:
  HostEnvironment(const ServerOptions& options, std::uint64_t boot)
      : options_(options), maildir_(options.maildir), boot_(boot) {}

  LocalTime now() override {
    const auto wall = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(wall);
    std::tm local{};
    localtime_r(&seconds, &local);
    return {wall, std::chrono::minutes(local.tm_gmtoff / 60)};
  }

  std::string unique_id() override { return fmt::format("{:x}{:x}", boot_, ++count_); }

  DeliveryResult deliver(const std::vector<Delivery>& deliveries, std::string_view content) override {
    if (!options_.maildir.empty()) {
      std::vector<StoredMessage> messages;
      for (const auto& delivery : deliveries)
        for (const auto& recipient : delivery.envelope.recipients)
          if (!recipient.mailbox_key.empty())
            messages.push_back({recipient.mailbox_key, delivery.trace_fields, content});
      if (!maildir_.store_all(messages, unique_id())) return DeliveryResult::temporary_failure;
    }
    if (options_.on_message) options_.on_message(deliveries, content);
    return DeliveryResult::accepted;
  }

 private:
  const ServerOptions& options_;
  Maildir maildir_;
  std::uint64_t boot_;
  std::uint64_t count_ = 0;
};

// One client: octets from the connection go to the session, what it answers goes back.
class ServedClient {
 public:
  ServedClient(EventLoop& loop, std::unique_ptr<Connection> connection, const ServerOptions& options,
               Environment& environment, int other_sessions, std::function<void(ServedClient&)> gone)
      : loop_(loop),
        connection_(std::move(connection)),
        options_(options),
        environment_(environment),
        other_sessions_(other_sessions),
        gone_(std::move(gone)) {}

  void begin() {
    if (!options_.is_implicit_tls) return open({});
    connection_->accept_tls(options_.tls, loop_.now() + kHandshakeTimeout, [this](const transport::TlsResult& tls) {
      if (!tls.is_ok) return end();
      open({tls.version_name, tls.cipher});
    });
  }

  void shut_down() {
    if (session_ && !connection_->is_busy()) {
      connection_->send(session_->shutdown().octets, loop_.now() + kSendTimeout, [](const transport::SendResult&) {});
    }
    connection_->close();
  }

 private:
  void open(TlsInfo tls) {
    SessionInfo info;
    info.client_address = connection_->peer_address().empty() ? "127.0.0.1" : connection_->peer_address();
    info.is_tls = options_.is_implicit_tls;
    info.tls = std::move(tls);
    info.other_sessions = other_sessions_;
    session_.emplace(options_.config, environment_, std::move(info));
    say(session_->start());
  }

  void say(Output output) {
    if (output.delay_before.count() > 0) {
      timer_ = loop_.call_after(output.delay_before, [this, output]() mutable {
        output.delay_before = std::chrono::milliseconds{0};
        say(std::move(output));
      });
      return;
    }
    const Then then = output.then;
    if (output.octets.empty()) return go_on(then);
    connection_->send(std::move(output.octets), loop_.now() + kSendTimeout,
                      [this, then](const transport::SendResult& sent) {
                        if (sent.status != transport::SendStatus::sent) return lose();
                        go_on(then);
                      });
  }

  void go_on(Then then) {
    switch (then) {
      case Then::keep_open:
        return listen();
      case Then::close:
        return end();
      case Then::reset:
        connection_->abort();
        return end();
      case Then::start_tls:
        break;
    }
    connection_->accept_tls(options_.tls, loop_.now() + kHandshakeTimeout, [this](const transport::TlsResult& tls) {
      if (!tls.is_ok) return lose();
      say(session_->tls_established({tls.version_name, tls.cipher}));
    });
  }

  void listen() {
    connection_->receive(loop_.now() + session_->current_timeout(), [this](const transport::ReceiveResult& received) {
      switch (received.status) {
        case transport::ReceiveStatus::octets:
          return say(session_->feed(received.octets));
        case transport::ReceiveStatus::timed_out:
          return say(session_->timed_out());
        case transport::ReceiveStatus::peer_closed:
        case transport::ReceiveStatus::reset:
        case transport::ReceiveStatus::failed:
          return lose();
      }
    });
  }

  // The client is gone without a QUIT.
  void lose() {
    session_->connection_lost();
    end();
  }

  // The owner destroys this.
  void end() {
    connection_->close();
    gone_(*this);
  }

  EventLoop& loop_;
  std::unique_ptr<Connection> connection_;
  const ServerOptions& options_;
  Environment& environment_;
  int other_sessions_;
  std::function<void(ServedClient&)> gone_;
  std::optional<Session> session_;
  transport::Timer timer_;
};

}  // namespace

class Server::Implementation {
 public:
  Implementation(EventLoop& loop, ServerOptions options)
      : loop_(loop), options_(std::move(options)), environment_(options_, std::random_device{}()) {}

  base::Result<void, std::string> open() {
    const bool needs_tls = options_.is_implicit_tls || options_.config.extensions.starttls;
    if (needs_tls && !options_.tls) {
      auto made = transport::ServerTls::make_self_signed({options_.config.host_name, "localhost"});
      if (!made) return base::make_unexpected(made.error());
      options_.tls = std::move(*made);
    }
    transport::ListenOptions listen;
    listen.address = options_.address;
    listen.port = options_.port;
    listen.unix_path = options_.unix_path;
    auto listener = transport::Listener::listen(
        loop_, listen, [this](std::unique_ptr<Connection> connection) { accept(std::move(connection)); });
    if (!listener) return base::make_unexpected(listener.error());
    listener_ = std::move(*listener);
    return {};
  }

  std::uint16_t port() const { return listener_ ? listener_->port() : std::uint16_t{0}; }
  transport::Endpoint endpoint() const { return listener_ ? listener_->endpoint() : transport::Endpoint{}; }
  int open_sessions() const { return static_cast<int>(clients_.size()); }

  void shutdown() {
    listener_.reset();
    for (auto& client : clients_) client->shut_down();
    clients_.clear();
  }

 private:
  void accept(std::unique_ptr<Connection> connection) {
    if (open_sessions() >= options_.max_sessions) return turn_away(std::move(connection));
    clients_.push_back(std::make_unique<ServedClient>(loop_, std::move(connection), options_, environment_,
                                                      open_sessions(), [this](ServedClient& client) { gone(client); }));
    clients_.back()->begin();
  }

  // Over the limit there is nothing but a 421 (RFC 5321 §3.8); a write that does not go out at once is dropped.
  void turn_away(std::unique_ptr<Connection> connection) {
    std::shared_ptr<Connection> kept = std::move(connection);
    kept->send("421 " + options_.config.host_name + " too many connections\r\n", loop_.now() + std::chrono::seconds(1),
               [kept](const transport::SendResult&) { kept->close(); });
  }

  // Called from within the client's own callback: it is destroyed in a turn of its own.
  void gone(ServedClient& client) {
    const auto it =
        std::find_if(clients_.begin(), clients_.end(), [&](const auto& known) { return known.get() == &client; });
    if (it == clients_.end()) return;
    std::shared_ptr<ServedClient> leaving = std::move(*it);
    clients_.erase(it);
    loop_.post([leaving] {});
  }

  EventLoop& loop_;
  ServerOptions options_;
  HostEnvironment environment_;
  std::unique_ptr<transport::Listener> listener_;
  std::list<std::unique_ptr<ServedClient>> clients_;
};

Server::Server(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Server::~Server() = default;

base::Result<std::unique_ptr<Server>, std::string> Server::start(EventLoop& loop, ServerOptions options) {
  auto implementation = std::make_unique<Implementation>(loop, std::move(options));
  if (auto opened = implementation->open(); !opened) return base::make_unexpected(opened.error());
  return std::make_unique<Server>(std::move(implementation));
}

std::uint16_t Server::port() const { return implementation_->port(); }
transport::Endpoint Server::endpoint() const { return implementation_->endpoint(); }
int Server::open_sessions() const { return implementation_->open_sessions(); }
void Server::shutdown() { implementation_->shutdown(); }

}  // namespace smtpspec::server
