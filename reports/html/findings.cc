#include <algorithm>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/verdict/not_applicable.h"
#include "reports/failure.h"
#include "reports/html/chapters.h"
#include "reports/html/evidence.h"

namespace smtpspec::reports::html {
namespace {

using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;

constexpr std::size_t kMaxOpen = 12;  // rows of a group that are open from the start: more are no help

struct Group {
  std::string_view id;
  std::string_view title;
  std::string_view lead;  // empty: the title says it
  bool is_open = true;
};

// A part of the page that can be folded, between begin and end.
void begin_group(std::ostream& out, const Group& group, std::size_t count) {
  out << fmt::format("<details class=\"group\" id=\"{}\"{}>\n", group.id, group.is_open ? " open=\"\"" : "");
  Fragment summary("summary");
  summary.root().add("h2", {}, group.title).text(" ").add("span", "count", grouped(count));
  summary.write(out);
  if (group.lead.empty()) return;
  Fragment lead("p", "lead");
  lead.root().text(group.lead);
  lead.write(out);
}

void end_group(std::ostream& out) { out << "</details>\n"; }

using Scenarios = std::vector<const ScenarioResult*>;

Scenarios those(const RunRecord& record, const std::function<bool(const ScenarioResult&)>& belongs) {
  Scenarios found;
  for (const auto& scenario : record.scenarios)
    if (belongs(scenario)) found.push_back(&scenario);
  return found;
}

Scenarios of_verdict(const RunRecord& record, Verdict verdict) {
  return those(record, [&](const auto& s) { return s.verdict == verdict && !s.is_waived; });
}

void write_row(std::ostream& out, const Index& index, const ScenarioResult& scenario, bool is_open) {
  Fragment holder("div");
  add_played(holder.root(), index, scenario, is_open);
  holder.write(out);
}

void write_played(std::ostream& out, const Index& index, const Group& group, const Scenarios& scenarios,
                  bool opens_rows = false) {
  if (scenarios.empty()) return;
  begin_group(out, group, scenarios.size());
  for (const auto* scenario : scenarios) write_row(out, index, *scenario, opens_rows && scenarios.size() <= kMaxOpen);
  end_group(out);
}

using Crashes = std::vector<const verdict::CrashResult*>;

// Scenarios that lead to the same end are told together.
std::vector<Crashes> alike(const std::vector<verdict::CrashResult>& crashes) {
  std::vector<Crashes> groups;
  for (const auto& crash : crashes) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Crashes& group) {
      return group.front()->kind == crash.kind && group.front()->confirmed == crash.confirmed;
    });
    if (same == groups.end()) groups.push_back({&crash});
    else same->push_back(&crash);
  }
  return groups;
}

void add_crash(Element row, const Index& index, const Crashes& group) {
  const auto& crash = *group.front();
  add_label(row, "crash");
  row.add("strong", {}, crash.kind);
  auto list = row.add("div", "evidence").add("dl");
  auto scenarios = add_term(list, "While").add("ul", "links");
  for (const auto* each : group) add_scenario_link(scenarios.add("li"), index, each->scenario);
  add_fact(list, "Seen",
           crash.confirmed ? "Again, when the same scenario ran alone on a fresh server."
                           : "Once; the same scenario, alone on a fresh server, did not do it again.");
  if (!crash.output_tail.empty())
    add_term(list, "Last output").add("pre", "octets", crash.output_tail).set("tabindex", "0");
  const std::string command = reproduce_command(index.record, crash.scenario);
  if (!command.empty()) add_command(add_term(list, "Reproduce"), command);
}

void write_crashes(std::ostream& out, const Index& index) {
  const auto groups = alike(index.record.crashes);
  if (groups.empty()) return;
  begin_group(out, {"crashes", "Crashes and hangs", "The harness had started the server, and saw it die or hang."},
              groups.size());
  for (const auto& group : groups) {
    Fragment row("div", "row always");
    row.root().set("data-v", "crash").set("data-k", "run");
    add_crash(row.root(), index, group);
    row.write(out);
  }
  end_group(out);
}

void add_finding(Element parent, const Index& index, const verdict::WireFinding& finding) {
  add_label(parent, finding.outcome == Outcome::violated ? "fail" : "warn");
  if (finding.is_waived) add_label(parent, "waived");
  parent.add("code", "id", finding.id);
  auto list = parent.add("div", "evidence").add("dl");
  auto found = add_term(list, "Found");
  found.text(fmt::format("In {} of {} replies", grouped(finding.findings), grouped(finding.replies)));
  if (!finding.scenario.empty()) {
    found.text(", first in ");
    add_scenario_link(found, index, finding.scenario);
  }
  add_escaped(add_term(list, "Example"), finding.example);
  if (finding.is_waived) add_fact(list, "Waived", finding.waiver_reason);
  if (const auto* requirement = index.requirement(finding.requirement)) {
    add_rule(add_term(list, "Rule"), *requirement);
    return;
  }
  auto rule = add_term(list, "Rule");
  add_section_link(rule, finding.section);
  rule.text(", ").add("b", "level", to_string(finding.level));
  rule.text(" ").add("code", "id", finding.requirement);
  rule.add("p", {}, finding.summary);
}

void write_form(std::ostream& out, const Index& index) {
  std::vector<const verdict::WireFinding*> found;
  for (const auto& finding : index.record.wire_findings)
    if (finding.outcome == Outcome::violated || finding.outcome == Outcome::warned) found.push_back(&finding);
  if (found.empty()) return;
  begin_group(out, {"form", "The form of replies", "Every reply of the run was looked at, whatever scenario it is of."},
              found.size());
  for (const auto* finding : found) {
    Fragment row("div", "row always");
    row.root().set("data-v", finding->is_waived ? "waived" : finding->outcome == Outcome::violated ? "fail" : "warn");
    row.root().set("data-k", "run").set("data-r", finding->requirement);
    add_finding(row.root(), index, *finding);
    row.write(out);
  }
  end_group(out);
}

void write_aside(std::ostream& out, const Group& group, const Scenarios& scenarios) {
  if (scenarios.empty()) return;
  std::vector<std::pair<std::string_view, Scenarios>> reasons;
  for (const auto* scenario : scenarios) {
    const auto has_reason = [&](const auto& each) { return each.first == scenario->reason; };
    auto it = std::find_if(reasons.begin(), reasons.end(), has_reason);
    if (it == reasons.end()) it = reasons.insert(reasons.end(), {scenario->reason, {}});
    it->second.push_back(scenario);
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  begin_group(out, group, scenarios.size());
  for (const auto& [reason, of_reason] : reasons) {
    Fragment part("section", "reason");
    part.root()
        .add("h3", {}, reason.empty() ? "no reason recorded" : reason)
        .text(" ")
        .add("span", "count", grouped(of_reason.size()));
    for (const auto* scenario : of_reason) add_left_aside(part.root(), *scenario);
    part.write(out);
  }
  end_group(out);
}

}  // namespace

void write_findings(std::ostream& out, const Index& index) {
  const RunRecord& record = index.record;
  write_played(out, index, {"fail", "Failures", ""}, of_verdict(record, Verdict::fail), true);
  write_crashes(out, index);
  write_form(out, index);
  write_played(out, index,
               {"error", "Errors of the tester", "Not the server's fault: the script or the tester itself is wrong."},
               of_verdict(record, Verdict::error));
  write_played(out, index, {"warn", "Warnings", "A SHOULD was not followed, or malformed input was accepted."},
               of_verdict(record, Verdict::warn));
  write_played(out, index,
               {"inconclusive", "Inconclusive", "Nothing can be said of the rule: something else came in between."},
               of_verdict(record, Verdict::inconclusive));
  write_played(out, index, {"waived", "Waived deviations", "Known and accepted, each with its reason."},
               those(record, [](const auto& s) { return s.is_waived; }));
  write_played(out, index, {"unjudged", "Without a verdict", ""}, of_verdict(record, Verdict::none));
}

void write_rest(std::ostream& out, const Index& index) {
  const RunRecord& record = index.record;
  write_played(out, index, {"pass", "Passed", "", false}, of_verdict(record, Verdict::pass));
  write_aside(
      out,
      {"not-applicable", "Not applicable",
       "Decided before the run: what they are about is neither advertised nor declared, or is of another role.", false},
      of_verdict(record, Verdict::not_applicable));
  write_aside(out, {"skipped", "Skipped", "Left out by whoever started the run.", false},
              of_verdict(record, Verdict::skipped));
}

}  // namespace smtpspec::reports::html
