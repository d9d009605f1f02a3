#include "harness/cli/unseen_defects.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/server/defect.h"

namespace smtpspec::cli {
namespace {

using verdict::ScenarioResult;
using verdict::Verdict;

bool is_about(const std::vector<std::string_view>& rules, const std::vector<std::string>& checks) {
  return std::any_of(rules.begin(), rules.end(), [&](std::string_view rule) {
    return std::find(checks.begin(), checks.end(), rule) != checks.end();
  });
}

// What became of a scenario, as part of a sentence.
std::string fate_of(const ScenarioResult& scenario) {
  switch (scenario.verdict) {
    case Verdict::skipped:
    case Verdict::not_applicable:
      return fmt::format("not played ({})", scenario.reason);
    case Verdict::inconclusive:
      return fmt::format("inconclusive ({})", to_string(scenario.cause));
    case Verdict::none:
    case Verdict::pass:
    case Verdict::warn:
    case Verdict::fail:
    case Verdict::error:
      break;
  }
  return std::string(to_string(scenario.verdict));
}

std::string told(const verdict::RunRecord& record, std::string_view name, const std::vector<std::string_view>& rules) {
  std::map<std::string, int> fates;
  int all = 0;
  for (const auto& scenario : record.scenarios) {
    if (!is_about(rules, scenario.requirements)) continue;
    ++all;
    ++fates[fate_of(scenario)];
  }
  std::string sentence = fmt::format("the defect '{}' was not noticed: ", name);
  if (all == 0) return sentence + fmt::format("nothing that was selected is about {}", fmt::join(rules, ", "));
  sentence += fmt::format("of {} about {}:", all == 1 ? "the scenario" : fmt::format("the {} scenarios", all),
                          fmt::join(rules, ", "));
  std::string_view separator = " ";
  for (const auto& [fate, count] : fates) {
    sentence += fmt::format("{}{} {}", separator, count, fate);
    separator = ", ";
  }
  return sentence;
}

}  // namespace

std::vector<std::string> unseen_defects(const verdict::RunRecord& record, const std::vector<std::string>& names) {
  std::vector<std::string> sentences;
  for (const auto& name : names) {
    const auto defect = server::find_defect(name);
    if (!defect) continue;
    const auto& rules = server::info_of(*defect).requirements;
    const bool is_seen =
        std::any_of(record.scenarios.begin(), record.scenarios.end(),
                    [&](const auto& scenario) {
                      return (scenario.verdict == Verdict::fail || scenario.verdict == Verdict::warn) &&
                             is_about(rules, scenario.requirements);
                    }) ||
        std::any_of(record.wire_findings.begin(), record.wire_findings.end(), [&](const auto& finding) {
          return (finding.outcome == verdict::Outcome::violated || finding.outcome == verdict::Outcome::warned) &&
                 is_about(rules, {finding.requirement});
        });
    if (!is_seen) sentences.push_back(told(record, name, rules));
  }
  return sentences;
}

}  // namespace smtpspec::cli
