#include "harness/runner/left_waiting.h"

#include <set>

namespace smtpspec::runner {

using verdict::WireKind;

LeftWaiting left_waiting(const verdict::WireLog& log) {
  // Connections that are up: without a greeting, and with one.
  std::set<int> waiting;
  std::set<int> served;
  int silent = 0;
  for (const auto& entry : log) {
    const int connection = entry.connection;
    if (entry.kind == WireKind::connected) waiting.insert(connection);
    if (entry.kind == WireKind::server || entry.kind == WireKind::tls_up) {
      if (waiting.erase(connection) > 0) served.insert(connection);
    }
    if (entry.kind == WireKind::peer_closed || entry.kind == WireKind::reset || entry.kind == WireKind::close) {
      waiting.erase(connection);
      served.erase(connection);
    }
    if (entry.kind == WireKind::timed_out) silent = connection;
  }
  if (!waiting.contains(silent)) return LeftWaiting::no;
  return served.empty() ? LeftWaiting::behind_others : LeftWaiting::behind_itself;
}

}  // namespace smtpspec::runner
