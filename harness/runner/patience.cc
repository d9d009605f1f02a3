#include "harness/runner/patience.h"

#include <algorithm>

namespace smtpspec::runner {

void Patience::heard(const verdict::ScenarioResult& attempt, std::uint64_t replies) {
  const bool has_waited = std::any_of(attempt.wire.begin(), attempt.wire.end(), [](const verdict::WireEntry& entry) {
    return entry.kind == verdict::WireKind::timed_out;
  });
  ungreeted_ = has_waited && replies == 0 ? ungreeted_ + 1 : 0;
}

}  // namespace smtpspec::runner
