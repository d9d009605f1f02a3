// TLS for both sides: what a client insists on, what a server shows. Each is prepared once and shared by all the
// connections of a run: preparing costs far more than a connection does.
//
// Promise: certificates are always looked at and the finding is reported; only TlsPolicy::must_verify turns a bad one
// into a failed handshake. Versions are written 10 * major + minor, as in 12 for TLS 1.2.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace smtpspec::transport {

struct TlsPolicy {
  int min_version = 12;  // 10, 11, 12 or 13
  int max_version = 13;
  bool must_verify = false;
  std::string ca_file;       // PEM; "": the system's store
  bool is_resuming = false;  // offer tickets of earlier connections of the same ClientTls
  bool operator==(const TlsPolicy&) const = default;
};

// Everything about one handshake, for either side.
struct TlsResult {
  bool is_ok = false;
  bool is_timed_out = false;
  int version = 0;
  std::string version_name;  // "TLSv1.3"
  std::string cipher;        // "TLS_AES_256_GCM_SHA384"
  std::string peer_subject;  // "CN=mail.example.org", "" if the peer showed no certificate
  bool is_verified = false;
  std::string verify_error;  // why not, "" if verified
  bool is_resumed = false;
  bool is_current = false;    // the peer's certificate: now is within its dates
  bool has_dns_name = false;  // … and it names a host in a subjectAltName
  std::string error;          // why the handshake failed, one line
  // We ended the handshake, or could not begin it: the certificate did not satisfy the policy, or this machine's TLS
  // does not have the version asked for. It says nothing of the peer.
  bool is_own_refusal = false;
  // Octets that had come in clear before the handshake began and that receive() had not given out yet. They are never
  // part of what receive() gives later (RFC 3207 §4.2, the injection).
  std::string plaintext_left;
};

// The client's side, with its pool of session tickets.
class ClientTls {
 public:
  class Implementation;
  static base::Result<std::shared_ptr<ClientTls>, std::string> make(const TlsPolicy& policy);
  explicit ClientTls(std::unique_ptr<Implementation> implementation);
  ~ClientTls();
  Implementation& implementation() { return *implementation_; }  // for this room's sources only

 private:
  std::unique_ptr<Implementation> implementation_;
};

// Loads what the library loads at its first use, algorithms above all, which takes as long as to load a suite of
// scenarios: for a thread that has nothing else to do meanwhile. Failures show when TLS is used.
void warm_up_tls();

// What a server does wrong within TLS: for the defects of the reference server.
struct TlsFaults {
  int min_version = 12;             // 10 and 11 are versions that nobody may negotiate any more (RFC 8996)
  bool is_expired = false;          // the certificate
  bool has_no_names = false;        // … has no subjectAltName
  bool omits_close_notify = false;  // the end is not told
};

// The server's side: its key, its certificate, its tickets.
class ServerTls {
 public:
  class Implementation;
  // A fresh P-256 key and a certificate valid for 30 days, made in memory. names: at least one, the first is the
  // subject.
  static base::Result<std::shared_ptr<ServerTls>, std::string> make_self_signed(const std::vector<std::string>& names,
                                                                                const TlsFaults& faults = {});
  static base::Result<std::shared_ptr<ServerTls>, std::string> load(const std::string& certificate_file,
                                                                    const std::string& key_file);
  explicit ServerTls(std::unique_ptr<Implementation> implementation);
  ~ServerTls();
  std::string certificate_pem() const;                           // for a client that is to trust it
  Implementation& implementation() { return *implementation_; }  // for this room's sources only

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::transport
