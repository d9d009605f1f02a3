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

// Of the extensions that say how a message is to be treated on its way.
void add_treatment_probes(std::vector<Probe>& out);

}  // namespace smtpspec::server
