#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "reports/html/chapters.h"
#include "reports/html/evidence.h"
#include "reports/instant.h"

namespace smtpspec::reports::html {
namespace {

using Lines = std::vector<std::string>;

struct Extension {
  std::string keyword;                       // upper case
  std::array<const std::string*, 3> said{};  // the line in clear, in TLS, after AUTH; null: not there
  Tally tally;
};

std::string keyword_of(std::string_view line) {
  return base::to_upper(line.substr(0, std::min(line.find(' '), line.size())));
}

std::vector<Extension> extensions_of(const Index& index) {
  std::vector<Extension> list;
  const auto entry = [&](std::string keyword) -> Extension& {
    const auto it = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.keyword == keyword; });
    return it != list.end() ? *it : *list.insert(list.end(), Extension{std::move(keyword), {}, {}});
  };
  const auto& target = index.record.target;
  const std::array<const Lines*, 3> said = {&target.ehlo_plain, &target.ehlo_tls, &target.ehlo_auth};
  for (std::size_t i = 0; i < said.size(); ++i)
    for (const auto& line : *said[i]) entry(keyword_of(line)).said[i] = &line;
  const std::size_t advertised = list.size();
  for (const auto& requirement : index.record.requirements)
    if (!requirement.extension.empty()) entry(base::to_upper(requirement.extension)).tally.add(index, requirement);
  std::sort(list.begin() + static_cast<std::ptrdiff_t>(advertised), list.end(),
            [](const auto& a, const auto& b) { return a.keyword < b.keyword; });
  return list;
}

void add_said(Element row, const std::string* line, bool is_known) {
  auto cell = row.add("td");
  if (!is_known) {
    cell.add("span", "faint", "not seen");
    return;
  }
  if (line == nullptr) {
    cell.add("span", "faint", "\xe2\x80\x94");
    return;
  }
  const auto blank = line->find(' ');
  if (blank == std::string::npos) cell.text("\xe2\x9c\x93");
  else cell.add("code", "octets", std::string_view(*line).substr(blank + 1));
}

void add_table(Element root, const Index& index) {
  const auto& target = index.record.target;
  const auto extensions = extensions_of(index);
  // A record of an earlier version does not say which rule is of which extension.
  const bool has_rules =
      std::any_of(extensions.begin(), extensions.end(), [](const auto& each) { return each.tally.total() > 0; });
  const std::array<bool, 3> known = {!target.ehlo_plain.empty(), !target.ehlo_tls.empty(), !target.ehlo_auth.empty()};
  auto table = root.add("div", "scroll").set("tabindex", "0").add("table");
  auto head = table.add("thead").add("tr");
  for (const auto title : {"Keyword", "In clear", "Inside TLS", "After AUTH"})
    head.add("th", {}, title).set("scope", "col");
  if (has_rules) head.add("th", {}, "What its rules came to").set("scope", "col");
  auto body = table.add("tbody");
  for (const auto& extension : extensions) {
    auto row = body.add("tr");
    row.add("th").set("scope", "row").add("code", {}, extension.keyword);
    for (std::size_t i = 0; i < known.size(); ++i) add_said(row, extension.said[i], known[i]);
    if (!has_rules) continue;
    auto outcome = row.add("td", "words");
    if (extension.tally.total() == 0) {
      outcome.add("span", "faint", "no rule of its own in the suite");
      continue;
    }
    add_bar(outcome, extension.tally);
    outcome.add("a", {}, in_words(extension.tally))
        .set("href", "#?ext=" + url_part(extension.keyword) + "&at=requirements");
  }
}

void add_raw(Element parent, std::string_view title, const Lines& lines) {
  if (lines.empty()) return;
  auto figure = parent.add("div", "ehlo");
  figure.add("h3", {}, title);
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  figure.add("pre", "octets", text).set("tabindex", "0");
}

}  // namespace

void write_extensions(std::ostream& out, const Index& index) {
  Fragment chapter("section", "chapter");
  auto root = chapter.root();
  root.set("id", "extensions").add("h2", {}, "By extension");
  root.add("p", "lead",
           "What the server's reply to EHLO or LHLO offers before and after TLS and AUTH, and what the rules of each "
           "extension came to.");
  add_table(root, index);
  const auto& target = index.record.target;
  auto raw = root.add("div", "ehlos");
  add_raw(raw, "In clear", target.ehlo_plain);
  add_raw(raw, "Inside TLS", target.ehlo_tls);
  add_raw(raw, "After AUTH", target.ehlo_auth);
  chapter.write(out);
}

void write_environment(std::ostream& out, const Index& index) {
  const auto& record = index.record;
  Fragment chapter("section", "chapter");
  auto root = chapter.root();
  root.set("id", "environment").add("h2", {}, "Environment");
  auto list = root.add("dl");
  add_fact(list, "Tool", "smtpspec " + record.tool_version);
  add_fact(list, "Suite", record.suite_version);
  add_fact(list, "Suite digest", record.suite_digest.empty() ? "" : "sha256:" + record.suite_digest, "octets");
  add_fact(list, "Started", format_instant(record.started));
  add_fact(list, "Duration", fmt::format("{:.3f} s", static_cast<double>(record.duration.count()) / 1e6));
  add_fact(list, "Seed", std::to_string(record.seed));
  const auto& conditions = record.conditions;
  add_fact(list, "Selected", conditions.select, "octets");
  add_fact(list, "Excluded", conditions.exclude, "octets");
  if (conditions.shard.total > 1)
    add_fact(list, "Shard", fmt::format("{} of {}", conditions.shard.index, conditions.shard.total));
  if (conditions.time_scale != 1.0) add_fact(list, "Deadlines", fmt::format("times {}", conditions.time_scale));
  add_fact(list, "Server", record.target.address, "octets");
  add_fact(list, "Reachability", record.target.reachability_reason);
  add_fact(list, "Profile", record.target.profile, "octets");
  add_fact(list, "Profile digest", record.target.profile_digest.empty() ? "" : "sha256:" + record.target.profile_digest,
           "octets");
  if (!record.reproduce.empty()) add_command(add_term(list, "One scenario again"), record.reproduce);
  chapter.write(out);
}

}  // namespace smtpspec::reports::html
