// A plain message that a run sends beside its scenarios, to see that mail for a recipient arrives at all.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/runner/proven_mailbox.h"
#include "harness/runner/side_plays.h"

namespace smtpspec::runner {

class ControlDelivery {
 public:
  ControlDelivery(engine::Variables variables, engine::Settings settings, std::uint64_t seed);

  // Calls `done` once, on the loop, unless this is destroyed first.
  void send(const Surroundings& surroundings, const std::string& recipient,
            std::function<void(const ProvenMailbox::Sent&)> done);

 private:
  engine::Variables variables_;
  engine::Settings settings_;
  std::uint64_t seed_;
  int sent_ = 0;
  scenario::Scenario scenario_;
  engine::Program program_;
  SidePlays plays_;
};

}  // namespace smtpspec::runner
