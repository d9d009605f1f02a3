// What the runner tells while it works. Progress goes to a terminal, a test's list or nowhere.
#pragma once

#include <string>

#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void run_begins(int /*scenarios*/) {}
  // Final result of one scenario; `done` of `total` are finished.
  virtual void scenario_ends(const verdict::ScenarioResult& /*result*/, int /*done*/, int /*total*/) {}
  // Something that a person watching should know: fewer connections at a time, a restart of the server.
  virtual void notice(const std::string& /*text*/) {}
};

}  // namespace smtpspec::runner
