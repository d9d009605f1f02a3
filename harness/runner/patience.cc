#include "harness/runner/patience.h"

#include <fmt/format.h>

namespace smtpspec::runner {

void Patience::heard(const verdict::ScenarioResult& attempt, std::uint64_t replies) {
  const bool has_waited = verdict::holds(attempt.wire, verdict::WireKind::timed_out);
  ungreeted_ = has_waited && replies == 0 ? ungreeted_ + 1 : 0;
  unanswered_ = has_waited && replies <= 1 ? unanswered_ + 1 : 0;
}

std::string Patience::complaint() const {
  if (ungreeted_ >= tries_) return fmt::format("greeted none of the last {} conversations in time", ungreeted_);
  return fmt::format("answered no command of the last {} conversations in time", unanswered_);
}

}  // namespace smtpspec::runner
