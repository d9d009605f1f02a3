// Does the server still greet? Asked over a connection of its own, when it has left a scenario unanswered.
#pragma once

#include <functional>

#include "harness/base/clock.h"
#include "harness/runner/side_plays.h"

namespace smtpspec::runner {

class GreetingProbe {
 public:
  GreetingProbe(engine::Variables variables, engine::Settings settings);

  // Calls `done` once, on the loop, unless this is destroyed first: with "" where a greeting came, else with what came
  // in its place within `patience`, one clause.
  void ask(const Surroundings& surroundings, base::Microseconds patience, std::function<void(const std::string&)> done);

 private:
  engine::Variables variables_;
  engine::Settings settings_;
  engine::Program program_;
  SidePlays plays_;
};

}  // namespace smtpspec::runner
