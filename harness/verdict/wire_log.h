// The evidence of one scenario: everything that was asked of the world and everything that came back, in order. It is
// the engine's own list of actions and events, one to one, so that a recorded conversation can be judged again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/verdict/stored_message.h"

namespace smtpspec::verdict {

enum class WireKind {
  connect,         // we asked for a connection
  connected,       // … and have one
  connect_failed,  // note: why
  client,          // octets we sent
  server,          // octets the server sent, as they arrived
  start_tls,       // we began a handshake
  tls_up,          // note: protocol version and cipher
  tls_failed,      // note: why
  timed_out,       // nothing came by the deadline
  peer_closed,     // FIN from the server
  reset,           // RST from the server
  half_close,      // we sent FIN
  close,           // we closed
  pause,           // we waited on purpose
  ask_mailbox,     // note: what was asked for
  mailbox_answer,  // octets: the messages, one behind the other; note: how many, and what is left out
};

std::string_view to_string(WireKind kind);
std::optional<WireKind> parse_wire_kind(std::string_view text);

// What checks may ask of a handshake beyond its description.
struct TlsFacts {
  int version = 0;  // 10 * major + minor
  bool is_resumed = false;
  bool is_certificate_current = false;
  bool is_certificate_named = false;
  bool operator==(const TlsFacts&) const = default;
};

// One of the messages that a mailbox answered with: so many of the entry's octets, what the storage may have done, and
// the envelope where the next hop took it.
struct LoggedMessage {
  std::size_t octets = 0;
  StorageArtefacts artefacts;
  std::optional<ReceivedEnvelope> envelope{};
  bool operator==(const LoggedMessage&) const = default;
};

struct WireEntry {
  base::Microseconds at{0};  // since the scenario began
  int connection = 1;        // from 1
  WireKind kind = WireKind::client;
  std::string octets{};                   // only where the kind carries octets
  std::string note{};                     // short and printable
  int line = 0;                           // of the scenario step that caused it; 0: none
  bool redacted = false;                  // octets replaced by as many '*' (secrets); line ends kept
  std::size_t left_out = 0;               // octets that were there and are not kept; the note tells it, too
  base::Microseconds written{0};          // client: when the last octet was handed over; 0: unknown
  bool is_own_refusal = false;            // tls_failed: the tester ended it
  TlsFacts tls{};                         // tls_up
  std::vector<LoggedMessage> messages{};  // mailbox_answer
  bool operator==(const WireEntry&) const = default;
};

using WireLog = std::vector<WireEntry>;

bool holds(const WireLog& log, WireKind kind);

// Keeps the first `limit` octets of an entry; its note tells how many are left out.
void shorten(WireEntry& entry, std::size_t limit);
void note_left_out(WireEntry& entry, std::size_t octets);

}  // namespace smtpspec::verdict
