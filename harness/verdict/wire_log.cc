#include "harness/verdict/wire_log.h"

#include <algorithm>

#include <fmt/format.h>

namespace smtpspec::verdict {

std::string_view to_string(WireKind kind) {
  switch (kind) {
    case WireKind::connect:
      return "connect";
    case WireKind::connected:
      return "connected";
    case WireKind::connect_failed:
      return "connect_failed";
    case WireKind::client:
      return "C";
    case WireKind::server:
      return "S";
    case WireKind::start_tls:
      return "start_tls";
    case WireKind::tls_up:
      return "tls";
    case WireKind::tls_failed:
      return "tls_failed";
    case WireKind::timed_out:
      return "timed_out";
    case WireKind::peer_closed:
      return "peer_closed";
    case WireKind::reset:
      return "reset";
    case WireKind::half_close:
      return "half_close";
    case WireKind::close:
      return "close";
    case WireKind::pause:
      return "pause";
    case WireKind::ask_mailbox:
      return "ask_mailbox";
    case WireKind::mailbox_answer:
      return "mailbox";
  }
  return "?";
}

std::optional<WireKind> parse_wire_kind(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(WireKind::mailbox_answer); ++i) {
    const auto kind = static_cast<WireKind>(i);
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

bool holds(const WireLog& log, WireKind kind) {
  return std::any_of(log.begin(), log.end(), [kind](const WireEntry& entry) { return entry.kind == kind; });
}

void shorten(WireEntry& entry, std::size_t limit) {
  if (entry.octets.size() <= limit) return;
  note_left_out(entry, entry.octets.size() - limit);
  entry.octets.resize(limit);
  entry.octets.shrink_to_fit();
}

void note_left_out(WireEntry& entry, std::size_t octets) {
  entry.left_out += octets;
  entry.note += fmt::format("{}{} octets more", entry.note.empty() ? "" : ", ", octets);
}

}  // namespace smtpspec::verdict
