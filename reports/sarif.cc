#include "reports/sarif.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/octets.h"
#include "harness/verdict/gate.h"
#include "reports/failure.h"
#include "reports/instant.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using json = nlohmann::ordered_json;
using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::string_view kCrashRule = "crash";
constexpr std::string_view kScenarioRule = "scenario";  // of a check without a requirement

// RFC 3986 §3.3: what may stand in a relative path as it is.
std::string uri_of(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (base::is_alnum(c) || std::string_view("-._~/").find(c) != std::string_view::npos) out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// "RFC 5321 §4.1.1.2" → the section at rfc-editor.org; empty if it is not of that form.
std::string help_uri(std::string_view section) {
  static constexpr std::string_view kSign = " \xc2\xa7";
  const std::size_t sign = section.find(kSign);
  if (!section.starts_with("RFC ") || sign == std::string_view::npos) return "";
  const std::string_view number = section.substr(4, sign - 4);
  const std::string_view place = section.substr(sign + kSign.size());
  const auto is_of = [](std::string_view text, std::string_view more) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
      return base::is_digit(c) || more.find(c) != std::string_view::npos;
    });
  };
  if (!is_of(number, "") || !is_of(place, ".")) return "";
  return fmt::format("https://www.rfc-editor.org/rfc/rfc{}#section-{}", number, place);
}

json message(std::string_view text) { return {{"text", printable_lines(text)}}; }

// The rules that results name, in the order in which they were first named.
class Rules {
 public:
  explicit Rules(const RunRecord& record) : record_(record) {}

  // The index of the rule.
  std::size_t of_requirement(const std::string& id, verdict::Level level) {
    return index_of(id.empty() ? std::string(kScenarioRule) : id, [&] { return rule_of_requirement(id, level); });
  }
  std::size_t of_finding(const verdict::WireFinding& finding) {
    return index_of(finding.requirement, [&] {
      json rule = rule_of_requirement(finding.requirement, finding.level);
      if (find_requirement(record_, finding.requirement) != nullptr) return rule;
      rule["fullDescription"] = message(finding.summary);
      rule["help"] = message(rule_of(record_, finding));
      if (const auto uri = help_uri(finding.section); !uri.empty()) rule["helpUri"] = uri;
      return rule;
    });
  }
  std::size_t of_crash() {
    return index_of(std::string(kCrashRule), [] {
      return json{{"id", kCrashRule},
                  {"shortDescription", message("The server died or hung")},
                  {"help", message("No input may end a server. The captured output tells where it happened.")},
                  {"defaultConfiguration", {{"level", "error"}}}};
    });
  }
  const std::string& id_of(std::size_t index) const { return ids_[index]; }
  json take() { return std::move(rules_); }

 private:
  template <class Make>
  std::size_t index_of(const std::string& id, Make make) {
    const auto [place, is_new] = places_.try_emplace(id, rules_.size());
    if (is_new) {
      ids_.push_back(printable(id));
      rules_.push_back(make());
    }
    return place->second;
  }

  json rule_of_requirement(const std::string& id, verdict::Level level) const {
    json rule = {{"id", id.empty() ? std::string(kScenarioRule) : printable(id)}};
    const bool is_advice =
        level == verdict::Level::should || level == verdict::Level::should_not || level == verdict::Level::may;
    const json configuration = {{"level", is_advice ? "warning" : "error"}};
    if (id.empty()) {
      rule["shortDescription"] = message("A line of a transcript that is bound to no rule");
    } else if (const auto* requirement = find_requirement(record_, id)) {
      rule["shortDescription"] = message(citation(*requirement));
      rule["fullDescription"] = message(requirement->summary);
      rule["help"] = message(citation(*requirement) + "\n" + requirement->summary +
                             (requirement->ruling.empty() ? "" : "\nRuling: " + requirement->ruling));
      if (const auto uri = help_uri(requirement->section); !uri.empty()) rule["helpUri"] = uri;
    } else {
      rule["shortDescription"] = message(fmt::format("{} ({})", id, to_string(level)));
    }
    rule["defaultConfiguration"] = configuration;
    rule["properties"] = {{"level", to_string(level)}};
    return rule;
  }

  const RunRecord& record_;
  std::map<std::string, std::size_t> places_;
  std::vector<std::string> ids_;
  json rules_ = json::array();
};

json location(const ScenarioResult& scenario, int line) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri_of(scenario.file)}, {"uriBaseId", "SUITE"}}},
            {"region", {{"startLine", std::max(line, 1)}}}}},
          {"logicalLocations", json::array({{{"fullyQualifiedName", printable(scenario.id)}, {"kind", "test"}}})}};
}

json result(const Rules& rules, std::size_t rule, std::string_view kind, std::string_view level, std::string_view text,
            std::string_view fingerprint) {
  return {{"ruleId", rules.id_of(rule)},
          {"ruleIndex", rule},
          {"kind", kind},
          {"level", level},
          {"message", message(text)},
          {"partialFingerprints", {{"scenarioRequirement/v1", printable(fingerprint)}}}};
}

json suppressions(std::string_view reason) {
  return json::array({{{"kind", "external"}, {"status", "accepted"}, {"justification", printable(reason)}}});
}

void finish(json& out, const RunRecord& record, const ScenarioResult& scenario, int line) {
  out["locations"] = json::array({location(scenario, line > 0 ? line : scenario.line)});
  if (scenario.is_waived) out["suppressions"] = suppressions(scenario.waiver_reason);
  out["properties"] = {{"scenario", printable(scenario.id)},
                       {"verdict", to_string(scenario.verdict)},
                       {"cause", to_string(scenario.cause)},
                       {"attempts", scenario.attempts},
                       {"flaky", scenario.is_flaky},
                       {"why", printable(scenario.why)},
                       {"reproduce", printable(reproduce_command(record, scenario.id))}};
}

void add_results(json& results, Rules& rules, const RunRecord& record, const ScenarioResult& scenario) {
  if (scenario.verdict == Verdict::inconclusive) {
    const std::string id = scenario.requirements.empty() ? "" : scenario.requirements.front();
    const auto* requirement = find_requirement(record, id);
    const auto rule = rules.of_requirement(id, requirement != nullptr ? requirement->level : verdict::Level::implied);
    json out = result(rules, rule, "open", "none",
                      fmt::format("Not judged ({}): {}", to_string(scenario.cause), scenario.reason),
                      scenario.id + " inconclusive");
    finish(out, record, scenario, scenario.reason_line);
    results.push_back(std::move(out));
    return;
  }
  if (scenario.verdict != Verdict::fail && scenario.verdict != Verdict::warn) return;
  bool has_result = false;
  std::vector<std::string> told;  // a rule that several lines of a scenario miss is one result
  for (const auto& check : scenario.checks) {
    if (check.outcome != Outcome::violated && check.outcome != Outcome::warned) continue;
    if (std::find(told.begin(), told.end(), check.requirement) != told.end()) continue;
    told.push_back(check.requirement);
    const auto rule = rules.of_requirement(check.requirement, check.level);
    json out = result(rules, rule, "fail", check.outcome == Outcome::violated ? "error" : "warning",
                      fmt::format("{}: expected {}, got {}", scenario.title, check.expected,
                                  check.got.empty() ? "nothing" : check.got),
                      scenario.id + " " + check.requirement);
    finish(out, record, scenario, check.line);
    results.push_back(std::move(out));
    has_result = true;
  }
  if (has_result) return;
  const auto rule = rules.of_requirement("", verdict::Level::implied);
  json out = result(rules, rule, "fail", scenario.verdict == Verdict::fail ? "error" : "warning",
                    scenario.title + ": " + scenario.reason, scenario.id);
  finish(out, record, scenario, scenario.reason_line);
  results.push_back(std::move(out));
}

json invocation(const RunRecord& record) {
  json notifications = json::array();
  for (const auto& scenario : record.scenarios)
    if (scenario.verdict == Verdict::error)
      notifications.push_back({{"level", "error"},
                               {"message", message(scenario.id + ": " + scenario.reason)},
                               {"locations", json::array({location(scenario, scenario.reason_line)})}});
  return {{"executionSuccessful", record.gate.exit_code != verdict::kExitUnavailable},
          {"exitCode", record.gate.exit_code},
          {"exitCodeDescription", printable(record.gate.reason)},
          {"startTimeUtc", format_instant(record.started)},
          {"endTimeUtc", format_instant(record.started + record.duration)},
          {"toolExecutionNotifications", std::move(notifications)}};
}

}  // namespace

void write_sarif(const RunRecord& record, std::ostream& out) {
  Rules rules(record);
  json results = json::array();
  for (const auto& scenario : record.scenarios) add_results(results, rules, record, scenario);
  for (const auto& finding : record.wire_findings) {
    if (finding.outcome != Outcome::violated && finding.outcome != Outcome::warned) continue;
    const auto rule = rules.of_finding(finding);
    json one = result(rules, rule, "fail", finding.outcome == Outcome::violated ? "error" : "warning",
                      fmt::format("{} of {} replies, first in {}: {}", finding.findings, finding.replies,
                                  finding.scenario, finding.example),
                      finding.id + " " + finding.requirement);
    if (finding.is_waived) one["suppressions"] = suppressions(finding.waiver_reason);
    results.push_back(std::move(one));
  }
  for (const auto& crash : record.crashes) {
    const auto rule = rules.of_crash();
    results.push_back(result(rules, rule, "fail", "error",
                             fmt::format("{} in {}{}", crash.kind, crash.scenario,
                                         crash.confirmed ? ", seen again alone on a fresh server" : ""),
                             "crash " + crash.scenario));
  }
  const json run = {
      {"tool",
       {{"driver",
         {{"name", "smtpspec"},
          {"version", printable(record.tool_version)},
          {"rules", rules.take()},
          {"properties",
           {{"suiteVersion", printable(record.suite_version)}, {"suiteDigest", printable(record.suite_digest)}}}}}}},
      {"invocations", json::array({invocation(record)})},
      {"originalUriBaseIds", {{"SUITE", {{"description", message("The folder of the suite, as --suite names it")}}}}},
      {"automationDetails", {{"id", printable("smtpspec/" + record.target.role + "/" + record.target.address)}}},
      {"columnKind", "unicodeCodePoints"},
      {"results", std::move(results)}};
  const json document = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", json::array({run})}};
  out << document.dump(1) << '\n';
}

}  // namespace smtpspec::reports
