#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "reports/coverage.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using verdict::CoverageState;
using verdict::RequirementCoverage;

// Who covers it; of one that is not covered the reason, and of an open one the rule.
std::string account(const RequirementCoverage& requirement) {
  switch (requirement.state) {
    case CoverageState::covered:
    case CoverageState::observed: {
      std::vector<std::string> names = requirement.scenarios;
      if (!requirement.finding.empty()) names.push_back(requirement.finding);
      return fmt::format("{}", fmt::join(names, " "));
    }
    case CoverageState::untested:
      return requirement.reason;
    case CoverageState::open:
      return requirement.summary;
  }
  return "";
}

std::string line(const RequirementCoverage& requirement, bool has_outcomes) {
  std::string text = fmt::format("  {:<9} {:<24} {:<11}", to_string(requirement.state), requirement.id,
                                 verdict::to_string(requirement.level));
  if (has_outcomes) text += fmt::format("{:<15}", requirement.outcome ? verdict::to_string(*requirement.outcome) : "-");
  return printable(text + account(requirement));
}

void write_requirements(const verdict::Coverage& coverage, CoverageListing listing, std::ostream& out) {
  std::string document;
  for (const auto& requirement : coverage.requirements) {
    if (listing == CoverageListing::open && requirement.state != CoverageState::open) continue;
    if (requirement.document != document) {
      document = requirement.document;
      out << document << '\n';
    }
    out << line(requirement, coverage.has_outcomes) << '\n';
  }
  if (!document.empty()) out << '\n';
}

void write_table(std::string_view title, const std::vector<verdict::CoverageGroup>& groups, std::ostream& out) {
  out << fmt::format("{:<20}{:>7}{:>9}{:>10}{:>10}{:>7}{:>11}{:>13}\n", title, "counted", "covered", "observed",
                     "untested", "open", "covered %", "accounted %");
  for (const auto& [name, count] : groups)
    out << fmt::format("{:<20}{:>7}{:>9}{:>10}{:>10}{:>7}{:>11.1f}{:>13.1f}\n", name, count.all(), count.covered,
                       count.observed, count.untested, count.open, count.covered_percent(), count.accounted_percent());
}

}  // namespace

void write_coverage_text(const verdict::Coverage& coverage, CoverageListing listing, std::ostream& out) {
  write_requirements(coverage, listing, out);
  auto documents = verdict::by_document(coverage);
  documents.push_back({"all", verdict::count(coverage)});
  write_table("specification", documents, out);
  out << '\n';
  write_table("seen in", verdict::by_observable(coverage), out);
  if (!coverage.has_outcomes) return;
  out << "\nin the run";
  int counted = 0;
  for (const auto& [outcome, count] : verdict::outcomes(coverage)) {
    out << fmt::format("  {} {}", verdict::to_string(outcome), count);
    counted += count;
  }
  out << fmt::format("  not in it {}\n", verdict::count(coverage).all() - counted);
}

}  // namespace smtpspec::reports
