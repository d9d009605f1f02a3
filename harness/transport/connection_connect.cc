// Connecting: which addresses there are, trying them one after another, and what a failure is called.
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <cassert>
#include <cerrno>
#include <utility>
#include <vector>

#include "harness/transport/connection_implementation.h"
#include "harness/transport/socket_options.h"

namespace smtpspec::transport {

using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;

struct ConnectAttempts {
  std::vector<StreamEndpoint> addresses;
  std::size_t next = 0;
  SteadyTime overall_deadline;
  std::unique_ptr<Resolver> resolver;
  ErrorCode last_error;
};

namespace {

ConnectStatus classify(const ErrorCode& error) {
  if (error.category() == asio::error::get_netdb_category() || error.category() == asio::error::get_addrinfo_category())
    return ConnectStatus::resolve_failed;
  switch (error.value()) {
    case ECONNREFUSED:
    case ECONNRESET:
    case ENOENT:  // of a Unix-domain socket: nobody has bound it
    case EAGAIN:  // of a Unix-domain socket: its backlog is full
      return ConnectStatus::refused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return ConnectStatus::unreachable;
    case ETIMEDOUT:
      return ConnectStatus::timed_out;
    default:
      return ConnectStatus::failed;
  }
}

}  // namespace

void Connection::Implementation::connect(const Endpoint& endpoint, SteadyTime deadline, ConnectCallback callback) {
  assert(!is_busy());
  close(false);
  begin(deadline, std::move(callback));
  attempts_ = std::make_shared<ConnectAttempts>();
  attempts_->overall_deadline = deadline;
  ErrorCode error;
  if (endpoint.is_unix()) {
    try {
      attempts_->addresses.emplace_back(asio::local::stream_protocol::endpoint(endpoint.unix_path));
    } catch (const boost::system::system_error& too_long) {
      attempts_->last_error = too_long.code();
    }
  } else if (const auto address = asio::ip::make_address(endpoint.host, error); !error) {
    attempts_->addresses.emplace_back(asio::ip::tcp::endpoint(address, endpoint.port));
  } else {
    attempts_->resolver = std::make_unique<Resolver>(loop_.context);
    attempts_->resolver->async_resolve(
        endpoint.host, std::to_string(endpoint.port), Resolver::numeric_service,
        [self = shared_from_this(), number = number_](const ErrorCode& failure, const Resolver::results_type& results) {
          if (number != self->number_) return;
          self->attempts_->last_error = failure;
          for (const auto& entry : results) self->attempts_->addresses.emplace_back(entry.endpoint());
          self->try_next_address();
        });
    return;
  }
  if (answers_at_once()) return try_next_address();
  asio::post(loop_.context, [self = shared_from_this(), number = number_] {
    if (number == self->number_) self->try_next_address();
  });
}

void Connection::Implementation::try_next_address() {
  ConnectAttempts& attempts = *attempts_;
  ErrorCode ignored;
  socket.close(ignored);
  while (attempts.next < attempts.addresses.size()) {
    const std::size_t left = attempts.addresses.size() - attempts.next;
    const StreamEndpoint& address = attempts.addresses[attempts.next++];
    const int descriptor = ::socket(address.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      attempts.last_error.assign(errno, boost::system::system_category());
      continue;
    }
    socket.assign(address.protocol(), descriptor, attempts.last_error);
    if (attempts.last_error) {
      ::close(descriptor);
      continue;
    }
    socket.native_non_blocking(true, ignored);
    set_no_delay(descriptor);
    // An address that swallows packets must leave time for the next one.
    const auto now = std::chrono::steady_clock::now();
    deadline_ = left == 1 ? attempts.overall_deadline
                          : now + (attempts.overall_deadline - now) / static_cast<SteadyTime::rep>(left);
    ++number_;
    if (answers_at_once()) return connect_at_once(address);
    arm(deadline_);
    socket.async_connect(address, [self = shared_from_this(), number = number_](const ErrorCode& error) {
      if (number != self->number_) return;
      if (error) return self->connect_failed(error);
      self->attempts_.reset();
      self->finish<ConnectCallback>(ConnectResult{ConnectStatus::connected, {}});
    });
    return;
  }
  const ErrorCode error = std::exchange(attempts_, nullptr)->last_error;
  finish<ConnectCallback>(ConnectResult{classify(error), error.message()});
}

void Connection::Implementation::connect_at_once(const StreamEndpoint& address) {
  const auto* octets = static_cast<const sockaddr*>(address.data());
  if (::connect(socket.native_handle(), octets, static_cast<socklen_t>(address.size())) != 0) {
    if (errno != EINPROGRESS) return connect_failed(ErrorCode(errno, boost::system::system_category()));
    // Nearby, the handshake is over when the call returns, though the call does not know it.
    if (!wait_at_once(POLLOUT))
      return when_ready(StreamSocket::wait_write, [](Implementation& self) { self.connect_ended(); });
  }
  connect_ended();
}

void Connection::Implementation::connect_ended() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return connect_failed(ErrorCode(error, boost::system::system_category()));
  attempts_.reset();
  finish<ConnectCallback>(ConnectResult{ConnectStatus::connected, {}});
}

void Connection::Implementation::connect_failed(const ErrorCode& error) {
  attempts_->last_error = error;
  try_next_address();
}

}  // namespace smtpspec::transport
