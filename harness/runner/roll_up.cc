#include "harness/runner/roll_up.h"

#include <algorithm>
#include <array>

namespace smtpspec::runner {
namespace {

using verdict::Outcome;
using verdict::RequirementOutcome;
using wire::ReplyDeviation;

// Which rule each deviation breaks. Several kinds may break one rule.
struct FormRule {
  std::string_view id;
  std::string_view requirement;
  std::array<ReplyDeviation, 3> kinds;
  std::size_t kind_count;

  bool is_about(ReplyDeviation kind) const {
    const auto end = kinds.begin() + static_cast<std::ptrdiff_t>(kind_count);
    return std::find(kinds.begin(), end, kind) != end;
  }
};

constexpr std::array kFormRules{
    FormRule{"wire.line-end", "RFC5321-2.3.8-06", {ReplyDeviation::bare_lf}, 1},
    FormRule{"wire.same-code", "RFC5321-4.2.1-14", {ReplyDeviation::code_changes}, 1},
    FormRule{"wire.separator", "RFC5321-4.2-08", {ReplyDeviation::missing_separator}, 1},
    FormRule{
        "wire.code-digits", "RFC5321-4.2-09", {ReplyDeviation::non_digit_code, ReplyDeviation::code_out_of_range}, 2},
    FormRule{"wire.line-length", "RFC5321-4.5.3.1.5-01", {ReplyDeviation::line_too_long}, 1},
    FormRule{"wire.seven-bit", "RFC5321-2.4-09", {ReplyDeviation::eight_bit}, 1},
    // A CR that no LF follows ends no line: it stands in the text, where it may not.
    FormRule{"wire.text-octets",
             "RFC5321-4.2-07",
             {ReplyDeviation::control_octet, ReplyDeviation::nul_octet, ReplyDeviation::bare_cr},
             3},
    FormRule{"wire.space-after-code", "RFC5321-4.2.1-12", {ReplyDeviation::missing_text_space}, 1},
    FormRule{"wire.enhanced-class", "RFC2034-4-04", {ReplyDeviation::enhanced_class_disagrees}, 1},
    FormRule{"wire.enhanced-on-intermediate", "RFC2034-4-03", {ReplyDeviation::enhanced_on_intermediate}, 1},
};

RequirementOutcome outcome_of(const verdict::ScenarioResult& scenario, const scenario::Requirement& primary,
                              const scenario::Catalogue& catalogue) {
  if (scenario.verdict == verdict::Verdict::not_applicable) return RequirementOutcome::not_applicable;
  RequirementOutcome worst = RequirementOutcome::untested;
  for (const auto& check : scenario.checks) {
    if (check.requirement.empty() || catalogue.primary(check.requirement) != &primary) continue;
    RequirementOutcome outcome = RequirementOutcome::untested;
    switch (check.outcome) {
      case Outcome::passed:
        outcome = RequirementOutcome::satisfied;
        break;
      case Outcome::violated:
      case Outcome::warned:
        outcome = RequirementOutcome::violated;
        break;
      case Outcome::observed:
        outcome = RequirementOutcome::observed;
        break;
      case Outcome::inconclusive:
      case Outcome::not_reached:
        break;
    }
    // A scenario that could not be judged in the end vouches for nothing.
    if (scenario.verdict == verdict::Verdict::inconclusive || scenario.verdict == verdict::Verdict::error)
      outcome = RequirementOutcome::untested;
    worst = verdict::graver(worst, outcome);
  }
  return worst;
}

}  // namespace

std::vector<verdict::RequirementResult> roll_up(const std::vector<verdict::ScenarioResult>& scenarios,
                                                const scenario::Catalogue& catalogue) {
  std::map<std::string_view, verdict::RequirementResult> results;
  for (const auto& scenario : scenarios) {
    for (const auto& id : scenario.requirements) {
      const scenario::Requirement* entry = catalogue.primary(id);
      if (!entry) continue;
      auto [it, is_new] = results.try_emplace(entry->id);
      verdict::RequirementResult& result = it->second;
      if (is_new) {
        result.id = entry->id;
        result.level = entry->level;
        result.section = citation(*entry);
        result.summary = entry->summary;
        result.ruling = entry->ruling;
        result.extension = entry->extension;
        result.outcome = RequirementOutcome::not_applicable;
      }
      if (std::find(result.scenarios.begin(), result.scenarios.end(), scenario.id) != result.scenarios.end()) continue;
      result.scenarios.push_back(scenario.id);
      result.outcome = verdict::graver(result.outcome, outcome_of(scenario, *entry, catalogue));
    }
  }
  std::vector<verdict::RequirementResult> list;
  list.reserve(results.size());
  for (auto& [id, result] : results) list.push_back(std::move(result));
  return list;
}

std::vector<scenario::RunLevelRule> run_level_rules() {
  std::vector<scenario::RunLevelRule> rules;
  rules.reserve(kFormRules.size());
  for (const auto& rule : kFormRules) rules.push_back({rule.id, rule.requirement});
  return rules;
}

void ReplyFormTally::add(const engine::ReplyForm& form, const std::string& scenario_id) {
  replies_ += form.replies;
  for (const auto& rule : kFormRules) {
    std::uint64_t latest = 0;  // a reply counts once, in however many ways it breaks the rule
    for (const auto& finding : form.findings) {
      if (!rule.is_about(finding.kind) || finding.reply == latest) continue;
      latest = finding.reply;
      Seen& seen = seen_[rule.id];
      if (seen.count++ == 0) {
        seen.example = finding.example;
        seen.scenario = scenario_id;
      }
    }
  }
}

std::vector<verdict::WireFinding> ReplyFormTally::findings(const scenario::Catalogue& catalogue) const {
  std::vector<verdict::WireFinding> findings;
  if (replies_ == 0) return findings;
  for (const auto& rule : kFormRules) {
    const scenario::Requirement* entry = catalogue.primary(rule.requirement);
    if (!entry) continue;
    verdict::WireFinding finding;
    finding.id = rule.id;
    finding.requirement = entry->id;
    finding.level = entry->level;
    finding.section = citation(*entry);
    finding.summary = entry->summary;
    finding.replies = replies_;
    if (const auto it = seen_.find(rule.id); it != seen_.end()) {
      finding.findings = it->second.count;
      finding.example = it->second.example;
      finding.scenario = it->second.scenario;
    }
    if (finding.findings > 0) {
      const bool is_advice = entry->level == verdict::Level::should || entry->level == verdict::Level::should_not;
      finding.outcome = is_advice ? Outcome::warned : Outcome::violated;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace smtpspec::runner
