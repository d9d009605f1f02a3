// Which requirements of the catalogue the scenarios of a suite are bound to. What counts are the primary entries that
// bind a server and that a tester can see; a scenario bound to a repeated duty (`same_as`) covers its primary.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"
#include "harness/verdict/coverage.h"

namespace smtpspec::scenario {

// A rule on the form of all replies, judged once a run and by no scenario (runner/roll_up.h).
struct RunLevelRule {
  std::string_view finding;      // "wire.line-end"
  std::string_view requirement;  // catalogue id
};

bool counts_for_coverage(const Requirement& requirement);

// Names of the scenarios bound to a requirement or to one that repeats it, in suite order, by the primary's id. Ids
// that the catalogue does not have are passed over: the linter refuses them.
std::map<std::string_view, std::vector<std::string>> scenarios_by_primary(const std::vector<Scenario>& scenarios,
                                                                          const Catalogue& catalogue);

// Without outcomes: verdict::add_outcomes() adds those of a run.
verdict::Coverage coverage(const std::vector<Scenario>& scenarios, std::span<const RunLevelRule> rules,
                           std::span<const UntestedEntry> untested, const Catalogue& catalogue);

}  // namespace smtpspec::scenario
