#include "harness/scenario/lint.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "harness/scenario/cursor.h"
#include "harness/scenario/lint_rules.h"

namespace smtpspec::scenario {
namespace {

// The line as it stands in the file: a step keeps it without its indentation.
std::string indented(const Step& step) {
  return std::string(static_cast<std::size_t>(std::max(0, step.position.column - 1)), ' ') + step.source;
}

}  // namespace

void Findings::at_step(base::Severity severity, const Step& step, std::string message, std::string suggestion) {
  at_place(severity, step, step.position, std::move(message), std::move(suggestion));
}

void Findings::at_place(base::Severity severity, const Step& step, SourcePosition position, std::string message,
                        std::string suggestion) {
  if (step.is_setup) {
    at_head(severity, scenario_.position, "block '" + step.block + "', `" + step.source + "`: " + message,
            std::move(suggestion));
    return;
  }
  // Further lines of a multi-line reply are not kept: the first one stands for them.
  if (position.line != step.position.line) position = step.position;
  out_.push_back({severity, scenario_.file, position, indented(step), std::move(message), std::move(suggestion)});
}

void Findings::at_head(base::Severity severity, SourcePosition position, std::string message, std::string suggestion) {
  const auto line = std::find_if(scenario_.head.begin(), scenario_.head.end(),
                                 [&](const SourceLine& l) { return l.number == position.line; });
  const bool is_known = line != scenario_.head.end();
  if (!is_known) position = SourcePosition{};
  base::Diagnostic found{severity,           scenario_.file,       position, is_known ? line->text : "",
                         std::move(message), std::move(suggestion)};
  if (std::find(out_.begin(), out_.end(), found) == out_.end()) out_.push_back(std::move(found));
}

namespace {

std::vector<base::Diagnostic> lint(const Scenario& scenario, const Soundness& soundness, const Catalogue& catalogue) {
  std::vector<base::Diagnostic> out;
  Findings findings(scenario, out);
  lint_bindings(scenario, soundness, catalogue, findings);
  lint_names(scenario, soundness, findings);
  lint_needs(scenario, soundness, findings);
  // How the conversation stands behind a step that was left out, nobody can tell.
  std::optional<Scenario> up_to_the_mistake;
  if (!soundness.are_steps_whole) {
    up_to_the_mistake = scenario;
    up_to_the_mistake->steps.resize(std::min(soundness.sound_steps, scenario.steps.size()));
  }
  const Scenario& known = up_to_the_mistake ? *up_to_the_mistake : scenario;
  lint_grammar(known, soundness, findings);
  if (!soundness.is_faulty("role")) {
    lint_roles(known, findings);
    lint_turns(known, findings);
  }
  lint_reach(known, catalogue, findings);
  std::stable_sort(out.begin(), out.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return out;
}

// `[RFC5321-4.1.1.2-01]` in a line that could not be read.
void lint_mistaken_lines(Loaded& loaded, const Catalogue& catalogue) {
  std::set<std::string> files;  // transcripts bind nothing
  for (const auto& broken : loaded.broken) files.insert(broken.scenario.file);
  std::set<std::pair<std::string, int>> lines;
  std::vector<base::Diagnostic> out;
  for (const auto& mistake : loaded.diagnostics) {
    if (mistake.severity != base::Severity::error || !files.contains(mistake.file)) continue;
    if (!lines.emplace(mistake.file, mistake.position.line).second) continue;
    const std::string_view line = mistake.source_line;
    for (auto open = line.find('['); open != std::string_view::npos; open = line.find('[', open + 1)) {
      const auto close = line.find(']', open);
      if (close == std::string_view::npos) break;
      const auto id = line.substr(open + 1, close - open - 1);
      if (!is_requirement_id(id) || catalogue.find(id) != nullptr) continue;
      const base::SourcePosition position{mistake.position.line, static_cast<int>(open) + 1,
                                          static_cast<int>(close - open) + 1};
      const std::string near = catalogue.nearest(id);
      out.push_back({base::Severity::error, mistake.file, position, mistake.source_line,
                     "the catalogue has no requirement " + std::string(id),
                     near.empty() ? "" : "did you mean '" + near + "'?"});
    }
  }
  loaded.diagnostics.insert(loaded.diagnostics.end(), out.begin(), out.end());
}

}  // namespace

std::vector<base::Diagnostic> lint(const Scenario& scenario, const Catalogue& catalogue) {
  return lint(scenario, Soundness{}, catalogue);
}

std::vector<base::Diagnostic> lint(const BrokenScenario& broken, const Catalogue& catalogue) {
  return lint(broken.scenario, broken.soundness, catalogue);
}

void lint_all(Loaded& loaded, const Catalogue& catalogue) {
  lint_mistaken_lines(loaded, catalogue);
  const auto take = [&loaded](std::vector<base::Diagnostic> found) {
    std::move(found.begin(), found.end(), std::back_inserter(loaded.diagnostics));
  };
  for (const auto& scenario : loaded.scenarios) take(lint(scenario, catalogue));
  for (const auto& broken : loaded.broken) take(lint(broken, catalogue));
  sort_diagnostics(loaded);
}

void sort_diagnostics(Loaded& loaded) {
  std::map<std::string, std::size_t> order;
  for (const auto& file : loaded.files) order.emplace(file, order.size());
  const auto place = [&order](const base::Diagnostic& d) {
    const int line = d.position.line == 0 ? std::numeric_limits<int>::max() : d.position.line;
    return std::tuple(order[d.file], line, d.position.column);
  };
  std::stable_sort(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                   [&place](const auto& a, const auto& b) { return place(a) < place(b); });
  std::vector<base::Diagnostic> once;
  for (auto& diagnostic : loaded.diagnostics) {
    const auto same = [&](const base::Diagnostic& other) { return other == diagnostic; };
    const auto from = std::find_if(once.rbegin(), once.rend(),
                                   [&](const base::Diagnostic& other) { return place(other) != place(diagnostic); });
    if (std::none_of(once.rbegin(), from, same)) once.push_back(std::move(diagnostic));
  }
  loaded.diagnostics = std::move(once);
}

}  // namespace smtpspec::scenario
