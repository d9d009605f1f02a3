#include "harness/target/waiver_file.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace smtpspec::target {
namespace {

using base::Diagnostic;
using verdict::Waiver;

std::string line_of(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return std::string(text.substr(0, text.find('\n')));
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  void read(const toml::table& document) {
    for (const auto& [key, value] : document) {
      if (key.str() != "waiver" || !value.is_array_of_tables()) {
        complain(key.source(), fmt::format("'{}' is not known here; the file holds [[waiver]] tables", key.str()),
                 "waiver" == key.str() ? "" : near(key.str(), {"waiver"}));
        continue;
      }
      for (const auto& entry : *value.as_array()) waivers.push_back(read_waiver(*entry.as_table()));
    }
  }

  std::vector<Waiver> waivers;
  std::vector<Diagnostic> diagnostics;

 private:
  Waiver read_waiver(const toml::table& table) {
    static const std::vector<std::string> kKeys = {"scenario", "requirement", "verdict",
                                                   "reason",   "section",     "expires"};
    Waiver waiver;
    waiver.line = static_cast<int>(table.source().begin.line);
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      if (std::find(kKeys.begin(), kKeys.end(), name) == kKeys.end()) {
        complain(key.source(), fmt::format("a waiver has no key '{}'", name), near(name, kKeys));
        continue;
      }
      if (name == "expires") {
        read_expiry(value, waiver);
        continue;
      }
      const auto text = value.value<std::string>();
      if (!value.is_string() || !text) {
        complain(value.source(), fmt::format("'{}' takes a string", name), "");
        continue;
      }
      if (name == "scenario") waiver.scenario = *text;
      else if (name == "requirement") waiver.requirement = *text;
      else if (name == "reason") waiver.reason = *text;
      else if (name == "section") waiver.section = *text;
      else read_verdict(*text, value, waiver);
    }
    if (waiver.scenario.empty() && waiver.requirement.empty())
      complain(table.source(), "a waiver names a scenario, a requirement or both", "");
    if (waiver.reason.find_first_not_of(" \t") == std::string::npos)
      complain(table.source(), "a waiver needs a reason", "say why this deviation is accepted: reason = \"…\"");
    return waiver;
  }

  void read_verdict(const std::string& text, const toml::node& value, Waiver& waiver) {
    const auto verdict = verdict::parse_verdict(text);
    if (verdict == verdict::Verdict::fail || verdict == verdict::Verdict::warn ||
        verdict == verdict::Verdict::inconclusive)
      waiver.verdict = *verdict;
    else complain(value.source(), fmt::format("'{}' cannot be waived", text), "known are fail, warn and inconclusive");
  }

  // The last day counts: it expires when that day is over, UTC.
  void read_expiry(const toml::node& value, Waiver& waiver) {
    const auto date = value.value<toml::date>();
    if (!value.is_date() || !date) return complain(value.source(), "'expires' takes a date, as 2027-06-30", "");
    const std::chrono::year_month_day day{std::chrono::year(date->year), std::chrono::month(date->month),
                                          std::chrono::day(date->day)};
    waiver.expires = std::chrono::sys_days(day) + std::chrono::days(1);
  }

  static std::string near(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string nearest = base::nearest_spelling(word, candidates);
    return nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest);
  }

  void complain(const toml::source_region& where, std::string message, std::string suggestion) {
    Diagnostic diagnostic;
    diagnostic.file = file_;
    diagnostic.position.line = static_cast<int>(where.begin.line);
    diagnostic.position.column = static_cast<int>(where.begin.column);
    diagnostic.source_line = line_of(text_, diagnostic.position.line);
    diagnostic.message = std::move(message);
    diagnostic.suggestion = std::move(suggestion);
    diagnostics.push_back(std::move(diagnostic));
  }

  std::string_view text_;
  const std::string& file_;
};

}  // namespace

base::Result<std::vector<Waiver>, std::vector<Diagnostic>> parse_waivers(std::string_view text,
                                                                         const std::string& file) {
  Reader reader(text, file);
  try {
    reader.read(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    Diagnostic diagnostic;
    diagnostic.file = file;
    diagnostic.position.line = static_cast<int>(error.source().begin.line);
    diagnostic.position.column = static_cast<int>(error.source().begin.column);
    diagnostic.source_line = line_of(text, diagnostic.position.line);
    diagnostic.message = std::string(error.description());
    return base::make_unexpected(std::vector<Diagnostic>{std::move(diagnostic)});
  }
  if (!reader.diagnostics.empty()) return base::make_unexpected(std::move(reader.diagnostics));
  return std::move(reader.waivers);
}

}  // namespace smtpspec::target
