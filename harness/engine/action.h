// What a conversation asks of the world. Exactly one action is under way at a time, and each is answered by exactly one
// event:
//   Connect → Connected, ConnectFailed, TlsFailed (implicit TLS), TimedOut
//   Send → Sent, PeerClosed, PeerReset, TimedOut         Await → Received, PeerClosed, PeerReset, TimedOut
//   UpgradeToTls → TlsUp, TlsFailed, TimedOut            AskMailbox → MailboxAnswered, MailboxFailed
//   Pause, HalfClose, Close, Abort → Waited              Done → nothing: the conversation is over
// Any of them may be answered by TesterFault instead.
#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "harness/base/clock.h"

namespace smtpspec::engine {

using base::Microseconds;

struct ConnectTo {
  bool implicit_tls = false;
  Microseconds deadline{0};
};
struct SendOctets {
  std::string octets;
  std::size_t split_octets = 0;  // 0: one write
  Microseconds gap{0};           // between the pieces
  Microseconds deadline{0};
};
struct Await {
  Microseconds deadline{0};
};
struct UpgradeToTls {
  Microseconds deadline{0};
  int only_version = 0;  // 10 * major + minor; 0: those that the run allows
};
struct AskMailbox {
  std::string recipient;
  std::string token;         // stands in every message asked for
  int at_least = 1;          // answer as soon as so many are there
  Microseconds deadline{0};  // … or with what is there by then
};
struct Pause {
  Microseconds until{0};
};
struct HalfCloseConnection {};
struct CloseConnection {};
struct AbortConnection {};  // RST
struct Done {};

using ActionBody = std::variant<ConnectTo, SendOctets, Await, UpgradeToTls, AskMailbox, Pause, HalfCloseConnection,
                                CloseConnection, AbortConnection, Done>;

// All times are since the conversation began.
struct Action {
  ActionBody body;
  int connection = 1;
};

}  // namespace smtpspec::engine
