// One client of the reference server: octets from the connection go to the session, what it answers goes back.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "harness/server/net/server.h"
#include "harness/server/session.h"
#include "harness/transport/connection.h"

namespace smtpspec::server {

// Made when somebody first needs it: a server that nobody asks for TLS is ready sooner.
using TlsSource = std::function<std::shared_ptr<transport::ServerTls>()>;

class ServedClient {
 public:
  // gone: called once, last, from inside a callback of the connection; takes the connection over if there is something
  // left to be read from it before it is closed.
  using Gone = std::function<void(ServedClient&, std::unique_ptr<transport::Connection>)>;

  ServedClient(transport::EventLoop& loop, std::unique_ptr<transport::Connection> connection,
               const ServerOptions& options, Environment& environment, TlsSource tls, int other_sessions, Gone gone);

  void begin();
  // 421 at the next moment at which the server may speak, then the end.
  void shut_down();

 private:
  void open(TlsInfo tls);
  void take_handshake(std::function<void(TlsInfo)> next);
  void say(Output output);
  void go_on(Then then);
  void listen();
  void lose();
  void end(bool is_lingering);

  transport::EventLoop& loop_;
  std::unique_ptr<transport::Connection> connection_;
  const ServerOptions& options_;
  Environment& environment_;
  TlsSource tls_;
  int other_sessions_;
  Gone gone_;
  std::optional<Session> session_;
  transport::Timer timer_;
  bool is_listening_ = false;
  bool is_leaving_ = false;
};

}  // namespace smtpspec::server
