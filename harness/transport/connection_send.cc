// Sending: as much as the kernel takes at once, in the pieces that were asked for, and without a deadlock against a
// peer that is itself stuck in writing to us.
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/transport/connection_implementation.h"

namespace smtpspec::transport {

void Connection::Implementation::send(std::string octets, const SendPacing* pacing, SteadyTime deadline,
                                      SendCallback callback) {
  assert(!is_busy() && socket.is_open());
  begin(deadline, std::move(callback));
  outgoing_ = std::move(octets);
  sent_octets_ = 0;
  pacing_ = pacing ? std::make_unique<SendPacing>(*pacing) : nullptr;
  is_waiting_to_read_ = is_waiting_to_write_ = false;
  pump_send(true);
}

// Where the piece ends that the next octet to be sent belongs to.
std::size_t Connection::Implementation::piece_end() const {
  std::size_t end = outgoing_.size();
  if (!pacing_) return end;
  const auto& offsets = pacing_->split_offsets;
  if (const auto next = std::upper_bound(offsets.begin(), offsets.end(), sent_octets_); next != offsets.end())
    end = std::min(end, *next);
  if (pacing_->piece_octets > 0)
    end = std::min(end, (sent_octets_ / pacing_->piece_octets + 1) * pacing_->piece_octets);
  return end;
}

void Connection::Implementation::pump_send(bool is_first_try) {
  while (sent_octets_ < outgoing_.size()) {
    const std::size_t end = piece_end();
    while (sent_octets_ < end) {
      const char* from = outgoing_.data() + sent_octets_;
      std::size_t count = 0;
      if (tls) {
        switch (tls->write(from, end - sent_octets_, count)) {
          case TlsSession::Step::done:
            break;
          case TlsSession::Step::want_read:
            return wait_while_stuck(true);
          case TlsSession::Step::want_write:
            return wait_while_stuck(false);
          case TlsSession::Step::closed:
          case TlsSession::Step::dropped:
          case TlsSession::Step::reset:
            end_ = End::reset;
            return finish_send(SendStatus::reset, {}, is_first_try);
          case TlsSession::Step::failed:
            return finish_send(SendStatus::failed, tls->error(), is_first_try);
        }
      } else {
        const ssize_t result = ::send(socket.native_handle(), from, end - sent_octets_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return wait_while_stuck(false);
        if (result < 0 && (errno == ECONNRESET || errno == EPIPE)) {
          end_ = End::reset;  // the kernel tells it once; what it holds for us is still there to be received
          return finish_send(SendStatus::reset, {}, is_first_try);
        }
        if (result < 0) return finish_send(SendStatus::failed, std::strerror(errno), is_first_try);
        count = static_cast<std::size_t>(result);
      }
      sent_octets_ += count;
    }
    if (sent_octets_ == outgoing_.size() || !pacing_ || pacing_->gap.count() <= 0) continue;
    if (!gap_timer_) gap_timer_ = std::make_unique<AsioTimer>(loop_.context);
    gap_timer_->expires_after(pacing_->gap);
    arm(deadline_);
    gap_timer_->async_wait([self = shared_from_this(), number = number_](const ErrorCode&) {
      if (number == self->number_) self->pump_send(false);
    });
    return;
  }
  finish_send(SendStatus::sent, {}, is_first_try);
}

void Connection::Implementation::wait_while_stuck(bool must_wait_to_read) {
  if (!must_wait_to_read && !is_waiting_to_write_) {
    is_waiting_to_write_ = true;
    when_ready(StreamSocket::wait_write, [](Implementation& self) {
      self.is_waiting_to_write_ = false;
      self.pump_send(false);
    });
  }
  const bool may_read = end_ == End::none && early_.size() < kMaxEarlyOctets;
  if ((must_wait_to_read || may_read) && !is_waiting_to_read_) {
    is_waiting_to_read_ = true;
    when_ready(StreamSocket::wait_read, [](Implementation& self) {
      self.is_waiting_to_read_ = false;
      self.read_early();
      self.pump_send(false);
    });
  }
}

void Connection::Implementation::read_early() {
  while (end_ == End::none && early_.size() < kMaxEarlyOctets) {
    const std::size_t room = std::min(buffer_octets_, kMaxEarlyOctets - early_.size());
    std::size_t count = 0;
    if (tls) {
      const TlsSession::Step step = tls->read(buffer(), room, count);
      if (step == TlsSession::Step::closed) end_ = End::closed_with_notify;
      if (step == TlsSession::Step::dropped) end_ = End::closed;
      if (step == TlsSession::Step::reset) end_ = End::reset;
      if (step != TlsSession::Step::done) return;
    } else {
      const ssize_t result = ::recv(socket.native_handle(), buffer(), room, MSG_DONTWAIT);
      if (result < 0 && errno == ECONNRESET) end_ = End::reset;
      if (result == 0) end_ = End::closed;
      if (result <= 0) return;
      count = static_cast<std::size_t>(result);
    }
    early_.append(buffer(), count);
  }
}

void Connection::Implementation::finish_send(SendStatus status, std::string message, bool is_first_try) {
  if (is_first_try && !answers_at_once()) {
    asio::post(loop_.context, [self = shared_from_this(), number = number_, status, message = std::move(message)] {
      if (number == self->number_) self->finish_send(status, message, false);
    });
    return;
  }
  if (is_waiting_to_read_ || is_waiting_to_write_) {
    ErrorCode ignored;
    socket.cancel(ignored);
  }
  outgoing_.clear();
  finish<SendCallback>(SendResult{status, sent_octets_, std::move(message)});
}

}  // namespace smtpspec::transport
