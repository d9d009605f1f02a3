#include "harness/server/net/server.h"

#include <fmt/format.h>

#include <random>
#include <unordered_map>
#include <utility>

#include "harness/server/net/host_environment.h"
#include "harness/server/net/served_client.h"
#include "harness/transport/listener.h"

namespace smtpspec::server {

namespace {

using transport::Connection;
using transport::EventLoop;

// A client that goes on talking after our last word must not turn that word into an RST: so long it is read.
constexpr std::chrono::seconds kLingerTime{1};
// A server that is being stopped waits no longer for clients to take their 421.
constexpr std::chrono::seconds kShutdownTime{2};
constexpr std::size_t kReceiveOctets = 8 * 1024;

transport::TlsFaults tls_faults(const DefectSet& defects) {
  transport::TlsFaults faults;
  if (defects.has(Defect::tls_1_1_negotiated)) faults.min_version = 11;
  if (defects.has(Defect::tls_1_0_negotiated)) faults.min_version = 10;
  faults.is_expired = defects.has(Defect::certificate_expired);
  faults.has_no_names = defects.has(Defect::certificate_without_names);
  faults.omits_close_notify = defects.has(Defect::close_notify_not_sent);
  return faults;
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(EventLoop& loop, ServerOptions options)
      : loop_(loop), options_(std::move(options)), environment_(loop, options_, std::random_device{}()) {}

  base::Result<void, std::string> open() {
    transport::ListenOptions listen;
    listen.address = options_.address;
    listen.port = options_.port;
    listen.unix_path = options_.unix_path;
    listen.receive_buffer_octets = kReceiveOctets;
    auto listener = transport::Listener::listen(
        loop_, listen, [this](std::unique_ptr<Connection> connection) { accept(std::move(connection)); });
    if (!listener) return base::make_unexpected(listener.error());
    listener_ = std::move(*listener);
    endpoint_ = listener_->endpoint();
    return {};
  }

  const transport::Endpoint& endpoint() const { return endpoint_; }
  int open_sessions() const { return static_cast<int>(clients_.size()); }

  void shutdown(std::function<void()> done) {
    listener_.reset();
    done_ = std::move(done);
    std::vector<ServedClient*> present;
    for (const auto& [client, owned] : clients_) present.push_back(client);
    for (ServedClient* client : present) client->shut_down();
    if (is_idle()) {
      later_ = loop_.call_after(std::chrono::microseconds(0), [this] { finish_shutdown(); });
    } else {
      later_ = loop_.call_after(kShutdownTime, [this] {
        clients_.clear();
        lingering_.clear();
        finish_shutdown();
      });
    }
  }

 private:
  bool is_idle() const { return clients_.empty() && lingering_.empty(); }

  void finish_shutdown() {
    if (done_) std::exchange(done_, nullptr)();
  }

  void accept(std::unique_ptr<Connection> connection) {
    if (open_sessions() >= options_.max_sessions) return turn_away(std::move(connection));
    auto client = std::make_unique<ServedClient>(
        loop_, std::move(connection), options_, environment_, [this] { return tls(); }, open_sessions(),
        [this](ServedClient& gone, std::unique_ptr<Connection> last) { forget(gone, std::move(last)); });
    ServedClient* one = client.get();
    clients_.emplace(one, std::move(client));
    one->begin();
  }

  std::shared_ptr<transport::ServerTls> tls() {
    if (!options_.tls)
      options_.tls = transport::ServerTls::make_self_signed({options_.config.host_name, "localhost"},
                                                            tls_faults(options_.config.defects))
                         .value_or(nullptr);
    return options_.tls;
  }

  // Over the limit there is nothing but a 421 (RFC 5321 §3.8).
  void turn_away(std::unique_ptr<Connection> connection) {
    Connection* one = connection.get();
    lingering_.emplace(one, std::move(connection));
    one->send("421 " + options_.config.host_name + " too many connections\r\n", loop_.now() + kLingerTime,
              [this, one](const transport::SendResult&) { linger(*one); });
  }

  // Called from inside the client's own callback: it is destroyed in a turn of its own.
  void forget(ServedClient& gone, std::unique_ptr<Connection> last) {
    const auto place = clients_.find(&gone);
    loop_.post([old = std::shared_ptr<ServedClient>(std::move(place->second))] {});
    clients_.erase(place);
    if (last) {
      Connection& connection = *last;
      lingering_.emplace(&connection, std::move(last));
      linger(connection);
    }
    if (is_idle()) finish_shutdown();
  }

  void linger(Connection& connection) {
    connection.half_close();
    discard(connection, loop_.now() + kLingerTime);
  }

  void discard(Connection& connection, transport::SteadyTime deadline) {
    connection.receive(deadline, [this, &connection, deadline](const transport::ReceiveResult& received) {
      if (received.status == transport::ReceiveStatus::octets && loop_.now() < deadline)
        return discard(connection, deadline);
      lingering_.erase(&connection);
      if (is_idle()) finish_shutdown();
    });
  }

  EventLoop& loop_;
  ServerOptions options_;
  HostEnvironment environment_;
  std::unique_ptr<transport::Listener> listener_;
  transport::Endpoint endpoint_;
  std::unordered_map<ServedClient*, std::unique_ptr<ServedClient>> clients_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> lingering_;  // their sessions are over
  std::function<void()> done_;
  transport::Timer later_;
};

Server::Server(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Server::~Server() = default;

base::Result<std::unique_ptr<Server>, std::string> Server::start(EventLoop& loop, ServerOptions options) {
  auto implementation = std::make_unique<Implementation>(loop, std::move(options));
  if (auto opened = implementation->open(); !opened) return base::make_unexpected(opened.error());
  return std::make_unique<Server>(std::move(implementation));
}

std::uint16_t Server::port() const { return implementation_->endpoint().port; }
transport::Endpoint Server::endpoint() const { return implementation_->endpoint(); }
int Server::open_sessions() const { return implementation_->open_sessions(); }
void Server::shutdown(std::function<void()> done) { implementation_->shutdown(std::move(done)); }

}  // namespace smtpspec::server
