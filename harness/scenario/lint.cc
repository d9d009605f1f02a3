#include "harness/scenario/lint.h"

#include <algorithm>
#include <utility>

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

std::vector<base::Diagnostic> lint(const Scenario& scenario, const Catalogue& catalogue) {
  std::vector<base::Diagnostic> out;
  Findings findings(scenario, out);
  lint_bindings(scenario, catalogue, findings);
  lint_names(scenario, findings);
  lint_needs(scenario, findings);
  lint_grammar(scenario, findings);
  lint_turns(scenario, findings);
  lint_reach(scenario, catalogue, findings);
  std::stable_sort(out.begin(), out.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return out;
}

}  // namespace smtpspec::scenario
