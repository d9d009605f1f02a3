// When a run is given up: a server that no longer greets would otherwise cost one deadline a scenario, an hour in all.
#pragma once

#include <cstdint>
#include <string>

#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

// Counts tries in which the server let us wait for its greeting, and those in which nothing whole came after it. A
// reply to a command starts both counts anew, a greeting the first: a server that leaves one command unanswered, EHLO
// even, is judged by that before it is given up. Pure.
class Patience {
 public:
  // Lasts for `tries` tries without a greeting, and for twice as many with nothing but a greeting, in a row.
  explicit Patience(int tries) : tries_(tries) {}

  // Each try as it ends; `replies` are the complete replies that it saw, the greeting among them.
  void heard(const verdict::ScenarioResult& attempt, std::uint64_t replies);

  bool is_exhausted() const { return ungreeted_ >= tries_ || unanswered_ >= 2 * tries_; }
  // What ended it, for people: "greeted none of the last 16 conversations in time".
  std::string complaint() const;

 private:
  int tries_;
  int ungreeted_ = 0;
  int unanswered_ = 0;  // ungreeted ones among them
};

}  // namespace smtpspec::runner
