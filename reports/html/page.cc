#include "reports/html/page.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "reports/conclusion.h"

namespace smtpspec::reports::html {
namespace {

using verdict::RequirementOutcome;
using verdict::Verdict;

constexpr std::string_view kSign = " \xc2\xa7";  // a blank and the sign for a section

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), base::is_digit);
}

bool is_section_number(std::string_view text) {
  return !text.empty() && text.size() <= 20 && base::is_alnum(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return base::is_alnum(c) || c == '.'; });
}

// The next part of a section's number, and the rest.
std::string_view take_part(std::string_view& section) {
  const std::size_t end = std::min(section.find('.'), section.size());
  const std::string_view part = section.substr(0, end);
  section.remove_prefix(std::min(end + 1, section.size()));
  return part;
}

}  // namespace

void begin_page(std::ostream& out, std::string_view title, const PageAssets& assets) {
  out << "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\" "
         "/>\n";
  Fragment head("title");
  head.root().text(title);
  head.write(out);
  out << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
         "<meta name=\"color-scheme\" content=\"light dark\" />\n"
         "<meta name=\"referrer\" content=\"no-referrer\" />\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-"
      << assets.style.sha256 << "'; script-src 'sha256-" << assets.script.sha256
      << "'; base-uri 'none'; form-action 'none'\" />\n"
         "<link rel=\"icon\" href=\"data:,\" />\n"
         "<style>"
      << assets.style.text << "</style>\n</head>\n<body>\n";
}

void end_page(std::ostream& out, const PageAssets& assets) {
  out << "<script>" << assets.script.text << "</script>\n</body>\n</html>\n";
}

Index::Index(const verdict::RunRecord& run) : record(run) {
  for (const auto& each : run.requirements) requirements_.try_emplace(each.id, &each);
  for (const auto& each : run.scenarios) scenarios_.try_emplace(each.id, &each);
}

const verdict::RequirementResult* Index::requirement(std::string_view id) const {
  const auto it = requirements_.find(id);
  return it == requirements_.end() ? nullptr : it->second;
}

const verdict::ScenarioResult* Index::scenario(std::string_view id) const {
  const auto it = scenarios_.find(id);
  return it == scenarios_.end() ? nullptr : it->second;
}

std::string anchor(std::string_view prefix, std::string_view id) {
  std::string out(prefix);
  for (const char c : id) {
    if (base::is_alnum(c) || c == '.' || c == '-') out += c;
    else out += fmt::format("_{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string_view document_of(std::string_view section) { return section.substr(0, section.find(kSign)); }

std::string rfc_link(std::string_view section) {
  const std::string_view document = document_of(section);
  if (!document.starts_with("RFC ") || !is_number(document.substr(4)) || document.size() == section.size()) return "";
  const std::string_view number = section.substr(document.size() + kSign.size());
  if (!is_section_number(number)) return "";
  return fmt::format("https://www.rfc-editor.org/rfc/rfc{}#{}-{}", document.substr(4),
                     base::is_digit(number[0]) ? "section" : "appendix", number);
}

void add_section_link(Element parent, std::string_view section) {
  const std::string link = rfc_link(section);
  if (link.empty()) {
    parent.add("span", "section", section);
    return;
  }
  parent.add("a", "section", section).set("href", link).set("rel", "noreferrer");
}

void add_scenario_link(Element parent, const Index& index, std::string_view id) {
  if (index.scenario(id) == nullptr) parent.add("code", "id", id);
  else parent.add("a", "id", id).set("href", "#" + anchor("s-", id));
}

void add_requirement_link(Element parent, const Index& index, std::string_view id) {
  if (index.requirement(id) == nullptr) parent.add("code", "id", id);
  else parent.add("a", "id", id).set("href", "#" + anchor("r-", id));
}

bool is_before(std::string_view section, std::string_view other) {
  while (!section.empty() && !other.empty()) {
    const std::string_view a = take_part(section);
    const std::string_view b = take_part(other);
    if (a == b) continue;
    if (base::is_digit(a.empty() ? 'x' : a[0]) && base::is_digit(b.empty() ? 'x' : b[0]) && a.size() != b.size())
      return a.size() < b.size();
    return a < b;
  }
  return section.size() < other.size();
}

Outcome outcome_of(const verdict::RequirementResult& requirement) {
  switch (requirement.outcome) {
    case RequirementOutcome::satisfied:
      return Outcome::satisfied;
    case RequirementOutcome::violated:
      return is_binding(requirement.level) ? Outcome::violated : Outcome::not_followed;
    case RequirementOutcome::observed:
      return Outcome::observed;
    case RequirementOutcome::untested:
      return Outcome::untested;
    case RequirementOutcome::not_applicable:
      break;
  }
  return Outcome::not_applicable;
}

bool is_deviation(Outcome outcome) { return outcome == Outcome::violated || outcome == Outcome::not_followed; }

std::size_t Tally::total() const {
  std::size_t sum = 0;
  for (const auto count : counts_) sum += count;
  return sum;
}

void Tally::add(const Index& index, const verdict::RequirementResult& requirement) {
  const Outcome outcome = outcome_of(requirement);
  ++counts_[static_cast<std::size_t>(outcome)];
  if (is_deviation(outcome) && is_waived(index, requirement)) ++waived_[static_cast<std::size_t>(outcome)];
}

bool is_waived(const Index& index, const verdict::RequirementResult& requirement) {
  bool has_waived = false;
  for (const auto& id : requirement.scenarios) {
    const auto* scenario = index.scenario(id);
    if (scenario == nullptr || (scenario->verdict != Verdict::fail && scenario->verdict != Verdict::warn)) continue;
    if (!scenario->is_waived) return false;
    has_waived = true;
  }
  for (const auto& finding : index.record.wire_findings) {
    if (finding.requirement != requirement.id) continue;
    if (finding.outcome != verdict::Outcome::violated && finding.outcome != verdict::Outcome::warned) continue;
    if (!finding.is_waived) return false;
    has_waived = true;
  }
  return has_waived;
}

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::satisfied:
      return "satisfied";
    case Outcome::violated:
      return "violated";
    case Outcome::not_followed:
      return "not followed";
    case Outcome::observed:
      return "observed";
    case Outcome::untested:
      return "untested";
    case Outcome::not_applicable:
      break;
  }
  return "not applicable";
}

std::string_view word(const verdict::ScenarioResult& scenario) {
  if (scenario.is_waived) return "waived";
  return scenario.verdict == Verdict::not_applicable ? "not applicable" : to_string(scenario.verdict);
}

std::string css_class(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), ' ', '-');
  return out;
}

void add_bar(Element parent, const Tally& tally) {
  auto svg = parent.add("svg", "bar");
  svg.set("viewBox", "0 0 1000 10").set("preserveAspectRatio", "none").set("role", "img");
  svg.set("aria-label", in_words(tally));
  const std::size_t total = tally.total();
  std::size_t before = 0;
  for (const auto outcome : kOutcomes) {
    const std::size_t count = tally.count(outcome);
    if (count == 0) continue;
    const std::size_t from = 1000 * before / total;
    before += count;
    svg.add("rect", css_class(word(outcome)))
        .set("x", std::to_string(from))
        .set("width", std::to_string(1000 * before / total - from))
        .set("height", "10");
  }
}

std::string in_words(const Tally& tally) {
  std::string out;
  for (const auto outcome : kOutcomes) {
    const std::size_t count = tally.count(outcome);
    if (count == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", grouped(count), word(outcome));
    if (tally.waived(outcome) == count) out += " (waived)";
    else if (tally.waived(outcome) > 0) out += fmt::format(" ({} of them waived)", grouped(tally.waived(outcome)));
  }
  return out;
}

std::string waived_of(const Tally& tally, Outcome outcome) {
  if (tally.waived(outcome) == 0) return "";
  if (tally.waived(outcome) < tally.count(outcome))
    return fmt::format(", {} of them waived", grouped(tally.waived(outcome)));
  return tally.count(outcome) == 1 ? ", waived" : ", all of them waived";
}

void add_label(Element parent, std::string_view word) { parent.add("b", "label " + css_class(word), word); }

std::string grouped(std::size_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

std::string name_of(const verdict::RunRecord& record) {
  const auto& target = record.target;
  if (target.is_built_in) return "built-in reference server";
  std::string_view name = target.profile;
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.ends_with(".toml")) name.remove_suffix(5);
  return std::string(name.empty() ? std::string_view(target.address) : name);
}

std::string url_part(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (base::is_alnum(c) || c == '.' || c == '-' || c == '_') out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Element add_term(Element list, std::string_view term) {
  list.add("dt", {}, term);
  return list.add("dd");
}

void add_fact(Element list, std::string_view term, std::string_view text, std::string_view class_name) {
  if (text.empty()) return;
  auto fact = add_term(list, term);
  if (class_name.empty()) fact.text(text);
  else fact.add("code", class_name, text);
}

}  // namespace smtpspec::reports::html
