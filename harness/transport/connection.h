// One stream to or from a peer: TCP over IPv4 or IPv6, a Unix-domain socket, or an attached descriptor; TLS from the
// start or in the middle.
//
// Promise: exactly one operation is under way at a time (starting a second one is the caller's bug), each is answered
// by exactly one callback, and never from inside the call that started it, unless that was asked for by
// answer_at_once(). Every operation has a deadline. Destroying the connection, close() and abort() end an operation
// without its callback; a callback may destroy the connection. Memory is bounded: octets are read only when asked for,
// or up to kMaxEarlyOctets while a send is stuck.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/transport/endpoint.h"
#include "harness/transport/event_loop.h"
#include "harness/transport/tls_policy.h"

namespace smtpspec::transport {

inline constexpr std::size_t kMaxReceiveOctets = 64 * 1024;  // in one callback
inline constexpr std::size_t kMaxEarlyOctets = 256 * 1024;   // read while a send is stuck, given by the next receives

enum class ConnectStatus { connected, refused, unreachable, resolve_failed, timed_out, failed };
std::string_view to_string(ConnectStatus status);

struct ConnectResult {
  ConnectStatus status = ConnectStatus::failed;
  std::string message;  // of the last address tried, "" if connected
  bool is_connected() const { return status == ConnectStatus::connected; }
};

enum class SendStatus {
  sent,  // the kernel has all of it; whether the peer has read it is unknown
  timed_out,
  reset,   // the peer is gone; receive() still gives what it had said before
  failed,  // anything else, in message
};

struct SendResult {
  SendStatus status = SendStatus::failed;
  std::size_t octets_sent = 0;
  std::string message;
};

// Cuts a send into pieces, each a write (and a TCP segment, a TLS record) of its own.
struct SendPacing {
  std::size_t piece_octets = 0;            // 0: no cutting by size
  std::vector<std::size_t> split_offsets;  // rising offsets into the octets at which a new piece begins
  std::chrono::microseconds gap{0};        // between two pieces
};

enum class ReceiveStatus {
  octets,
  timed_out,
  peer_closed,  // FIN (or the end of an attached stream)
  reset,        // RST
  failed,       // a TLS record that cannot be read, any other error; in message
};

struct ReceiveResult {
  ReceiveStatus status = ReceiveStatus::failed;
  std::string_view octets;  // 1 to kMaxReceiveOctets; valid during the callback only
  // peer_closed under TLS: whether a close_notify came first. A server that just drops the stream is common.
  bool has_close_notify = false;
  std::string message;
};

using ConnectCallback = std::function<void(const ConnectResult&)>;
using SendCallback = std::function<void(const SendResult&)>;
using ReceiveCallback = std::function<void(const ReceiveResult&)>;
using TlsCallback = std::function<void(const TlsResult&)>;

class Connection {
 public:
  class Implementation;
  // receive_buffer_octets: how much a receive() gives at most, at most kMaxReceiveOctets. Allocated when first needed.
  explicit Connection(EventLoop& loop, std::size_t receive_buffer_octets = 4096);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // For a caller that does one thing at a time: what a send() can do now, what a connect() to an address or a receive()
  // in clear gets within so long, is answered from inside the call, and the turns of the loop are saved; what takes
  // longer is answered by the loop. While it is waited so, the loop stands still. A callback must not destroy the
  // connection then.
  void answer_at_once(std::chrono::milliseconds patience);

  // Tries every address of the host, sharing the time out among them. TCP_NODELAY is always on.
  void connect(const Endpoint& endpoint, SteadyTime deadline, ConnectCallback callback);
  // Takes over a connected stream socket (socketpair, accept). The descriptor is closed with the connection.
  // False if it is not one; then the descriptor stays the caller's.
  bool attach(int descriptor);
  // The same, answered as connect() is; an error in place of a descriptor is answered as failed.
  void attach(base::Result<int, std::string> descriptor, ConnectCallback callback);

  void send(std::string octets, SteadyTime deadline, SendCallback callback);
  void send(std::string octets, const SendPacing& pacing, SteadyTime deadline, SendCallback callback);
  // Octets that came together with the end of the stream are given first, then the end, as often as asked.
  void receive(SteadyTime deadline, ReceiveCallback callback);

  // Client side, in the middle or at the start. server_name: for SNI and for the verification; "" or an address: no
  // SNI. After a failed handshake the only sensible next step is close() or abort().
  void start_tls(std::shared_ptr<ClientTls> tls, const std::string& server_name, SteadyTime deadline,
                 TlsCallback callback);
  // The same with one version alone, 10 * major + minor; 0: those of the policy.
  void start_tls(std::shared_ptr<ClientTls> tls, const std::string& server_name, int only_version, SteadyTime deadline,
                 TlsCallback callback);
  // Server side.
  void accept_tls(std::shared_ptr<ServerTls> tls, SteadyTime deadline, TlsCallback callback);

  // Ends the operation under way without its callback; the connection stays open unless it was being made. What a
  // cancelled receive had read already is lost.
  void cancel();
  // No more octets from us (TLS: close_notify first); receive() goes on. Needs no callback: it does not wait.
  void half_close();
  // FIN: what was sent still arrives. TLS: close_notify first.
  void close();
  // RST: the peer sees a broken connection (on a Unix-domain socket: as close()).
  void abort();

  bool is_open() const;
  bool is_busy() const;  // an operation is under way
  bool is_tls() const;
  std::string peer_address() const;   // "127.0.0.1", "::1", "" if there is none
  std::string local_address() const;  // as peer_address()
  std::uint16_t peer_port() const;    // 0 if there is none
  std::uint16_t local_port() const;

 private:
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::transport
