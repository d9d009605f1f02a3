// Receiving: first what was read early, then from the stream, then the stream's end, and the deadlines of everything.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/transport/connection_implementation.h"

namespace smtpspec::transport {

char* Connection::Implementation::buffer() {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(buffer_octets_);
  return buffer_.get();
}

void Connection::Implementation::receive(SteadyTime deadline, ReceiveCallback callback) {
  assert(!is_busy() && socket.is_open());
  begin(deadline, std::move(callback));
  is_receive_expired_ = false;
  if (!early_.empty()) {
    const std::size_t count = std::min(early_.size(), buffer_octets_);
    std::copy_n(early_.data(), count, buffer());
    early_.erase(0, count);
    return finish_receive({ReceiveStatus::octets, {buffer(), count}, false, {}}, true);
  }
  // After a reset that a send has met, the kernel may still hold octets that came before it.
  if (end_ == End::closed || end_ == End::closed_with_notify) return finish_receive(end_result(), true);
  if (tls) return receive_tls(true);
  if (answers_at_once() && receive_at_once()) return;
  arm(deadline_);
  receive_clear();
}

ReceiveResult Connection::Implementation::end_result() const {
  return {
      end_ == End::reset ? ReceiveStatus::reset : ReceiveStatus::peer_closed, {}, end_ == End::closed_with_notify, {}};
}

void Connection::Implementation::receive_clear() {
  socket.async_receive(asio::buffer(buffer(), buffer_octets_), [self = shared_from_this(), number = number_](
                                                                   const ErrorCode& error, std::size_t count) {
    if (number != self->number_) return;
    if (!error) return self->finish_receive({ReceiveStatus::octets, {self->buffer_.get(), count}, false, {}}, false);
    if (error == asio::error::operation_aborted && self->is_receive_expired_)
      return self->finish_receive({ReceiveStatus::timed_out, {}, false, {}}, false);
    if (error == asio::error::eof && self->end_ == End::none) self->end_ = End::closed;
    if (error == asio::error::connection_reset || error == asio::error::broken_pipe) self->end_ = End::reset;
    if (self->end_ != End::none) return self->finish_receive(self->end_result(), false);
    self->finish_receive({ReceiveStatus::failed, {}, false, error.message()}, false);
  });
}

bool Connection::Implementation::receive_at_once() {
  ssize_t count = -1;
  const auto has_come = [&] {
    count = ::recv(socket.native_handle(), buffer(), buffer_octets_, MSG_DONTWAIT);
    return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
  };
  if (!has_come() && !loop_.eagerness.ask_until(has_come) && !(wait_at_once(POLLIN) && has_come())) {
    if (std::chrono::steady_clock::now() < deadline_) return false;
    finish_receive({ReceiveStatus::timed_out, {}, false, {}}, false);
    return true;
  }
  const int error = count < 0 ? errno : 0;
  if (count == 0 && end_ == End::none) end_ = End::closed;
  if (error == ECONNRESET || error == EPIPE) end_ = End::reset;
  if (count > 0) finish_receive({ReceiveStatus::octets, {buffer(), static_cast<std::size_t>(count)}, false, {}}, false);
  else if (end_ != End::none) finish_receive(end_result(), false);
  else finish_receive({ReceiveStatus::failed, {}, false, std::strerror(error)}, false);
  return true;
}

void Connection::Implementation::receive_tls(bool is_first_try) {
  std::size_t count = 0;
  const TlsSession::Step step = tls->read(buffer(), buffer_octets_, count);
  switch (step) {
    case TlsSession::Step::done:
      return finish_receive({ReceiveStatus::octets, {buffer(), count}, false, {}}, is_first_try);
    case TlsSession::Step::want_read:
      return when_ready(StreamSocket::wait_read, [](Implementation& self) { self.receive_tls(false); });
    case TlsSession::Step::want_write:
      return when_ready(StreamSocket::wait_write, [](Implementation& self) { self.receive_tls(false); });
    case TlsSession::Step::closed:
      end_ = End::closed_with_notify;
      break;
    case TlsSession::Step::dropped:
      if (end_ == End::none) end_ = End::closed;
      break;
    case TlsSession::Step::reset:
      end_ = End::reset;
      break;
    case TlsSession::Step::failed:
      if (end_ == End::reset) break;
      return finish_receive({ReceiveStatus::failed, {}, false, tls->error()}, is_first_try);
  }
  finish_receive(end_result(), is_first_try);
}

void Connection::Implementation::finish_receive(ReceiveResult result, bool is_first_try) {
  if (is_first_try && !answers_at_once()) {
    asio::post(loop_.context, [self = shared_from_this(), number = number_, result = std::move(result)] {
      if (number == self->number_) self->finish<ReceiveCallback>(result);
    });
    return;
  }
  finish<ReceiveCallback>(result);
}

void Connection::Implementation::on_deadline() {
  ErrorCode ignored;
  if (std::holds_alternative<ReceiveCallback>(callback_)) {
    if (tls) {
      socket.cancel(ignored);
      return finish_receive({ReceiveStatus::timed_out, {}, false, {}}, false);
    }
    // Octets may have been read already, their handler waiting its turn: let it say which of the two it was.
    is_receive_expired_ = true;
    socket.cancel(ignored);
    return;
  }
  if (std::holds_alternative<SendCallback>(callback_)) return finish_send(SendStatus::timed_out, {}, false);
  if (std::holds_alternative<TlsCallback>(callback_)) return fail_handshake({});
  connect_failed(asio::error::timed_out);
}

}  // namespace smtpspec::transport
