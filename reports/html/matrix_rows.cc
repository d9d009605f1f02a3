#include <algorithm>
#include <ostream>
#include <set>
#include <string>

#include <fmt/format.h>

#include "reports/failure.h"
#include "reports/html/evidence.h"
#include "reports/html/side_by_side.h"
#include "reports/html/specification.h"
#include "reports/transcript.h"

namespace smtpspec::reports::html {
namespace {

using verdict::RequirementResult;
using verdict::ScenarioResult;
using verdict::Verdict;

constexpr std::string_view kMissing = "not in this run";

bool was_played(const ScenarioResult* scenario) {
  return scenario != nullptr && scenario->verdict != Verdict::not_applicable && scenario->verdict != Verdict::skipped;
}

// In a matrix a waiver changes nothing: what one project accepts is no excuse before others.
std::string_view verdict_of(const Column& column, std::string_view id) {
  const auto* scenario = column.index.scenario(id);
  if (scenario == nullptr) return kMissing;
  return scenario->verdict == Verdict::not_applicable ? "not applicable" : to_string(scenario->verdict);
}

std::string_view outcome_in(const Column& column, std::string_view id) {
  const auto* requirement = column.index.requirement(id);
  return requirement == nullptr ? kMissing : word(html::outcome_of(*requirement));
}

// Something to look at: not simply passed by everybody who played it.
bool is_worth_showing(const SideBySide& runs, std::string_view id) {
  return std::any_of(runs.columns().begin(), runs.columns().end(), [&](const Column& column) {
    const auto* scenario = column.index.scenario(id);
    return was_played(scenario) && scenario->verdict != Verdict::pass;
  });
}

bool differs(const SideBySide& runs, std::string_view id) {
  std::set<Verdict> verdicts;
  for (const auto& column : runs.columns())
    if (const auto* scenario = column.index.scenario(id); was_played(scenario)) verdicts.insert(scenario->verdict);
  return verdicts.size() > 1;
}

void add_rule_row(Element parent, const SideBySide& runs, const RequirementResult& requirement) {
  auto row = parent.add("details", "row rule");
  row.set("id", anchor("r-", requirement.id)).set("data-i", requirement.id);
  row.set("data-l", to_string(requirement.level)).set("data-d", document_of(requirement.section));
  if (!requirement.extension.empty()) row.set("data-e", requirement.extension);
  if (differs(runs, requirement)) row.set("data-x", "");
  std::string outcomes;
  for (const auto& column : runs.columns()) {
    outcomes += (outcomes.empty() ? "" : "|") + std::string(outcome_in(column, requirement.id));
  }
  row.set("data-o", outcomes);
  auto line = row.add("summary", "line");
  auto what = line.add("span", "what");
  what.add("b", "level", to_string(requirement.level));
  what.add("code", "id", requirement.id);
  what.add("span", "title", requirement.summary);
  for (const auto& column : runs.columns()) add_cell(line, column.name, outcome_in(column, requirement.id));
  auto body = row.add("div", "evidence");
  auto list = body.add("dl");
  add_section_link(add_term(list, "Section"), requirement.section);
  if (!requirement.ruling.empty()) add_fact(list, "Ruling", requirement.ruling);
  for (const auto& id : requirement.scenarios) {
    auto scenario = body.add("div", "line scenario");
    auto name = scenario.add("span", "what");
    if (is_worth_showing(runs, id)) name.add("a", "id", id).set("href", "#" + anchor("s-", id));
    else name.add("code", "id", id);
    for (const auto& column : runs.columns()) add_cell(scenario, column.name, verdict_of(column, id));
  }
}

void add_talk(Element parent, const Column& column, const ScenarioResult& scenario) {
  auto talk = parent.add("section", "talk");
  auto heading = talk.add("h4");
  heading.text(column.name + " ");
  add_label(heading, to_string(scenario.verdict));
  add_transcript(talk, scenario, TranscriptForm::lines);
  if (scenario.verdict == Verdict::pass) return;
  auto list = talk.add("dl");
  if (const auto* check = deciding_check(scenario)) {
    add_fact(list, "Expected", quoted(check->expected), "octets");
    add_fact(list, "Got", quoted(check->got), "octets");
    return;
  }
  add_fact(list, "Reason", quoted(scenario.reason));
}

const ScenarioResult& first_of(const SideBySide& runs, std::string_view id) {
  const ScenarioResult* found = nullptr;
  for (const auto& column : runs.columns()) {
    const auto* scenario = column.index.scenario(id);
    if (found == nullptr || (scenario != nullptr && !was_played(found))) found = scenario == nullptr ? found : scenario;
  }
  return *found;  // an id stands in the list because a run has it
}

void write_conversation(std::ostream& out, const SideBySide& runs, std::string_view id) {
  const ScenarioResult& known = first_of(runs, id);
  Fragment row("details", "row talks");
  auto root = row.root();
  root.set("id", anchor("s-", id));
  std::string rules;
  for (const auto& rule : known.requirements) rules += (rules.empty() ? "" : " ") + rule;
  root.set("data-r", rules);
  if (differs(runs, id)) root.set("data-x", "");
  auto line = root.add("summary", "line");
  auto what = line.add("span", "what");
  what.add("code", "id", id);
  what.add("span", "title", known.title);
  for (const auto& column : runs.columns()) add_cell(line, column.name, verdict_of(column, id));
  auto body = root.add("div", "evidence");
  auto list = body.add("dl");
  for (const auto& rule : known.requirements)
    if (const auto* requirement = runs.all().requirement(rule)) add_rule(add_term(list, "Rule"), *requirement);
  add_fact(list, "Why it matters", known.why);
  auto talks = body.add("div", "side");
  for (const auto& column : runs.columns())
    if (const auto* scenario = column.index.scenario(id); was_played(scenario)) add_talk(talks, column, *scenario);
  row.write(out);
}

}  // namespace

void write_rules(std::ostream& out, const SideBySide& runs) {
  const auto& requirements = runs.all().record.requirements;
  out << "<section class=\"chapter\" id=\"rules\">\n";
  Fragment heading("h2");
  heading.root().text("Requirements ").add("span", "count", grouped(requirements.size()));
  heading.write(out);
  Fragment legend("p", "lead");
  legend.root().text(
      "\xe2\x9c\x93 satisfied, \xe2\x9c\x97 violated, ! not followed (a SHOULD), \xe2\x97\x8b observed (a MAY), ? "
      "untested, \xc2\xb7 not "
      "applicable. "
      "A waiver changes nothing here.");
  legend.write(out);
  Fragment head("div", "sticky");
  add_head(head.root(), runs, "Requirement");
  head.write(out);
  for (const auto& document : documents_of(runs.all())) {
    for (const auto& section : document.sections) {
      Fragment part("section", "reason");
      part.root().set("id", anchor("sec-", section.name));
      add_section_link(part.root().add("h3"), section.name);
      for (const auto& requirement : requirements)
        if (requirement.section == section.name) add_rule_row(part.root(), runs, requirement);
      part.write(out);
    }
  }
  out << "</section>\n";
}

void write_conversations(std::ostream& out, const SideBySide& runs) {
  out << "<section class=\"chapter\" id=\"conversations\">\n";
  std::vector<std::string_view> shown;
  for (const auto id : runs.scenarios())
    if (is_worth_showing(runs, id)) shown.push_back(id);
  Fragment heading("h2");
  heading.root().text("Conversations ").add("span", "count", grouped(shown.size()));
  heading.write(out);
  Fragment lead("p", "lead");
  lead.root().text(
      fmt::format("The scenarios that not everybody passes, with what each server said. The other {} are passed by all "
                  "that played them.",
                  grouped(runs.scenarios().size() - shown.size())));
  lead.write(out);
  Fragment head("div", "sticky");
  add_head(head.root(), runs, "Scenario");
  head.write(out);
  for (const auto id : shown) write_conversation(out, runs, id);
  out << "</section>\n";
}

}  // namespace smtpspec::reports::html
