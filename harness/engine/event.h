// What the world tells a conversation. Each event says when it happened and on which connection; the engine reads no
// clock of its own.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "harness/base/clock.h"
#include "harness/verdict/stored_message.h"

namespace smtpspec::engine {

struct Started {};  // the very first event
struct Connected {};
struct ConnectFailed {
  std::string reason;
};
struct Sent {};  // the octets were handed to the kernel; whether the server has read them is unknown
struct Received {
  std::string octets;
};
struct TimedOut {};  // the deadline of the awaited action passed
struct PeerClosed {
  bool is_notified = false;  // TLS: close_notify came before it
};                           // FIN
struct PeerReset {};         // RST, seen while reading or writing
struct TlsUp {
  int version = 0;             // 10 * major + minor, 12 or 13
  std::string description;     // "TLSv1.3 TLS_AES_256_GCM_SHA384, self-signed"
  std::string plaintext_left;  // octets that had come in clear behind the reply to STARTTLS, never part of the session
  bool is_resumed = false;
  bool is_certificate_current = false;  // now is within its dates; false: not, or none was shown
  bool is_certificate_named = false;    // it names a host in a subjectAltName
};
struct TlsFailed {
  std::string reason;
  bool is_own_refusal = false;  // the tester ended it: it says nothing of the server
};
struct MailboxAnswered {
  std::vector<verdict::StoredMessage> messages;
};
struct MailboxFailed {
  std::string reason;
};
struct Waited {};  // a pause, a close or a half-close is done
struct TesterFault {
  std::string reason;
};  // the harness itself could not do what was asked

using EventBody = std::variant<Started, Connected, ConnectFailed, Sent, Received, TimedOut, PeerClosed, PeerReset,
                               TlsUp, TlsFailed, MailboxAnswered, MailboxFailed, Waited, TesterFault>;

struct Event {
  EventBody body;
  int connection = 1;        // from 1
  base::Microseconds at{0};  // since the conversation began
};

}  // namespace smtpspec::engine
