#include "reports/html/evidence.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "reports/failure.h"
#include "reports/printable.h"
#include "reports/transcript.h"

namespace smtpspec::reports::html {
namespace {

using verdict::Outcome;
using verdict::ScenarioResult;
using verdict::Verdict;
using Kind = TranscriptLine::Kind;

constexpr std::size_t kMaxLines = 300;  // a page scrolls, so only what nobody reads to its end is left out

constexpr std::string_view css_of(const TranscriptLine& line) {
  switch (line.kind) {
    case Kind::client:
      return "c";
    case Kind::server:
      return "s";
    case Kind::event:
      return "e";
    case Kind::tls_boundary:
      return "e up";
    case Kind::remark:
      break;
  }
  return "n";
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// "47" and "0.003" of the columns before a line's body: "> 47    0.003  ".
void add_gutter(Element line, std::string_view head) {
  head = trimmed(head.substr(std::min<std::size_t>(2, head.size())));
  const std::size_t blank = head.find(' ');
  const std::string_view time = blank == std::string_view::npos ? head : trimmed(head.substr(blank));
  line.add("i", "l", blank == std::string_view::npos ? std::string_view() : head.substr(0, blank));
  line.add("i", "t", time);
}

void add_line(Element parent, const TranscriptLine& line) {
  std::string classes(css_of(line));
  if (line.decides) classes += " at";
  if (line.is_encrypted) classes += " tls";
  auto row = parent.add("p", classes);
  const std::string_view text = line.text;
  if (line.kind == Kind::remark) {
    row.text(trimmed(text));
    return;
  }
  add_gutter(row, text.substr(0, line.body));
  if (line.marked >= line.marked_until) {
    row.text(text.substr(line.body));
    return;
  }
  row.text(text.substr(line.body, line.marked - line.body));
  row.add("mark", {}, text.substr(line.marked, line.marked_until - line.marked));
  row.text(text.substr(line.marked_until));
}

void add_rules(Element list, const Index& index, const ScenarioResult& scenario, const verdict::CheckResult* decided) {
  std::vector<std::string> ids;
  if (decided != nullptr && !decided->requirement.empty()) ids.push_back(decided->requirement);
  else ids = scenario.requirements;
  for (const auto& id : ids) {
    if (const auto* requirement = index.requirement(id)) add_rule(add_term(list, "Rule"), *requirement);
    else add_fact(list, "Rule", id, "id");
  }
}

void add_other_checks(Element list, const Index& index, const ScenarioResult& scenario,
                      const verdict::CheckResult* decided) {
  for (const auto& check : scenario.checks) {
    if (&check == decided || (check.outcome != Outcome::violated && check.outcome != Outcome::warned)) continue;
    auto fact = add_term(list, "Also");
    fact.text(fmt::format("line {}: expected ", check.line)).add("code", {}, quoted(check.expected));
    fact.text(", got ").add("code", {}, quoted(check.got));
    if (check.requirement.empty()) continue;
    fact.text(fmt::format(" ({}, ", to_string(check.level)));
    add_requirement_link(fact, index, check.requirement);
    fact.text(")");
  }
}

std::string seen(const ScenarioResult& scenario) {
  if (scenario.is_flaky) return fmt::format("Flaky: {} tries did not agree.", scenario.attempts);
  if (scenario.attempts <= 1) return "";
  if (scenario.verdict == Verdict::fail)
    return fmt::format("The same in all of {} tries, each on a fresh connection.", scenario.attempts);
  return fmt::format("{} tries.", scenario.attempts);
}

void add_expectation(Element list, const ScenarioResult& scenario, const verdict::CheckResult* decided) {
  if (decided != nullptr) {
    add_fact(list, "Expected", quoted(decided->expected), "octets");
    add_fact(list, "Got", decided->got.empty() ? "nothing" : quoted(decided->got), "octets");
  }
  if (decided == nullptr || scenario.reason != decided->got) add_fact(list, "Reason", quoted(scenario.reason));
}

void add_evidence(Element parent, const Index& index, const ScenarioResult& scenario) {
  const auto* decided = deciding_check(scenario);
  add_transcript(parent, scenario, is_deviation(scenario) ? TranscriptForm::lines : TranscriptForm::text);
  auto list = parent.add("dl");
  if (is_deviation(scenario)) add_expectation(list, scenario, decided);
  if (scenario.verdict == Verdict::inconclusive && !scenario.is_waived)
    add_fact(list, "Cause", fmt::format("{}: {}", to_string(scenario.cause), explanation(scenario.cause)));
  if (scenario.is_waived) add_fact(list, "Waived", scenario.waiver_reason);
  add_rules(list, index, scenario, decided);
  if (is_deviation(scenario)) add_other_checks(list, index, scenario, decided);
  add_fact(list, "Why it matters", scenario.why);
  if (!scenario.likely_causes.empty()) {
    auto causes = add_term(list, "Likely causes").add("ul");
    for (const auto& cause : scenario.likely_causes) causes.add("li", {}, cause);
  }
  add_fact(list, "Seen", seen(scenario));
  if (!scenario.file.empty()) add_fact(list, "Scenario", fmt::format("{}:{}", scenario.file, scenario.line), "file");
  if (!is_deviation(scenario)) return;
  const std::string command = reproduce_command(index.record, scenario.id);
  if (!command.empty()) add_command(add_term(list, "Reproduce"), command);
  // A crash is nothing that could be waived.
  if (scenario.verdict == Verdict::fail && !scenario.is_waived && !has_ended_server(index.record, scenario))
    add_command(add_term(list, "Waive"), waiver_entry(scenario));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// What the filters of the page look at.
void set_row(Element row, const ScenarioResult& scenario) {
  row.set("id", anchor("s-", scenario.id));
  row.set("data-v", word(scenario));
  if (scenario.is_waived) row.set("data-w", to_string(scenario.verdict));
  if (scenario.is_flaky) row.set("data-f", "flaky");
  if (!scenario.requirements.empty()) row.set("data-r", joined(scenario.requirements));
  if (!scenario.tags.empty()) row.set("data-t", joined(scenario.tags));
}

void add_heading(Element parent, const ScenarioResult& scenario) {
  add_label(parent, scenario.is_waived ? to_string(scenario.verdict) : word(scenario));
  if (scenario.is_flaky) add_label(parent, "flaky");
  parent.add("code", "id", scenario.id);
  parent.add("span", "title", scenario.title);
}

}  // namespace

bool is_deviation(const ScenarioResult& scenario) {
  return scenario.verdict != Verdict::pass || scenario.is_flaky || scenario.is_waived;
}

void add_transcript(Element parent, const ScenarioResult& scenario, TranscriptForm form) {
  const auto lines = transcript_lines(scenario, {.max_lines = kMaxLines});
  if (lines.empty()) return;
  if (form == TranscriptForm::text) {
    std::string text;
    for (const auto& line : lines) (text += line.text) += '\n';
    parent.add("pre", "wire", text).set("tabindex", "0");
    return;
  }
  auto block = parent.add("div", "wire");
  for (const auto& line : lines) add_line(block, line);
}

void add_escaped(Element parent, std::string_view escaped) {
  auto code = parent.add("code", "octets");
  static constexpr std::string_view kLineEnd = "\\r\\n";
  const bool ends_well = escaped.ends_with(kLineEnd);
  if (ends_well) escaped.remove_suffix(kLineEnd.size());
  while (!escaped.empty()) {
    const std::size_t at = std::min(escaped.find('\\'), escaped.size());
    if (at > 0) code.text(escaped.substr(0, at));
    escaped.remove_prefix(at);
    if (escaped.empty()) break;
    const std::size_t length = std::min<std::size_t>(escaped.substr(1, 1) == "x" ? 4 : 2, escaped.size());
    code.add("mark", {}, escaped.substr(0, length));
    escaped.remove_prefix(length);
  }
  if (ends_well) code.text(kLineEnd);
}

void add_rule(Element parent, const verdict::RequirementResult& requirement) {
  add_section_link(parent, requirement.section);
  parent.text(", ").add("b", "level", to_string(requirement.level));
  parent.text(" ").add("a", "id", requirement.id).set("href", "#" + anchor("r-", requirement.id));
  parent.add("p", {}, requirement.summary);
  if (!requirement.ruling.empty()) parent.add("p", "ruling", "Ruling: " + requirement.ruling);
}

void add_command(Element parent, std::string_view text) { parent.add("pre", "copy", text).set("tabindex", "0"); }

void add_played(Element parent, const Index& index, const ScenarioResult& scenario, bool is_open) {
  auto row = parent.add("details", "row");
  set_row(row, scenario);
  if (is_open) row.set("open", "");
  add_heading(row.add("summary"), scenario);
  add_evidence(row.add("div", "evidence"), index, scenario);
}

void add_left_aside(Element parent, const ScenarioResult& scenario) {
  auto row = parent.add("div", "row aside");
  set_row(row, scenario);
  add_heading(row, scenario);
}

}  // namespace smtpspec::reports::html
