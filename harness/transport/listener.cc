#include "harness/transport/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/transport/event_loop_implementation.h"
#include "harness/transport/socket_options.h"

namespace smtpspec::transport {

namespace {

constexpr int kAcceptsPerTurn = 64;  // then the sessions get theirs
constexpr std::chrono::milliseconds kDescriptorPause{50};

std::string system_error(const std::string& what) { return what + ": " + std::strerror(errno); }

}  // namespace

class Listener::Implementation : public std::enable_shared_from_this<Listener::Implementation> {
 public:
  Implementation(EventLoop& loop, const ListenOptions& options, AcceptCallback on_accept)
      : loop_(loop),
        options_(options),
        on_accept_(std::move(on_accept)),
        descriptor_(loop.implementation().context),
        pause_(loop.implementation().context) {}

  // "" or what went wrong.
  std::string open() {
    asio::generic::stream_protocol::endpoint endpoint;
    if (options_.unix_path.empty()) {
      ErrorCode error;
      const auto address = asio::ip::make_address(options_.address, error);
      if (error) return "'" + options_.address + "' is not an IPv4 or IPv6 address";
      endpoint = asio::ip::tcp::endpoint(address, options_.port);
    } else {
      if (options_.unix_path.size() >= sizeof(sockaddr_un::sun_path))
        return "the path of a Unix-domain socket is too long";
      endpoint = asio::local::stream_protocol::endpoint(options_.unix_path);
    }
    const int socket = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return system_error("socket");
    descriptor_.assign(socket);
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto* address = static_cast<const sockaddr*>(endpoint.data());
    if (::bind(socket, address, static_cast<socklen_t>(endpoint.size())) != 0)
      return system_error("bind to " + to_string(this->endpoint()));
    if (::listen(socket, options_.backlog) != 0) return system_error("listen");
    is_bound_ = true;
    if (options_.unix_path.empty()) options_.port = address_of(socket, false).second;
    return {};
  }

  void wait() {
    descriptor_.async_wait(decltype(descriptor_)::wait_read, [self = shared_from_this()](const ErrorCode& error) {
      if (!error && self->descriptor_.is_open()) self->accept_some();
    });
  }

  void close() {
    ErrorCode ignored;
    descriptor_.close(ignored);
    pause_.cancel();
    if (std::exchange(is_bound_, false) && !options_.unix_path.empty()) ::unlink(options_.unix_path.c_str());
  }

  Endpoint endpoint() const {
    Endpoint result;
    result.unix_path = options_.unix_path;
    if (!result.is_unix()) result.host = options_.address;
    if (!result.is_unix()) result.port = options_.port;
    return result;
  }

 private:
  void accept_some() {
    for (int count = 0; count < kAcceptsPerTurn && descriptor_.is_open(); ++count) {
      const int socket = ::accept4(descriptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
        return wait_for_descriptors();
      if (socket < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
      if (socket < 0) continue;  // that client has gone already
      auto connection = std::make_unique<Connection>(loop_, options_.receive_buffer_octets);
      if (connection->attach(socket)) on_accept_(std::move(connection));
      else ::close(socket);
    }
    if (descriptor_.is_open()) wait();
  }

  void wait_for_descriptors() {
    pause_.expires_after(kDescriptorPause);
    pause_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (!error && self->descriptor_.is_open()) self->accept_some();
    });
  }

  EventLoop& loop_;
  ListenOptions options_;
  AcceptCallback on_accept_;
  asio::posix::basic_stream_descriptor<Executor> descriptor_;
  AsioTimer pause_;
  bool is_bound_ = false;
};

base::Result<std::unique_ptr<Listener>, std::string> Listener::listen(EventLoop& loop, const ListenOptions& options,
                                                                      AcceptCallback on_accept) {
  auto implementation = std::make_shared<Implementation>(loop, options, std::move(on_accept));
  if (std::string error = implementation->open(); !error.empty()) return base::make_unexpected(std::move(error));
  implementation->wait();
  return std::make_unique<Listener>(std::move(implementation));
}

Listener::Listener(std::shared_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Listener::~Listener() { implementation_->close(); }
std::uint16_t Listener::port() const { return implementation_->endpoint().port; }
Endpoint Listener::endpoint() const { return implementation_->endpoint(); }

}  // namespace smtpspec::transport
