#include <ostream>

#include <nlohmann/json.hpp>

#include "reports/coverage.h"

namespace smtpspec::reports {
namespace {

using json = nlohmann::ordered_json;  // members in the order written: two documents compare line by line

json counts_json(const verdict::CoverageCount& count) {
  return {{"requirements", count.all()},
          {"covered", count.covered},
          {"observed", count.observed},
          {"untested", count.untested},
          {"open", count.open},
          {"covered_percent", count.covered_percent()},
          {"accounted_percent", count.accounted_percent()}};
}

json group_json(const verdict::CoverageGroup& group) {
  json out = {{"name", group.name}};
  out.update(counts_json(group.count));
  return out;
}

json requirement_json(const verdict::RequirementCoverage& requirement) {
  json out = {{"id", requirement.id},
              {"specification", requirement.document},
              {"section", requirement.section},
              {"level", to_string(requirement.level)},
              {"observable", requirement.observable},
              {"summary", requirement.summary},
              {"state", to_string(requirement.state)},
              {"scenarios", requirement.scenarios}};
  if (!requirement.extension.empty()) out["extension"] = requirement.extension;
  if (!requirement.finding.empty()) out["finding"] = requirement.finding;
  if (!requirement.reason.empty()) out["reason"] = requirement.reason;
  if (requirement.outcome) out["outcome"] = to_string(*requirement.outcome);
  return out;
}

}  // namespace

void write_coverage_json(const verdict::Coverage& coverage, CoverageListing listing, std::ostream& out) {
  json specifications = json::array();
  for (const auto& document : verdict::by_document(coverage)) {
    json sections = json::array();
    for (const auto& section : verdict::by_section(coverage, document.name)) sections.push_back(group_json(section));
    json specification = group_json(document);
    specification["sections"] = std::move(sections);
    specifications.push_back(std::move(specification));
  }
  json observable = json::array();
  for (const auto& group : verdict::by_observable(coverage)) observable.push_back(group_json(group));
  json requirements = json::array();
  for (const auto& requirement : coverage.requirements)
    if (listing == CoverageListing::all || requirement.state == verdict::CoverageState::open)
      requirements.push_back(requirement_json(requirement));

  json document = {{"schema", "smtpspec-coverage/1"}, {"summary", counts_json(verdict::count(coverage))}};
  if (coverage.has_outcomes) {
    json outcomes = json::object();
    for (const auto& [outcome, count] : verdict::outcomes(coverage)) outcomes[std::string(to_string(outcome))] = count;
    document["outcomes"] = std::move(outcomes);
  }
  document["specifications"] = std::move(specifications);
  document["observable"] = std::move(observable);
  document["requirements"] = std::move(requirements);
  // A name from a foreign suite may be no UTF-8.
  out << document.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace smtpspec::reports
