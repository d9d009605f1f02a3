// What the runner holds of a scenario. For this room's sources.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "harness/runner/runner.h"

namespace smtpspec::runner {

struct Runner::Item {
  const scenario::Instance* instance = nullptr;
  std::unique_ptr<engine::Program> program;  // while it is being tried
  std::vector<verdict::ScenarioResult> history;
  std::vector<verdict::ScenarioResult> repeats;
  std::optional<verdict::ScenarioResult> result;
  int attempts = 0;
  int turned_away = 0;
  int suspicions = 0;  // how often it was under way when the server came to an end
};

struct Runner::Running {
  std::size_t index = 0;
  std::unique_ptr<Play> play;
};

}  // namespace smtpspec::runner
