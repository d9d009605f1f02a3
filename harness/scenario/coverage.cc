#include "harness/scenario/coverage.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"

namespace smtpspec::scenario {
namespace {

using verdict::CoverageState;
using verdict::RequirementCoverage;

// Runs of digits compare as numbers: section 4.1.1.10 follows 4.1.1.9, and RFC 1870 precedes RFC 20000.
bool reads_before(std::string_view a, std::string_view b) {
  const auto number_at = [](std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && base::is_digit(text[end])) ++end;
    const std::size_t first = std::min(text.find_first_not_of('0', at), end);
    return text.substr(first, end - first);
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (base::is_digit(a[i]) && base::is_digit(b[j])) {
      const std::string_view left = number_at(a, i);
      const std::string_view right = number_at(b, j);
      if (left != right) return std::pair(left.size(), left) < std::pair(right.size(), right);
      while (i < a.size() && base::is_digit(a[i])) ++i;
      while (j < b.size() && base::is_digit(b[j])) ++j;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

// The base protocol, then what else is an RFC, then the rest.
int rank(std::string_view document) {
  if (document == "RFC 5321") return 0;
  return document.starts_with("RFC ") ? 1 : 2;
}

bool is_listed_before(const RequirementCoverage& a, const RequirementCoverage& b) {
  if (rank(a.document) != rank(b.document)) return rank(a.document) < rank(b.document);
  if (a.document != b.document) return reads_before(a.document, b.document);
  if (a.section != b.section) return reads_before(a.section, b.section);
  return reads_before(a.id, b.id);
}

CoverageState state_of(const RequirementCoverage& entry) {
  if (!entry.scenarios.empty() || !entry.finding.empty())
    return entry.level == verdict::Level::may ? CoverageState::observed : CoverageState::covered;
  return entry.reason.empty() ? CoverageState::open : CoverageState::untested;
}

}  // namespace

bool counts_for_coverage(const Requirement& requirement) {
  const bool binds_server = requirement.role == "server" || requirement.role == "server-delivery";
  return requirement.same_as.empty() && binds_server && requirement.observable != "none";
}

std::map<std::string_view, std::vector<std::string>> scenarios_by_primary(const std::vector<Scenario>& scenarios,
                                                                          const Catalogue& catalogue) {
  std::map<std::string_view, std::vector<std::string>> bound;
  for (const Scenario& scenario : scenarios) {
    for (const auto& id : scenario.checks) {
      const Requirement* primary = catalogue.primary(id);
      if (primary == nullptr) continue;
      auto& names = bound[primary->id];
      // A scenario may be bound to a requirement and to one that repeats it.
      if (names.empty() || names.back() != scenario.name) names.push_back(scenario.name);
    }
  }
  return bound;
}

verdict::Coverage coverage(const std::vector<Scenario>& scenarios, std::span<const RunLevelRule> rules,
                           std::span<const UntestedEntry> untested, const Catalogue& catalogue) {
  auto bound = scenarios_by_primary(scenarios, catalogue);
  std::map<std::string_view, std::string_view> findings;
  for (const auto& rule : rules)
    if (const Requirement* primary = catalogue.primary(rule.requirement)) findings[primary->id] = rule.finding;
  std::map<std::string_view, std::string_view> reasons;
  for (const auto& entry : untested) reasons[entry.requirement] = entry.reason;

  verdict::Coverage coverage;
  for (const Requirement& requirement : catalogue.all()) {
    if (!counts_for_coverage(requirement)) continue;
    RequirementCoverage entry;
    entry.id = requirement.id;
    entry.document = requirement.document;
    entry.section = requirement.section;
    entry.extension = requirement.extension;
    entry.level = requirement.level;
    entry.observable = requirement.observable;
    entry.summary = requirement.summary;
    entry.scenarios = std::move(bound[requirement.id]);
    entry.finding = findings[requirement.id];
    entry.reason = reasons[requirement.id];
    entry.state = state_of(entry);
    coverage.requirements.push_back(std::move(entry));
  }
  std::stable_sort(coverage.requirements.begin(), coverage.requirements.end(), is_listed_before);
  return coverage;
}

}  // namespace smtpspec::scenario
