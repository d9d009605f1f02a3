// The working side of a Connection: one operation, its deadline, and what was read before anybody asked.
//
// Each operation has a number; a handler of Asio's that comes for an older number finds that it is no longer wanted.
// Handlers hold the object alive, the Connection's end only closes it.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <variant>

#include "harness/transport/connection.h"
#include "harness/transport/event_loop_implementation.h"
#include "harness/transport/tls_session.h"

namespace smtpspec::transport {

using StreamEndpoint = asio::generic::stream_protocol::endpoint;
using StreamSocket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;

struct ConnectAttempts;  // connection_connect.cc

class Connection::Implementation : public std::enable_shared_from_this<Connection::Implementation> {
 public:
  Implementation(EventLoop& loop, std::size_t receive_buffer_octets);
  ~Implementation();

  void connect(const Endpoint& endpoint, SteadyTime deadline, ConnectCallback callback);
  bool attach(int descriptor);
  void attach(base::Result<int, std::string> descriptor, ConnectCallback callback);
  void send(std::string octets, const SendPacing* pacing, SteadyTime deadline, SendCallback callback);
  void receive(SteadyTime deadline, ReceiveCallback callback);
  void handshake(std::unique_ptr<TlsSession> tls, bool is_client, SteadyTime deadline, TlsCallback callback);
  void cancel();
  void half_close();
  void close(bool must_reset);
  void answer_at_once(std::chrono::milliseconds patience) { patience_ = patience; }

  StreamSocket socket;
  std::unique_ptr<TlsSession> tls;
  bool is_busy() const { return !std::holds_alternative<std::monostate>(callback_); }

 private:
  enum class End { none, closed, closed_with_notify, reset };

  // The frame of every operation.
  template <class Callback>
  void begin(SteadyTime deadline, Callback callback);
  template <class Callback, class Outcome>
  void finish(const Outcome& outcome);
  template <class Callback, class Outcome>
  void finish_later(Outcome outcome);
  void arm(SteadyTime deadline);
  void on_timer();
  void on_deadline();
  // `call` when the descriptor is ready, unless the operation has ended before.
  template <class Call>
  void when_ready(StreamSocket::wait_type what, Call call);

  // Of answer_at_once(): waits without the loop. False: the descriptor is not ready yet.
  bool answers_at_once() const { return patience_.count() > 0; }
  bool wait_at_once(short events);
  bool receive_at_once();
  void connect_at_once(const StreamEndpoint& address);
  void connect_ended();

  void try_next_address();
  void connect_failed(const ErrorCode& error);

  void pump_send(bool is_first_try);
  void wait_while_stuck(bool must_wait_to_read);
  void read_early();
  std::size_t piece_end() const;
  void finish_send(SendStatus status, std::string message, bool is_first_try);

  void receive_clear();
  void receive_tls(bool is_first_try);
  void finish_receive(ReceiveResult result, bool is_first_try);
  ReceiveResult end_result() const;
  char* buffer();

  void pump_handshake();
  void drain_clear(std::string& octets);
  void fail_handshake(std::string error);
  void look_at_first_octets();

  EventLoop::Implementation& loop_;
  AsioTimer timer_;
  SteadyTime deadline_{SteadyTime::max()};
  SteadyTime armed_for_{SteadyTime::max()};  // when timer_ will fire: not after deadline_ while the loop is waited for
  std::chrono::milliseconds patience_{0};    // 0: answers never from inside the call
  std::uint64_t number_ = 0;                 // of the operation
  std::variant<std::monostate, ConnectCallback, SendCallback, ReceiveCallback, TlsCallback> callback_;

  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_octets_;
  std::string early_;  // read while a send was stuck
  End end_ = End::none;
  bool is_receive_expired_ = false;

  std::string outgoing_;
  std::size_t sent_octets_ = 0;
  std::unique_ptr<SendPacing> pacing_;
  std::unique_ptr<AsioTimer> gap_timer_;
  bool is_waiting_to_read_ = false;  // while stuck
  bool is_waiting_to_write_ = false;

  std::shared_ptr<ConnectAttempts> attempts_;

  struct Handshake {
    bool is_client = true;
    bool has_looked = false;
    std::string plaintext_left;
    std::string first_octets;  // of an answer that is no TLS record
  };
  std::unique_ptr<Handshake> handshake_;
};

template <class Callback>
void Connection::Implementation::begin(SteadyTime deadline, Callback callback) {
  ++number_;
  callback_ = std::move(callback);
  deadline_ = deadline;
  if (!answers_at_once()) arm(deadline);
}

template <class Callback, class Outcome>
void Connection::Implementation::finish(const Outcome& outcome) {
  ++number_;
  deadline_ = SteadyTime::max();
  Callback callback = std::get<Callback>(std::exchange(callback_, std::monostate{}));
  callback(outcome);
}

template <class Call>
void Connection::Implementation::when_ready(StreamSocket::wait_type what, Call call) {
  arm(deadline_);
  socket.async_wait(what, [self = shared_from_this(), number = number_, call](const ErrorCode&) {
    if (number == self->number_) call(*self);
  });
}

}  // namespace smtpspec::transport
