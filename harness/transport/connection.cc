#include "harness/transport/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

#include "harness/transport/connection_implementation.h"
#include "harness/transport/socket_options.h"

namespace smtpspec::transport {

namespace {

constexpr std::size_t kMaxDrainedOctets = 1024 * 1024;  // before a close; more than that and the peer may get an RST

}  // namespace

std::string_view to_string(ConnectStatus status) {
  switch (status) {
    case ConnectStatus::connected:
      return "connected";
    case ConnectStatus::refused:
      return "refused";
    case ConnectStatus::unreachable:
      return "unreachable";
    case ConnectStatus::resolve_failed:
      return "name not resolved";
    case ConnectStatus::timed_out:
      return "timed out";
    case ConnectStatus::failed:
      return "failed";
  }
  return "";
}

Connection::Implementation::Implementation(EventLoop& loop, std::size_t receive_buffer_octets)
    : socket(loop.implementation().context),
      loop_(loop.implementation()),
      timer_(loop.implementation().context),
      buffer_octets_(std::clamp<std::size_t>(receive_buffer_octets, 1, kMaxReceiveOctets)) {}

Connection::Implementation::~Implementation() = default;

bool Connection::Implementation::attach(int descriptor) {
  assert(!is_busy());
  const auto protocol = protocol_of(descriptor);
  if (!protocol) return false;
  close(false);
  ErrorCode error;
  socket.assign(*protocol, descriptor, error);
  if (error) return false;
  socket.native_non_blocking(true, error);
  set_no_delay(descriptor);
  return true;
}

void Connection::Implementation::attach(base::Result<int, std::string> descriptor, ConnectCallback callback) {
  ConnectResult result{ConnectStatus::connected, {}};
  if (!descriptor) {
    result = {ConnectStatus::failed, std::move(descriptor.error())};
  } else if (!attach(*descriptor)) {
    ::close(*descriptor);
    result = {ConnectStatus::failed, "not a stream socket"};
  }
  begin(SteadyTime::max(), std::move(callback));
  asio::post(loop_.context, [self = shared_from_this(), number = number_, result = std::move(result)] {
    if (number == self->number_) self->finish<ConnectCallback>(result);
  });
}

bool Connection::Implementation::wait_at_once(short events) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd one{socket.native_handle(), events, 0};
  return ::poll(&one, 1, static_cast<int>(std::min(patience_, left).count())) == 1;
}

void Connection::Implementation::cancel() {
  if (attempts_ || handshake_) return close(false);
  ++number_;
  deadline_ = SteadyTime::max();
  callback_ = std::monostate{};
  if (gap_timer_) gap_timer_->cancel();
  ErrorCode ignored;
  if (socket.is_open()) socket.cancel(ignored);
}

void Connection::Implementation::half_close() {
  if (!socket.is_open()) return;
  if (tls) tls->send_close_notify();
  ::shutdown(socket.native_handle(), SHUT_WR);
}

void Connection::Implementation::close(bool must_reset) {
  ++number_;
  deadline_ = SteadyTime::max();
  callback_ = std::monostate{};
  timer_.cancel();
  armed_for_ = SteadyTime::max();
  if (gap_timer_) gap_timer_->cancel();
  attempts_.reset();
  handshake_.reset();
  if (socket.is_open()) {
    const int descriptor = socket.native_handle();
    if (must_reset) {
      linger_none(descriptor);
    } else {
      if (tls) tls->send_close_notify();
      // The kernel turns a close with unread octets into an RST, and an RST may overtake what we sent.
      if (end_ == End::none) {
        char sink[4096];
        for (std::size_t count = 0; count < kMaxDrainedOctets;) {
          const ssize_t got = ::recv(descriptor, sink, sizeof sink, MSG_DONTWAIT);
          if (got <= 0) break;
          count += static_cast<std::size_t>(got);
        }
      }
    }
    tls.reset();
    ErrorCode ignored;
    socket.close(ignored);
  }
  tls.reset();
  early_.clear();
  end_ = End::none;
}

void Connection::Implementation::arm(SteadyTime deadline) {
  // A timer that fires too early costs one look at the clock; re-arming one for every operation would cost far more.
  if (deadline == SteadyTime::max() || armed_for_ <= deadline) return;
  armed_for_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error) self->on_timer();
  });
}

void Connection::Implementation::on_timer() {
  // A timer that was moved may still deliver its old end: then another one is under way.
  if (timer_.expiry() > std::chrono::steady_clock::now()) return;
  armed_for_ = SteadyTime::max();
  if (!is_busy()) return;
  if (deadline_ > std::chrono::steady_clock::now()) return arm(deadline_);
  on_deadline();
}

Connection::Connection(EventLoop& loop, std::size_t receive_buffer_octets)
    : implementation_(std::make_shared<Implementation>(loop, receive_buffer_octets)) {}
Connection::~Connection() { implementation_->close(false); }

void Connection::answer_at_once(std::chrono::milliseconds patience) { implementation_->answer_at_once(patience); }
void Connection::connect(const Endpoint& endpoint, SteadyTime deadline, ConnectCallback callback) {
  implementation_->connect(endpoint, deadline, std::move(callback));
}
bool Connection::attach(int descriptor) { return implementation_->attach(descriptor); }
void Connection::attach(base::Result<int, std::string> descriptor, ConnectCallback callback) {
  implementation_->attach(std::move(descriptor), std::move(callback));
}
void Connection::send(std::string octets, SteadyTime deadline, SendCallback callback) {
  implementation_->send(std::move(octets), nullptr, deadline, std::move(callback));
}
void Connection::send(std::string octets, const SendPacing& pacing, SteadyTime deadline, SendCallback callback) {
  implementation_->send(std::move(octets), &pacing, deadline, std::move(callback));
}
void Connection::receive(SteadyTime deadline, ReceiveCallback callback) {
  implementation_->receive(deadline, std::move(callback));
}
void Connection::start_tls(std::shared_ptr<ClientTls> tls, const std::string& server_name, SteadyTime deadline,
                           TlsCallback callback) {
  start_tls(std::move(tls), server_name, 0, deadline, std::move(callback));
}
void Connection::start_tls(std::shared_ptr<ClientTls> tls, const std::string& server_name, int only_version,
                           SteadyTime deadline, TlsCallback callback) {
  assert(is_open() && !is_tls());
  auto session =
      std::make_unique<TlsSession>(std::move(tls), server_name, implementation_->socket.native_handle(), only_version);
  implementation_->handshake(std::move(session), true, deadline, std::move(callback));
}
void Connection::accept_tls(std::shared_ptr<ServerTls> tls, SteadyTime deadline, TlsCallback callback) {
  assert(is_open() && !is_tls());
  auto session = std::make_unique<TlsSession>(std::move(tls), implementation_->socket.native_handle());
  implementation_->handshake(std::move(session), false, deadline, std::move(callback));
}
void Connection::cancel() { implementation_->cancel(); }
void Connection::half_close() { implementation_->half_close(); }
void Connection::close() { implementation_->close(false); }
void Connection::abort() { implementation_->close(true); }
bool Connection::is_open() const { return implementation_->socket.is_open(); }
bool Connection::is_busy() const { return implementation_->is_busy(); }
bool Connection::is_tls() const { return implementation_->tls != nullptr; }
std::string Connection::peer_address() const { return address_of(implementation_->socket.native_handle(), true).first; }
std::string Connection::local_address() const {
  return address_of(implementation_->socket.native_handle(), false).first;
}
std::uint16_t Connection::peer_port() const { return address_of(implementation_->socket.native_handle(), true).second; }
std::uint16_t Connection::local_port() const {
  return address_of(implementation_->socket.native_handle(), false).second;
}

}  // namespace smtpspec::transport
