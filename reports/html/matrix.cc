#include "reports/html/matrix.h"

#include <algorithm>
#include <map>
#include <ostream>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/verdict/gate.h"
#include "reports/conclusion.h"
#include "reports/html/filters.h"
#include "reports/html/side_by_side.h"
#include "reports/html/specification.h"

namespace smtpspec::reports {
namespace html {
namespace {

using verdict::RunRecord;

// Before others, what a project has waived is a violation all the same.
std::string short_conclusion(const RunRecord& record, const Tally& tally) {
  const std::string crashes = record.crashes.empty() ? "" : ", " + counted(record.crashes.size(), "crash", "crashes");
  if (const std::size_t violated = tally.count(Outcome::violated); violated > 0)
    return fmt::format("violates {}{}", counted(violated, "rule", "rules"), crashes);
  switch (conclude(record).kind) {
    case Conclusion::Kind::conforms:
      return "conforms in all that was judged";
    case Conclusion::Kind::violates:
      return "does not conform" + crashes;
    case Conclusion::Kind::unknown:
      break;
  }
  return "cannot be told";
}

bool offers(const RunRecord& record, std::string_view keyword) {
  const auto is_said = [&](const std::vector<std::string>& lines) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return base::equals_ignoring_case(std::string_view(line).substr(0, line.find(' ')), keyword);
    });
  };
  const auto& target = record.target;
  return is_said(target.ehlo_plain) || is_said(target.ehlo_tls) || is_said(target.ehlo_auth);
}

void write_masthead(std::ostream& out, const SideBySide& runs) {
  Fragment head("header", "masthead");
  auto root = head.root();
  root.add("p", "kind", "SMTP conformance matrix");
  root.add("h1", {}, counted(runs.columns().size(), "run", "runs") + " side by side");
  std::size_t different = 0;
  for (const auto& requirement : runs.all().record.requirements) different += differs(runs, requirement) ? 1 : 0;
  const std::size_t all = runs.all().record.requirements.size();
  root.add("p", "conclusion",
           fmt::format("Of {}, {} to different ends.", counted(all, "requirement", "requirements"),
                       counted(different, "comes", "come")));
  std::map<std::string_view, int> digests;
  for (const auto& column : runs.columns()) ++digests[column.index.record.suite_digest];
  if (digests.size() > 1)
    root.add(
        "p", "lead",
        "The runs are not of one and the same suite: a rule may be judged by other scenarios in one than in another.");
  head.write(out);
}

void write_matrix_filters(std::ostream& out, const SideBySide& runs) {
  Fragment form("form", "filters");
  auto root = form.root();
  add_search(root);
  std::vector<Choice> names;
  for (std::size_t i = 0; i < runs.columns().size(); ++i)
    names.push_back({std::to_string(i + 1), runs.columns()[i].name});
  add_select(root, "run", "Run", names);
  add_rule_selects(root, runs.all().record);
  add_checkbox(root, "differ", "only differences");
  add_found(root);
  form.write(out);
}

// What changed from one run of a server to the next.
void add_change(Element list, const Column& before, const Column& after, bool is_worse) {
  for (const auto& requirement : after.index.record.requirements) {
    const auto* earlier = before.index.requirement(requirement.id);
    if (earlier == nullptr || earlier->outcome == requirement.outcome) continue;
    const bool was = is_deviation(outcome_of(*earlier));
    const bool is = is_deviation(outcome_of(requirement));
    if (is_worse ? !is : !was) continue;
    auto item = list.add("li");
    item.text(fmt::format("{} \xe2\x86\x92 ", word(outcome_of(*earlier))));
    add_label(item, word(outcome_of(requirement)));
    item.text(" ").add("a", "id", requirement.id).set("href", "#" + anchor("r-", requirement.id));
    item.text(" " + requirement.summary);
  }
}

void add_trend(Element root, std::string_view server, const std::vector<const Column*>& columns) {
  root.add("h3", {}, server);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& record = columns[i]->index.record;
    Tally tally;
    for (const auto& requirement : record.requirements) tally.add(columns[i]->index, requirement);
    auto step = root.add("div", "step");
    step.add("b", {}, columns[i]->name);
    step.add("span", "faint", fmt::format("{}, suite {}", base::to_iso8601(record.started), record.suite_version));
    add_bar(step, tally);
    step.add("span", "words", in_words(tally));
    if (i == 0) continue;
    auto list = step.add("ul", "changes");
    add_change(list, *columns[i - 1], *columns[i], true);
    add_change(list, *columns[i - 1], *columns[i], false);
  }
}

}  // namespace

void write_runs(std::ostream& out, const SideBySide& runs) {
  Fragment chapter("section", "chapter");
  auto root = chapter.root();
  root.set("id", "runs").add("h2", {}, "The runs");
  auto table = root.add("div", "scroll").set("tabindex", "0").add("table");
  auto head = table.add("thead").add("tr");
  for (const auto* title : {"Run", "Verdict", "Requirements judged", "What they came to", "Server"})
    head.add("th", {}, title).set("scope", "col");
  auto body = table.add("tbody");
  for (const auto& column : runs.columns()) {
    const auto& record = column.index.record;
    auto row = body.add("tr");
    row.add("th").set("scope", "row").text(column.name);
    Tally tally;
    for (const auto& requirement : record.requirements) tally.add(column.index, requirement);
    row.add("td", {}, short_conclusion(record, tally));
    const auto judged = count_judged(record);
    row.add("td", {}, fmt::format("{} of {}", judged.judged, judged.applicable));
    auto share = row.add("td", "words");
    add_bar(share, tally);
    share.text(in_words(tally));
    auto server = row.add("td", "words");
    server.add("code", "octets", record.target.banner);
    server.add("p", "faint",
               fmt::format("{}, role {}, suite {}", base::to_iso8601(record.started), record.target.role,
                           record.suite_version));
  }
  chapter.write(out);
}

void write_trends(std::ostream& out, const SideBySide& runs) {
  std::map<std::string, std::vector<const Column*>> servers;
  for (const auto& column : runs.columns()) servers[name_of(column.index.record)].push_back(&column);
  Fragment chapter("section", "chapter");
  auto root = chapter.root();
  root.set("id", "trends").add("h2", {}, "From run to run");
  bool is_empty = true;
  for (auto& [server, columns] : servers) {
    if (columns.size() < 2) continue;
    is_empty = false;
    std::stable_sort(columns.begin(), columns.end(), [](const Column* a, const Column* b) {
      return a->index.record.started < b->index.record.started;
    });
    add_trend(root, server, columns);
  }
  if (!is_empty) chapter.write(out);
}

void write_shares(std::ostream& out, const SideBySide& runs) {
  Fragment chapter("section", "chapter");
  auto root = chapter.root();
  root.set("id", "specifications").add("h2", {}, "By specification");
  root.add("p", "lead",
           "\xe2\x9c\x97 rules violated, ! recommendations not followed. Open a specification for its sections.");
  add_head(root, runs, "Specification");
  std::set<std::string> extensions;
  for (const auto& document : documents_of(runs.all())) {
    extensions.insert(document.extensions.begin(), document.extensions.end());
    auto details = root.add("details", "spec");
    auto line = details.add("summary", "line");
    auto what = line.add("span", "what");
    what.add("b", {}, document.name).text(" ");
    what.add("span", "subject", subject_of(document));
    for (const auto& column : runs.columns()) add_share_cell(line, column, document.name);
    for (const auto& section : document.sections) {
      auto part = details.add("div", "line");
      add_section_link(part.add("span", "what"), section.name);
      for (const auto& column : runs.columns()) add_share_cell(part, column, section.name);
    }
  }
  chapter.write(out);
  if (extensions.empty()) return;
  Fragment second("section", "chapter");
  second.root().set("id", "extensions").add("h2", {}, "By extension");
  second.root().add("p", "lead", "Offered: in the reply to EHLO or LHLO, in clear or behind TLS or AUTH.");
  add_head(second.root(), runs, "Extension");
  for (const auto& extension : extensions) {
    auto line = second.root().add("div", "line spec");
    line.add("span", "what").add("code", {}, extension);
    for (const auto& column : runs.columns())
      add_share_cell(line, column, extension, offers(column.index.record, extension) ? "\xe2\x9c\x93 offered" : "");
  }
  second.write(out);
}

}  // namespace html

void write_matrix(const std::vector<MatrixRun>& runs, std::ostream& out) {
  const html::SideBySide columns(runs);
  html::begin_page(out, "SMTP conformance matrix", html::kMatrixAssets);
  out << "<a class=\"skip\" href=\"#rules\">To the requirements</a>\n";
  html::write_masthead(out, columns);
  out << "<main>\n";
  html::write_runs(out, columns);
  html::write_trends(out, columns);
  html::write_shares(out, columns);
  html::write_matrix_filters(out, columns);
  html::write_rules(out, columns);
  html::write_conversations(out, columns);
  out << "</main>\n";
  html::end_page(out, html::kMatrixAssets);
}

}  // namespace smtpspec::reports
