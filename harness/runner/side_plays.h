// Conversations that a run has with the server beside those of its scenarios.
#pragma once

#include <functional>
#include <list>
#include <memory>

#include "harness/runner/play.h"

namespace smtpspec::runner {

class SidePlays {
 public:
  // Plays `program`, which must outlive this, and takes leave of the server. Calls `ended` once, on the loop, unless
  // this is destroyed first.
  void play(const Surroundings& surroundings, const engine::Program& program, engine::Variables variables,
            engine::Settings settings, std::function<void(engine::Conversation&)> ended);

 private:
  std::list<std::unique_ptr<Play>> under_way_;
};

}  // namespace smtpspec::runner
