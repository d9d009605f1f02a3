// The reference server on a socket: accepts connections, runs a pure server::Session for each, stores what they
// deliver.
//
// Promise: everything happens on the given loop. Destroying the server ends all sessions. One session costs little
// memory until it speaks; there are never more than max_sessions, later ones get 421 and are closed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/server/config.h"
#include "harness/server/environment.h"
#include "harness/transport/endpoint.h"
#include "harness/transport/event_loop.h"
#include "harness/transport/tls_policy.h"

namespace smtpspec::server {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system chooses
  std::string unix_path;   // instead of address and port
  Config config;
  std::shared_ptr<transport::ServerTls> tls;  // none: made self-signed when first needed
  bool is_implicit_tls = false;
  int max_sessions = 20'000;
  std::string maildir;  // messages are stored below it; "": they are not stored
  // Where mail for config.relay_domains goes; none: nowhere.
  std::optional<transport::Endpoint> next_hop{};
  // Told of every accepted message, after it was stored; may be empty.
  std::function<void(const std::vector<Delivery>&, std::string_view content)> on_message;
};

class Server {
 public:
  static base::Result<std::unique_ptr<Server>, std::string> start(transport::EventLoop& loop, ServerOptions options);
  ~Server();

  std::uint16_t port() const;
  transport::Endpoint endpoint() const;
  int open_sessions() const;
  // No new connections; every session gets its 421 (RFC 5321 §3.8) and is closed. done: all of them are gone, or did
  // not take it within two seconds; it is the last that happens, and may destroy the server no earlier than its return.
  void shutdown(std::function<void()> done);

  class Implementation;
  explicit Server(std::unique_ptr<Implementation> implementation);

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::server
