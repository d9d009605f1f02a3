#include <algorithm>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/verdict/gate.h"
#include "reports/conclusion.h"
#include "reports/html/chapters.h"
#include "reports/html/filters.h"

namespace smtpspec::reports::html {
namespace {

std::string_view class_of(Conclusion::Kind kind) {
  switch (kind) {
    case Conclusion::Kind::conforms:
      return "conclusion conforms";
    case Conclusion::Kind::violates:
      return "conclusion violates";
    case Conclusion::Kind::unknown:
      break;
  }
  return "conclusion unknown";
}

void add_legend(Element parent, const Tally& tally) {
  auto list = parent.add("ul", "legend");
  for (const auto outcome : kOutcomes) {
    const std::size_t count = tally.count(outcome);
    if (count == 0) continue;
    const std::string name(word(outcome));
    auto link = list.add("li").add("a");
    link.set("href", fmt::format("#?outcome={}&at=requirements", css_class(name)));
    link.add("i", "key " + css_class(name));
    link.add("b", {}, grouped(count));
    link.text(" " + name + waived_of(tally, outcome));
  }
}

// The rules on the form of replies that are broken: they are of the run, not of a scenario.
void add_form(Element list, const Index& index) {
  std::size_t broken = 0;
  std::size_t waived = 0;
  for (const auto& finding : index.record.wire_findings) {
    if (finding.outcome != verdict::Outcome::violated && finding.outcome != verdict::Outcome::warned) continue;
    ++broken;
    waived += finding.is_waived ? 1 : 0;
  }
  if (broken == 0) return;
  auto link = list.add("li").add("a", waived == broken ? "waived" : "fail");
  link.set("href", "#form").add("b", {}, grouped(broken));
  link.text(broken == 1 ? " deviation in the form of replies" : " deviations in the form of replies");
  if (waived > 0) link.text(waived == broken ? ", waived" : fmt::format(", {} of them waived", grouped(waived)));
}

// What there is to read, with links: "14 failures · 3 inconclusive · 1,061 passed".
void add_counts(Element parent, const Index& index) {
  const auto& s = index.record.summary;
  auto list = parent.add("ul", "counts");
  struct Count {
    int count;
    std::string_view id;
    std::string_view one;
    std::string_view many;
  };
  for (const auto& [count, id, one, many] :
       {Count{s.fail, "fail", "failure", "failures"}, Count{s.crash, "crashes", "crash", "crashes"},
        Count{s.error, "error", "error of the tester", "errors of the tester"},
        Count{s.warn, "warn", "warning", "warnings"},
        Count{s.inconclusive, "inconclusive", "inconclusive", "inconclusive"},
        Count{s.waived, "waived", "waived deviation", "waived deviations"}, Count{s.pass, "pass", "passed", "passed"},
        Count{s.not_applicable, "not-applicable", "not applicable", "not applicable"},
        Count{s.skipped, "skipped", "skipped", "skipped"}}) {
    if (count == 0) continue;
    auto link = list.add("li").add("a", id);
    link.set("href", fmt::format("#{}", id));
    link.add("b", {}, grouped(static_cast<std::size_t>(count)));
    link.text(fmt::format(" {}", count == 1 ? one : many));
  }
  add_form(list, index);
  if (s.flaky > 0) list.add("li", {}, fmt::format("{} flaky", s.flaky));
}

Tally tally_of(const Index& index) {
  Tally tally;
  for (const auto& requirement : index.record.requirements) tally.add(index, requirement);
  return tally;
}

}  // namespace

void write_masthead(std::ostream& out, const Index& index) {
  const auto& record = index.record;
  Fragment head("header", "masthead");
  auto root = head.root();
  root.add("p", "kind", "SMTP conformance report");
  root.add("h1", {}, name_of(record));
  const Conclusion conclusion = conclude(record);
  root.add("p", class_of(conclusion.kind), conclusion.sentence);
  const auto judged = count_judged(record);
  root.add("p", "judged",
           fmt::format("{} of {} applicable requirements judged, by {} in {:.1f} s.",
                       grouped(static_cast<std::size_t>(judged.judged)),
                       grouped(static_cast<std::size_t>(judged.applicable)),
                       counted(record.scenarios.size(), "scenario", "scenarios"),
                       static_cast<double>(record.duration.count()) / 1e6));
  const Tally tally = tally_of(index);
  if (tally.total() > 0) {
    auto figure = root.add("div", "share");
    add_bar(figure, tally);
    figure.add("h2", "caption", "Requirements");
    add_legend(figure, tally);
  }
  root.add("h2", "caption", "Scenarios");
  add_counts(root, index);
  auto facts = root.add("dl", "facts");
  add_fact(
      facts, "Server",
      record.target.is_built_in ? "built-in reference server; no server of yours was tested" : record.target.address,
      "octets");
  add_fact(facts, "Role", record.target.role);
  add_fact(facts, "Banner", record.target.banner, "octets");
  add_fact(facts, "Run",
           fmt::format("{}, smtpspec {}, suite {}", base::to_iso8601(record.started), record.tool_version,
                       record.suite_version));
  add_fact(facts, "Gate", fmt::format("{} (exit code {})", record.gate.reason, record.gate.exit_code));
  const auto& conditions = record.conditions;
  if (!conditions.select.empty() || !conditions.exclude.empty() || conditions.shard.total > 1)
    add_fact(facts, "Note", "Only a part of the suite was asked for (see the environment).");
  if (record.was_interrupted) add_fact(facts, "Note", "The run was interrupted; what follows is a part of it.");
  head.write(out);
  Fragment contents("nav", "contents");
  contents.root().set("aria-label", "Contents");
  auto list = contents.root().add("ul");
  for (const auto& [id, title] : {std::pair<std::string_view, std::string_view>{"findings", "Findings"},
                                  {"specifications", "Specifications"},
                                  {"extensions", "Extensions"},
                                  {"requirements", "Requirements"},
                                  {"scenarios", "Passed, not played"},
                                  {"environment", "Environment"}}) {
    if (record.requirements.empty() && (id == "specifications" || id == "requirements")) continue;
    list.add("li").add("a", {}, title).set("href", fmt::format("#{}", id));
  }
  contents.write(out);
}

void write_filters(std::ostream& out, const Index& index) {
  Fragment form("form", "filters");
  auto root = form.root();
  add_search(root);
  add_select(root, "verdict", "Verdict",
             std::vector<std::string>{"fail", "error", "warn", "inconclusive", "flaky", "waived", "pass",
                                      "not applicable", "skipped"});
  add_rule_selects(root, index.record);
  add_checkbox(root, "wire", "search in transcripts, too");
  add_found(root);
  form.write(out);
}

}  // namespace smtpspec::reports::html
