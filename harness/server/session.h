// The reference server's side of one SMTP or LMTP connection as a pure state machine (RFC 5321 and the extensions of
// Config): octets and events go in, octets and a next step come out. It uses no clock, random source, file or socket.
//
// Promise: the same events give the same octets, however the input is split. Nothing the client sends is a caller's
// bug. After Then::close or Then::reset the session is over and must not be called again.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "harness/server/config.h"
#include "harness/server/environment.h"

namespace smtpspec::server {

struct TlsInfo {
  std::string version;  // "TLSv1.3"
  std::string cipher;   // "TLS_AES_256_GCM_SHA384"
};

struct SessionInfo {
  std::string client_address = "127.0.0.1";  // as text, IPv4 or IPv6, without brackets
  bool is_tls = false;                       // implicit TLS is up already
  TlsInfo tls;
  int other_sessions = 0;  // open on this server at this moment
};

enum class Then {
  keep_open,
  start_tls,  // send the octets, take the server side of a TLS handshake, then call tls_established()
  close,      // send the octets, then close cleanly
  reset,      // send the octets if there are any, then abort the connection (only defects ask for this)
};

struct Output {
  std::string octets;  // may be empty
  Then then = Then::keep_open;
  std::chrono::milliseconds delay_before{0};  // wait so long before sending; never set by a server without defects
};

class Session {
 public:
  // `config` and `environment` must outlive the session.
  Session(const Config& config, Environment& environment, SessionInfo info);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // The connection is up (and implicit TLS too, if any): gives the greeting. Called once, before everything else.
  Output start();
  // The next octets from the client, any number of them.
  Output feed(std::string_view octets);
  // The handshake that Then::start_tls asked for has succeeded. After a failed one, drop the session.
  Output tls_established(TlsInfo info);
  // current_timeout() has gone by without an octet from the client: 421 and close.
  Output timed_out();
  // The server is being stopped: 421 and close (RFC 5321 §3.8).
  Output shutdown();
  // The client has gone without QUIT: what is unfinished is dropped (RFC 5321 §4.1.1.10). The session is over.
  void connection_lost();
  // How long to wait for the next octets from now on.
  std::chrono::seconds current_timeout() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::server
