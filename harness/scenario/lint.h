// Is a scenario fair and well bound? Beyond the syntax that load() checks: ids resolve, `checks` and bindings agree,
// a sent line that breaks the RFC grammar says `malformed` (and one that does not, does not), nothing is written while
// a reply is owed, `needs` match what the steps use.
#pragma once

#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// Errors make a scenario unfit to run; warnings are advice. Positions are in scenario.file; `source_line` is filled
// from the steps.
std::vector<base::Diagnostic> lint(const Scenario& scenario, const Catalogue& catalogue);

}  // namespace smtpspec::scenario
