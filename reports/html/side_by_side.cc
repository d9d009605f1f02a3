#include "reports/html/side_by_side.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

namespace smtpspec::reports::html {
namespace {

using verdict::RequirementOutcome;

struct Sign {
  std::string_view word;
  std::string_view sign;
};

constexpr std::array kSigns = {
    Sign{"satisfied", "\xe2\x9c\x93"},
    Sign{"pass", "\xe2\x9c\x93"},
    Sign{"violated", "\xe2\x9c\x97"},
    Sign{"fail", "\xe2\x9c\x97"},
    Sign{"warn", "!"},
    Sign{"observed", "\xe2\x97\x8b"},
    Sign{"not followed", "!"},
    Sign{"untested", "?"},
    Sign{"inconclusive", "?"},
    Sign{"error", "E"},
    Sign{"skipped", "\xe2\x80\x93"},
    Sign{"not applicable", "\xc2\xb7"},
    Sign{"not in this run", ""},
};

std::string_view sign_of(std::string_view word) {
  const auto it = std::find_if(kSigns.begin(), kSigns.end(), [&](const Sign& each) { return each.word == word; });
  return it == kSigns.end() ? word : it->sign;
}

std::string day_of(const verdict::RunRecord& record) { return base::to_iso8601(record.started).substr(0, 10); }

// Names that tell the runs apart: with the day, and where that does not do, with the number of the run.
std::vector<std::string> names_of(const std::vector<MatrixRun>& runs) {
  std::vector<std::string> names;
  names.reserve(runs.size());
  for (const auto& run : runs) names.push_back(run.name.empty() ? name_of(run.record) : run.name);
  const auto is_shared = [&](const std::string& name) { return std::count(names.begin(), names.end(), name) > 1; };
  std::vector<std::string> dated = names;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (is_shared(names[i])) dated[i] += " " + day_of(runs[i].record);
  names = dated;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (is_shared(names[i])) dated[i] += fmt::format(" ({})", i + 1);
  return dated;
}

}  // namespace

Column::Column(std::string shown, const verdict::RunRecord& run) : name(std::move(shown)), index(run) {
  for (const auto& requirement : run.requirements) {
    tallies[document_of(requirement.section)].add(index, requirement);
    if (requirement.section != document_of(requirement.section)) tallies[requirement.section].add(index, requirement);
    if (!requirement.extension.empty()) tallies[requirement.extension].add(index, requirement);
  }
}

SideBySide::SideBySide(const std::vector<MatrixRun>& runs) {
  std::unordered_set<std::string_view> rules;
  std::unordered_set<std::string_view> scenarios;
  const auto names = names_of(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& record = runs[i].record;
    columns_.emplace_back(names[i], record);
    for (const auto& requirement : record.requirements)
      if (rules.insert(requirement.id).second) rules_.requirements.push_back(requirement);
    for (const auto& scenario : record.scenarios)
      if (scenarios.insert(scenario.id).second) scenarios_.push_back(scenario.id);
  }
  // An earlier run may not know what a later one says of the same rule.
  for (auto& requirement : rules_.requirements) {
    std::set<std::string> bound(requirement.scenarios.begin(), requirement.scenarios.end());
    for (const auto& column : columns_) {
      const auto* other = column.index.requirement(requirement.id);
      if (other == nullptr) continue;
      if (requirement.extension.empty()) requirement.extension = other->extension;
      for (const auto& id : other->scenarios)
        if (bound.insert(id).second) requirement.scenarios.push_back(id);
    }
  }
  std::sort(rules_.requirements.begin(), rules_.requirements.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  all_ = std::make_unique<Index>(rules_);
}

bool differs(const SideBySide& runs, const verdict::RequirementResult& requirement) {
  std::set<verdict::RequirementOutcome> outcomes;
  for (const auto& column : runs.columns()) {
    const auto* found = column.index.requirement(requirement.id);
    if (found == nullptr || found->outcome == RequirementOutcome::not_applicable) continue;
    if (found->outcome != RequirementOutcome::untested) outcomes.insert(found->outcome);
  }
  return outcomes.size() > 1;
}

void add_cell(Element line, std::string_view who, std::string_view word) {
  auto cell = line.add("span", "cell " + css_class(word));
  cell.set("title", fmt::format("{}: {}", who, word));
  cell.add("span", "who", who);
  cell.add("b", {}, sign_of(word)).set("aria-hidden", "true");
  cell.add("span", "word", word);
}

void add_share_cell(Element line, const Column& column, std::string_view key, std::string_view remark) {
  auto cell = line.add("span", "cell share");
  cell.add("span", "who", column.name);
  if (!remark.empty()) cell.add("span", "remark", remark);
  const auto it = column.tallies.find(key);
  if (it == column.tallies.end()) {
    cell.add("span", "faint", "\xe2\x80\x94");
    return;
  }
  const Tally& tally = it->second;
  cell.set("title", fmt::format("{}: {}", column.name, in_words(tally)));
  add_bar(cell, tally);
  const std::size_t violated = tally.count(Outcome::violated);
  const std::size_t not_followed = tally.count(Outcome::not_followed);
  if (violated > 0) cell.add("span", "bad", fmt::format("{} \xe2\x9c\x97", violated));
  if (not_followed > 0) cell.add("span", "doubt", fmt::format("{} !", not_followed));
  if (violated + not_followed > 0) return;
  cell.add("span", "faint", tally.count(Outcome::not_applicable) == tally.total() ? "n/a" : "\xe2\x9c\x93");
}

void add_head(Element parent, const SideBySide& runs, std::string_view title) {
  auto head = parent.add("div", "line head").set("aria-hidden", "true");
  head.add("span", "what", title);
  for (const auto& column : runs.columns()) head.add("span", "cell", column.name);
}

}  // namespace smtpspec::reports::html
