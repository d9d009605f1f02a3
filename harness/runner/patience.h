// When a run is given up: a server that no longer greets would otherwise cost one deadline a scenario, an hour in all.
#pragma once

#include <cstdint>

#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

// Counts tries in which the server let us wait for its greeting. A greeting starts the count anew: a server that leaves
// a command unanswered, EHLO even, is judged by that, not given up. Pure.
class Patience {
 public:
  // Lasts for `tries` such tries, one behind the other.
  explicit Patience(int tries) : tries_(tries) {}

  // Each try as it ends; `replies` are the complete replies that it saw, the greeting among them.
  void heard(const verdict::ScenarioResult& attempt, std::uint64_t replies);

  bool is_exhausted() const { return ungreeted_ >= tries_; }
  int ungreeted() const { return ungreeted_; }

 private:
  int tries_;
  int ungreeted_ = 0;
};

}  // namespace smtpspec::runner
