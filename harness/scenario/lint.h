// Is a scenario fair and well bound? Beyond the syntax that load() checks: ids resolve, `checks` and bindings agree,
// a sent line that breaks the RFC grammar says `malformed` (and one that does not, does not), nothing is written while
// a reply is owed, `needs` match what the steps use.
#pragma once

#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/scenario/broken.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/load.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// Errors make a scenario unfit to run; warnings are advice. Positions are in scenario.file; `source_line` is filled
// from the steps.
std::vector<base::Diagnostic> lint(const Scenario& scenario, const Catalogue& catalogue);

// What else is wrong with a scenario that has mistakes, but for what may be a consequence of them.
std::vector<base::Diagnostic> lint(const BrokenScenario& broken, const Catalogue& catalogue);

// Every scenario that was loaded, sound or not, and the requirements that lines with mistakes name. Leaves in `loaded`
// each diagnostic once, files in the order of loading, and their lines in order.
void lint_all(Loaded& loaded, const Catalogue& catalogue);

// Brings the diagnostics into that order.
void sort_diagnostics(Loaded& loaded);

}  // namespace smtpspec::scenario
