#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/protocol_word.h"
#include "harness/cli/suite.h"
#include "harness/runner/roll_up.h"
#include "harness/scenario/coverage.h"
#include "harness/verdict/gate.h"
#include "harness/verdict/verdict.h"
#include "reports/failure.h"
#include "reports/printable.h"

namespace smtpspec::cli {
namespace {

using verdict::Verdict;

constexpr std::size_t kLongestName = 128;  // edit distance is quadratic
constexpr std::size_t kPageColumns = 100;

// Text that may be long, behind a label of its own or none.
void print_prose(std::string_view label, std::string_view text) {
  const std::size_t indent = label.empty() ? 2 : 12;
  std::cout << fmt::format("{:<{}}{}", label, indent, reports::wrapped(text, indent, kPageColumns));
}

std::string_view meaning(verdict::Verdict verdict) {
  switch (verdict) {
    case verdict::Verdict::none:
      return "Nothing was decided yet.";
    case verdict::Verdict::pass:
      return "Every bound expectation that was due was met.";
    case verdict::Verdict::warn:
      return "A SHOULD was missed, or a line that nobody may send was accepted. The gate stays open unless --fail-on "
             "warn.";
    case verdict::Verdict::inconclusive:
      return "The server could not be judged on this: a policy, a limit or a step that only leads to the point stood "
             "in the way. The cause says which. Never the same as a pass.";
    case verdict::Verdict::fail:
      return "A bound MUST, MUST NOT, GRAMMAR or IMPLIED requirement was missed, and missed again on a fresh "
             "connection.";
    case verdict::Verdict::error:
      return "The tester or the scenario is at fault, not the server.";
    case verdict::Verdict::not_applicable:
      return "The server does not offer what the scenario is about, or has another role. In no denominator.";
    case verdict::Verdict::skipped:
      return "The user left it out: by impact, because it is slow, or by interrupting the run.";
  }
  return "";
}

// Of a repeated duty, what covers the primary entry.
void explain_coverage(const scenario::Requirement& entry, const Suite& suite) {
  const scenario::Requirement& primary = *scenario::built_in_catalogue().primary(entry.id);
  for (const auto& rule : runner::run_level_rules())
    if (scenario::built_in_catalogue().primary(rule.requirement) == &primary)
      std::cout << fmt::format("finding     {}, of all replies of a run\n", rule.finding);
  const auto bound = scenario::scenarios_by_primary(suite.scenarios(), scenario::built_in_catalogue());
  const auto scenarios = bound.find(primary.id);
  if (scenarios == bound.end()) {
    std::cout << "scenarios   none is bound to it\n";
  } else {
    std::cout << "scenarios\n";
    for (const auto& name : scenarios->second) std::cout << fmt::format("    {}\n", name);
  }
  if (const auto* untested = scenario::find_untested(primary.id)) print_prose("untested", untested->reason);
}

void explain_requirement(const scenario::Requirement& entry, const Suite& suite) {
  std::cout << fmt::format("{}  {}  {}\n\n", entry.id, verdict::to_string(entry.level), citation(entry));
  print_prose("", entry.summary);
  std::cout << '\n';
  if (!entry.extension.empty()) std::cout << fmt::format("extension   {}\n", entry.extension);
  std::cout << fmt::format("binds       {}\nseen        {}\n", entry.role, entry.observable);
  if (!entry.same_as.empty()) std::cout << fmt::format("repeats     {}, which counts\n", entry.same_as);
  if (!entry.how.empty()) print_prose("judged", entry.how);
  if (!entry.ruling.empty()) print_prose("ruling", entry.ruling);
  explain_coverage(entry, suite);
}

// What a finding on the form of replies, `wire.…`, stands for.
bool explain_finding(const std::string& word, const Suite& suite) {
  const auto rules = runner::run_level_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.finding == word; });
  if (rule == rules.end()) return false;
  std::cout << fmt::format(
      "finding {}\n\n  Judged of every reply of a run, whatever is selected; never the verdict of the scenario in "
      "which it was seen.\n  It stands for this requirement:\n\n",
      word);
  explain_requirement(*scenario::built_in_catalogue().primary(rule->requirement), suite);
  return true;
}

bool list_findings(const std::string& word) {
  bool is_any = false;
  for (const auto& rule : runner::run_level_rules()) {
    if (!rule.finding.starts_with(word)) continue;
    is_any = true;
    const auto& entry = *scenario::built_in_catalogue().primary(rule.requirement);
    std::cout << fmt::format("{:<28} {:<10} {}, {}\n", rule.finding, verdict::to_string(entry.level), citation(entry),
                             entry.id);
  }
  return is_any;
}

void explain_scenario(const scenario::Scenario& scenario) {
  std::cout << fmt::format("{}  ({}:{})\n\n", scenario.name, scenario.file, scenario.position.line);
  print_prose("", scenario.title);
  if (!scenario.why.empty()) print_prose("", "Why it matters: " + scenario.why);
  std::cout << '\n';
  for (const auto& id : scenario.checks) {
    const auto* entry = scenario::built_in_catalogue().find(id);
    if (entry)
      print_prose("", fmt::format("{} {} {}: {}", entry->id, verdict::to_string(entry->level), citation(*entry),
                                  entry->summary));
  }
  const auto instances = scenario::instances_of(scenario);
  if (instances.size() > 1) {
    std::cout << "\ninstances\n";
    for (const auto& instance : instances) std::cout << "    " << instance.id << '\n';
  }
}

bool explain_word(const std::string& word) {
  if (const auto verdict = verdict::parse_verdict(word)) {
    std::cout << fmt::format("verdict {}\n\n", word);
    print_prose("", meaning(*verdict));
    return true;
  }
  if (const auto cause = verdict::parse_cause(word); cause && *cause != verdict::Cause::none) {
    std::cout << fmt::format("cause {} (of an inconclusive)\n\n", word);
    print_prose("", reports::explanation(*cause));
    return true;
  }
  return false;
}

int explain(const std::string& word, const std::string& suite_root) {
  const Suite suite = load_suite(suite_root, Linting::foreign_only);
  if (explain_word(word)) return verdict::kExitGateMet;
  const auto* entry = scenario::built_in_catalogue().find(word);
  if (entry == nullptr) entry = scenario::built_in_catalogue().find(base::to_upper(word));
  if (entry != nullptr) {
    explain_requirement(*entry, suite);
    return verdict::kExitGateMet;
  }
  if (explain_finding(word, suite)) return verdict::kExitGateMet;
  if (const std::string page = protocol_page(word, suite.scenarios()); !page.empty()) {
    std::cout << page;
    return verdict::kExitGateMet;
  }
  std::vector<std::string> names;
  const std::string name = word.substr(0, word.find('['));
  for (const auto& scenario : suite.scenarios()) {
    names.push_back(scenario.name);
    if (scenario.name != name) continue;
    explain_scenario(scenario);
    return verdict::kExitGateMet;
  }
  bool is_prefix = word.starts_with("wire") && list_findings(word);
  for (const auto& one : scenario::built_in_catalogue().all()) {
    if (!base::equals_ignoring_case(std::string_view(one.id).substr(0, word.size()), word) &&
        !base::equals_ignoring_case(one.extension, word))
      continue;
    is_prefix = true;
    std::cout << fmt::format("{:<26} {:<10} {}\n", one.id, verdict::to_string(one.level), one.summary);
  }
  if (is_prefix) return verdict::kExitGateMet;
  for (const auto verdict : {Verdict::pass, Verdict::warn, Verdict::inconclusive, Verdict::fail, Verdict::error,
                             Verdict::not_applicable, Verdict::skipped})
    names.emplace_back(verdict::to_string(verdict));
  for (const auto& rule : runner::run_level_rules()) names.emplace_back(rule.finding);
  std::string nearest = word.size() > kLongestName ? std::string{} : base::nearest_spelling(word, names);
  if (nearest.empty()) nearest = scenario::built_in_catalogue().nearest(word);
  std::cerr << fmt::format("smtpspec: nothing is called '{}'{}\n", base::escape(word),
                           nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
  return verdict::kExitUsage;
}

}  // namespace

void add_explain_command(CLI::App& program, Chosen& chosen) {
  struct Options {
    std::string word;
    std::string suite;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "explain",
      "Say what a scenario, a requirement, a finding, an EHLO keyword, a reply code, a verdict or a cause means.\n\n"
      "  smtpspec explain RFC5321-4.1.1.5-01\n"
      "  smtpspec explain STARTTLS\n"
      "  smtpspec explain 535\n"
      "  smtpspec explain inconclusive");
  command->add_option("ID", options->word, "What to explain")->required();
  command->add_option("--suite", options->suite, "Folder of scenarios; default: the suite of this program");
  command->callback([options, &chosen] { chosen = [options] { return explain(options->word, options->suite); }; });
}

}  // namespace smtpspec::cli
