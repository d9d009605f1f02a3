// Accepts connections on one address. Loopback by default; port 0 lets the system choose.
//
// Promise: on_accept gets every accepted connection, in order, until the listener is destroyed; connections that wait
// in the kernel are bounded by the backlog. Running out of descriptors pauses accepting, it does not end it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/transport/connection.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::transport {

struct ListenOptions {
  std::string address = "127.0.0.1";  // an IPv4 or IPv6 literal
  std::uint16_t port = 0;
  std::string unix_path;  // instead of address and port; removed again at the end
  int backlog = 512;
  std::size_t receive_buffer_octets = 16 * 1024;  // of the accepted connections
};

using AcceptCallback = std::function<void(std::unique_ptr<Connection>)>;

class Listener {
 public:
  class Implementation;
  static base::Result<std::unique_ptr<Listener>, std::string> listen(EventLoop& loop, const ListenOptions& options,
                                                                     AcceptCallback on_accept);
  explicit Listener(std::shared_ptr<Implementation> implementation);
  ~Listener();
  std::uint16_t port() const;  // 0 for a Unix-domain socket
  Endpoint endpoint() const;

 private:
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::transport
