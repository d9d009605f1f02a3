// When a run is given up: a server that no longer answers would otherwise cost one deadline a scenario, an hour in all.
#pragma once

#include <cstdint>

#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

// Counts tries in which the server let us wait and answered no command. Anything else it says starts the count anew:
// a server that leaves one command unanswered is judged by that, not given up. Pure.
class Patience {
 public:
  // Lasts for `tries` such tries, one behind the other.
  explicit Patience(int tries) : tries_(tries) {}

  // Each try as it ends; `replies` are the complete replies that it saw, a greeting among them.
  void heard(const verdict::ScenarioResult& attempt, std::uint64_t replies);

  bool is_exhausted() const { return unanswered_ >= tries_; }
  int unanswered() const { return unanswered_; }

 private:
  int tries_;
  int unanswered_ = 0;
};

}  // namespace smtpspec::runner
