// Handshakes, for either side.
#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <utility>

#include <boost/asio/post.hpp>

#include "harness/base/octets.h"
#include "harness/transport/connection_implementation.h"

namespace smtpspec::transport {

namespace {

constexpr std::size_t kMaxPlaintextLeftOctets = 64 * 1024;
constexpr std::size_t kMaxFirstOctets = 128;  // of an answer that is no TLS, for the error text

// The content types of RFC 8446 §5.1: change_cipher_spec 20 to application_data 23.
bool could_be_tls(char first_octet) { return first_octet >= 20 && first_octet <= 23; }

}  // namespace

void Connection::Implementation::handshake(std::unique_ptr<TlsSession> session, bool is_client, SteadyTime deadline,
                                           TlsCallback callback) {
  assert(!is_busy());
  begin(deadline, std::move(callback));
  tls = std::move(session);
  handshake_ = std::make_unique<Handshake>();
  handshake_->is_client = is_client;
  handshake_->plaintext_left = std::exchange(early_, {});
  // A server speaks TLS only after our first message: what the kernel holds now was sent in clear. A client may well
  // have begun with TLS already.
  if (is_client) drain_clear(handshake_->plaintext_left);
  asio::post(loop_.context, [self = shared_from_this(), number = number_] {
    if (number == self->number_) self->pump_handshake();
  });
}

void Connection::Implementation::drain_clear(std::string& octets) {
  const int descriptor = socket.native_handle();
  char first = 0;
  if (::recv(descriptor, &first, 1, MSG_PEEK | MSG_DONTWAIT) != 1 || could_be_tls(first)) return;
  while (octets.size() < kMaxPlaintextLeftOctets) {
    const ssize_t count = ::recv(descriptor, buffer(), buffer_octets_, MSG_DONTWAIT);
    if (count <= 0) return;
    octets.append(buffer(), static_cast<std::size_t>(count));
  }
}

void Connection::Implementation::look_at_first_octets() {
  if (!handshake_->is_client || std::exchange(handshake_->has_looked, true)) return;
  char octets[kMaxFirstOctets];
  const ssize_t count = ::recv(socket.native_handle(), octets, sizeof octets, MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && errno == ECONNRESET) end_ = End::reset;  // the kernel tells it once
  if (count > 0 && !could_be_tls(octets[0])) handshake_->first_octets.assign(octets, static_cast<std::size_t>(count));
}

void Connection::Implementation::pump_handshake() {
  switch (tls->handshake()) {
    case TlsSession::Step::done: {
      TlsResult result = tls->describe();
      result.plaintext_left = std::move(std::exchange(handshake_, nullptr)->plaintext_left);
      return finish<TlsCallback>(result);
    }
    case TlsSession::Step::want_read:
      return when_ready(StreamSocket::wait_read, [](Implementation& self) {
        self.look_at_first_octets();
        self.pump_handshake();
      });
    case TlsSession::Step::want_write:
      return when_ready(StreamSocket::wait_write, [](Implementation& self) { self.pump_handshake(); });
    case TlsSession::Step::closed:
    case TlsSession::Step::dropped:
      if (end_ != End::reset) return fail_handshake("the peer closed the connection during the TLS handshake");
      [[fallthrough]];
    case TlsSession::Step::reset:
      return fail_handshake("the peer reset the connection during the TLS handshake");
    case TlsSession::Step::failed:
      return fail_handshake(tls->error());
  }
}

// An empty error: the deadline.
void Connection::Implementation::fail_handshake(std::string error) {
  TlsResult result;
  const auto handshake = std::exchange(handshake_, nullptr);
  result.plaintext_left = std::move(handshake->plaintext_left);
  result.is_timed_out = error.empty();
  result.is_own_refusal = !error.empty() && tls->is_own_refusal();
  result.error = error.empty() ? "the TLS handshake was not finished in time" : std::move(error);
  if (!handshake->first_octets.empty())
    result.error += "; the peer said in clear \"" + base::escape_quoted(handshake->first_octets) + "\"";
  ErrorCode ignored;
  socket.cancel(ignored);
  finish<TlsCallback>(result);
}

}  // namespace smtpspec::transport
