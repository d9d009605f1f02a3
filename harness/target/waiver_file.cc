#include "harness/target/waiver_file.h"

#include <utility>

#include <fmt/format.h>

#include "harness/target/toml_section.h"

namespace smtpspec::target {
namespace {

using verdict::Waiver;

void read_verdict(TomlComplaints& complaints, TomlSection& table, Waiver& waiver) {
  std::string text;
  if (!table.read("verdict", text)) return;
  const auto verdict = verdict::parse_verdict(text);
  if (verdict == verdict::Verdict::fail || verdict == verdict::Verdict::warn ||
      verdict == verdict::Verdict::inconclusive)
    waiver.verdict = *verdict;
  else
    complaints.add(table.node("verdict")->source(), fmt::format("'{}' cannot be waived", text),
                   "known are fail, warn and inconclusive");
}

// The last day counts: it expires when that day is over, UTC.
void read_expiry(TomlSection& table, Waiver& waiver) {
  toml::date date;
  if (!table.read("expires", date)) return;
  const std::chrono::year_month_day day{std::chrono::year(date.year), std::chrono::month(date.month),
                                        std::chrono::day(date.day)};
  waiver.expires = std::chrono::sys_days(day) + std::chrono::days(1);
}

// One table is one waiver, or one for each of its `scenarios`: each of them is judged, and goes stale, by itself.
void read_waiver(TomlComplaints& complaints, const toml::table& source, std::vector<Waiver>& waivers) {
  TomlSection table(complaints, source, "");
  Waiver waiver;
  waiver.line = static_cast<int>(source.source().begin.line);
  std::vector<std::string> scenarios;
  table.read("scenario", waiver.scenario);
  table.read("scenarios", scenarios);
  table.read("requirement", waiver.requirement);
  read_verdict(complaints, table, waiver);
  table.read("reason", waiver.reason);
  table.read("section", waiver.section);
  read_expiry(table, waiver);
  table.read("intermittent", waiver.is_intermittent);
  table.complain_about_others();

  if (waiver.scenario.empty() && waiver.requirement.empty() && scenarios.empty())
    complaints.add(source.source(), "a waiver names a scenario, a requirement or both");
  if (!waiver.scenario.empty() && !scenarios.empty())
    complaints.add(table.node("scenarios")->source(), "a waiver has 'scenario' or 'scenarios', not both");
  if (waiver.reason.find_first_not_of(" \t") == std::string::npos)
    complaints.add(source.source(), "a waiver needs a reason", "say why this deviation is accepted: reason = \"…\"");
  if (scenarios.empty()) scenarios.push_back(waiver.scenario);
  for (auto& scenario : scenarios) {
    waivers.push_back(waiver);
    waivers.back().scenario = std::move(scenario);
  }
}

void read_document(TomlComplaints& complaints, const toml::table& document, std::vector<Waiver>& waivers) {
  TomlSection top(complaints, document, "");
  top.has_table("waiver");
  top.complain_about_others();
  const toml::node* list = top.node("waiver");
  if (!list) return;
  if (!list->is_array_of_tables()) return complaints.add(list->source(), "waivers are tables: [[waiver]]");
  for (const auto& entry : *list->as_array()) read_waiver(complaints, *entry.as_table(), waivers);
}

}  // namespace

base::Result<std::vector<Waiver>, std::vector<base::Diagnostic>> parse_waivers(std::string_view text,
                                                                               const std::string& file) {
  TomlComplaints complaints(text, file);
  std::vector<Waiver> waivers;
  try {
    read_document(complaints, toml::parse(text), waivers);
  } catch (const toml::parse_error& error) {
    complaints.add(error.source(), std::string(error.description()));
  }
  if (!complaints.diagnostics.empty()) return base::make_unexpected(std::move(complaints.diagnostics));
  return waivers;
}

}  // namespace smtpspec::target
