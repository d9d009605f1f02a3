// `each path: "<a@b" label: "a@b>" word`: the values over which a scenario is a family.
#pragma once

#include "harness/scenario/outline.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// Adds to scenario.each, and the lines that the field goes on in to scenario.head.
void read_each(const Node& node, Scenario& scenario, Complaints& complaints);

}  // namespace smtpspec::scenario
