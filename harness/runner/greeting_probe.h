// Does the server still greet? A connection of its own beside those of the scenarios, for a server that has left one of
// them unanswered.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "harness/runner/play.h"

namespace smtpspec::runner {

enum class Greeting {
  came,
  silent,  // the connection stands, and nothing comes within the time for a reply
  broken,  // no connection, or it was closed
};

class GreetingProbe {
 public:
  GreetingProbe(engine::Variables variables, engine::Settings settings);
  ~GreetingProbe();

  // Calls `done` once, on the loop, unless this is destroyed first.
  void ask(const Surroundings& surroundings, std::function<void(Greeting)> done);

 private:
  engine::Variables variables_;
  engine::Settings settings_;
  engine::Program program_;
  std::list<std::unique_ptr<Play>> under_way_;
};

}  // namespace smtpspec::runner
