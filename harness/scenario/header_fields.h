// `scenario NAME "title"` and the fields below it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/broken.h"
#include "harness/scenario/outline.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// Reads the `scenario` line into `scenario`.
void read_heading(const Node& node, Scenario& scenario, Complaints& complaints);

// Reads the fields at the head of `nodes`; returns the place of the first node that is none.
// The fields that have mistakes are added to `faulty`.
std::size_t read_fields(const std::vector<Node>& nodes, Scenario& scenario, Words& faulty, Complaints& complaints);

bool is_field(std::string_view word);
const std::vector<std::string>& field_names();

// Complains of a field that stands among the steps.
void complain_of_late_fields(const std::vector<Node>& nodes, std::size_t first, Words& faulty, Complaints& complaints);

}  // namespace smtpspec::scenario
