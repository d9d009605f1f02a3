// One TLS session over a non-blocking descriptor, driven by whoever knows when the descriptor is ready. OpenSSL reads
// and writes the descriptor itself, so that a session needs no buffers of ours.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "harness/transport/tls_policy.h"

namespace smtpspec::transport {

struct SslDelete {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SslPointer = std::unique_ptr<SSL, SslDelete>;
using SslContextPointer = std::unique_ptr<SSL_CTX, SslDelete>;
using SslTicketPointer = std::unique_ptr<SSL_SESSION, SslDelete>;

// The oldest error of OpenSSL's queue in words, which is emptied; `otherwise` if the queue is empty.
std::string take_ssl_error(const std::string& otherwise);

// 12 for TLS 1.2 as OpenSSL counts it; -1 for what is none of 10 to 13.
int protocol_version(int version);

class ClientTls::Implementation {
 public:
  SslContextPointer context;
  TlsPolicy policy;
  // Tickets for the names they were given for, newest last. TLS 1.3 tickets serve once, older ones any number of times.
  std::vector<std::pair<std::string, SslTicketPointer>> tickets;

  void keep_ticket(const std::string& server_name, SslTicketPointer ticket);
  SslTicketPointer take_ticket(const std::string& server_name);
};

class ServerTls::Implementation {
 public:
  SslContextPointer context;
  bool omits_close_notify = false;
};

class TlsSession {
 public:
  enum class Step {
    done,
    want_read,
    want_write,
    closed,   // close_notify
    dropped,  // the end of the stream without close_notify
    reset,
    failed,  // in error()
  };

  // only_version: 10 * major + minor; 0: the versions of the policy.
  TlsSession(std::shared_ptr<ClientTls> tls, const std::string& server_name, int descriptor, int only_version);
  TlsSession(std::shared_ptr<ServerTls> tls, int descriptor);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Step handshake();
  Step read(char* buffer, std::size_t size, std::size_t& count);
  Step write(const char* octets, std::size_t size, std::size_t& count);
  void send_close_notify();  // as far as it goes without waiting

  // After a handshake that is done: everything but the fields about time and plaintext.
  TlsResult describe() const;
  const std::string& error() const { return error_; }
  bool is_own_refusal() const { return is_own_refusal_; }

 private:
  Step classify(int result);
  static int keep_ticket(SSL* ssl, SSL_SESSION* ticket);
  friend class ClientTls;

  std::shared_ptr<ClientTls> client_;
  std::shared_ptr<ServerTls> server_;
  std::string server_name_;
  SslPointer ssl_;
  std::string error_;
  bool has_failed_ = false;
  bool is_own_refusal_ = false;
};

}  // namespace smtpspec::transport
