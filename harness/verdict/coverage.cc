#include "harness/verdict/coverage.h"

#include <algorithm>

namespace smtpspec::verdict {
namespace {

void add(CoverageCount& count, CoverageState state) {
  switch (state) {
    case CoverageState::covered:
      ++count.covered;
      return;
    case CoverageState::observed:
      ++count.observed;
      return;
    case CoverageState::untested:
      ++count.untested;
      return;
    case CoverageState::open:
      ++count.open;
      return;
  }
}

double percent(int part, int all) {
  if (all == 0) return 100.0;
  const long tenths = 1000L * part / all;
  return static_cast<double>(tenths) / 10.0;
}

void add_to_group(std::vector<CoverageGroup>& groups, const std::string& name, CoverageState state) {
  auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& known) { return known.name == name; });
  if (group == groups.end()) group = groups.insert(group, CoverageGroup{name, {}});
  add(group->count, state);
}

RequirementOutcome outcome_of(const WireFinding& finding) {
  switch (finding.outcome) {
    case Outcome::passed:
      return RequirementOutcome::satisfied;
    case Outcome::violated:
    case Outcome::warned:
      return RequirementOutcome::violated;
    case Outcome::observed:
      return RequirementOutcome::observed;
    case Outcome::inconclusive:
    case Outcome::not_reached:
      return RequirementOutcome::untested;
  }
  return RequirementOutcome::untested;
}

}  // namespace

std::string_view to_string(CoverageState state) {
  switch (state) {
    case CoverageState::covered:
      return "covered";
    case CoverageState::observed:
      return "observed";
    case CoverageState::untested:
      return "untested";
    case CoverageState::open:
      return "open";
  }
  return "";
}

double CoverageCount::covered_percent() const { return percent(covered + observed, all()); }
double CoverageCount::accounted_percent() const { return percent(covered + observed + untested, all()); }

CoverageCount count(const Coverage& coverage) {
  CoverageCount count;
  for (const auto& requirement : coverage.requirements) add(count, requirement.state);
  return count;
}

std::vector<CoverageGroup> by_document(const Coverage& coverage) {
  std::vector<CoverageGroup> groups;
  for (const auto& requirement : coverage.requirements) add_to_group(groups, requirement.document, requirement.state);
  return groups;
}

std::vector<CoverageGroup> by_section(const Coverage& coverage, std::string_view document) {
  std::vector<CoverageGroup> groups;
  for (const auto& requirement : coverage.requirements)
    if (requirement.document == document) add_to_group(groups, requirement.section, requirement.state);
  return groups;
}

std::vector<CoverageGroup> by_observable(const Coverage& coverage) {
  std::vector<CoverageGroup> groups;
  for (const auto& requirement : coverage.requirements) add_to_group(groups, requirement.observable, requirement.state);
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return a.count.all() != b.count.all() ? a.count.all() > b.count.all() : a.name < b.name;
  });
  return groups;
}

std::map<RequirementOutcome, int> outcomes(const Coverage& coverage) {
  std::map<RequirementOutcome, int> counts;
  for (const auto& requirement : coverage.requirements)
    if (requirement.outcome) ++counts[*requirement.outcome];
  return counts;
}

void add_outcomes(Coverage& coverage, const RunRecord& record) {
  std::map<std::string_view, RequirementOutcome> found;
  const auto add_outcome = [&found](std::string_view id, RequirementOutcome outcome) {
    const auto [earlier, is_new] = found.emplace(id, outcome);
    if (!is_new) earlier->second = graver(earlier->second, outcome);
  };
  for (const auto& result : record.requirements) add_outcome(result.id, result.outcome);
  for (const auto& finding : record.wire_findings) add_outcome(finding.requirement, outcome_of(finding));
  coverage.has_outcomes = true;
  for (auto& requirement : coverage.requirements) {
    const auto outcome = found.find(requirement.id);
    if (outcome != found.end()) requirement.outcome = outcome->second;
  }
}

}  // namespace smtpspec::verdict
