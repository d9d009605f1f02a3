// Dialogues that between them touch every rule the defect table speaks of.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {

struct Probe {
  Config config;
  std::vector<std::string> steps;
  SessionInfo info = {};
};

std::vector<Probe> probes();

}  // namespace smtpspec::server
