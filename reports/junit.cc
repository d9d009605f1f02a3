#include "reports/junit.h"

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "harness/verdict/gate.h"
#include "harness/verdict/not_applicable.h"
#include "reports/conclusion.h"
#include "reports/failure.h"
#include "reports/xml_text.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;

// Viewers keep the failure text and nothing else, so it is longer than on a terminal.
constexpr std::size_t kMaxTranscriptLines = 400;

enum class Status { passed, failure, error, skipped };

struct Case {
  std::string name;
  std::string classname;
  base::Microseconds duration{0};
  Status status = Status::passed;
  std::string type;     // "MUST", "inconclusive.greylist", "not_applicable", …
  std::string message;  // one line
  std::string text;
  std::string system_out;
};

struct Suite {
  std::string name;
  std::vector<Case> cases;
};

std::string section_of(std::string_view id) {
  id = id.substr(0, id.find('['));
  const std::size_t first = id.find('.');
  if (first == std::string_view::npos) return std::string(id);
  return std::string(id.substr(0, id.find('.', first + 1)));
}

std::string stem_of(std::string_view file) {
  if (const auto slash = file.rfind('/'); slash != std::string_view::npos) file.remove_prefix(slash + 1);
  if (const auto dot = file.rfind('.'); dot != std::string_view::npos && dot > 0) file = file.substr(0, dot);
  return file.empty() ? "scenario" : std::string(file);
}

std::string evidence(const RunRecord& record, const ScenarioResult& scenario) {
  BlockOptions options;
  options.indent = 0;
  options.transcript.max_lines = kMaxTranscriptLines;
  return fmt::format("{}\n{}:{}\n\n{}", scenario.title, scenario.file, scenario.line,
                     evidence_block(record, scenario, options));
}

std::string message_of(const ScenarioResult& scenario) {
  const auto* check = deciding_check(scenario);
  std::string out = check != nullptr ? fmt::format("line {}: expected {}, got {}", check->line, check->expected,
                                                   std::string_view(check->got).substr(0, 200))
                                     : scenario.reason;
  if (scenario.is_flaky) out += " (flaky)";
  return out;
}

Case case_of(const RunRecord& record, const ScenarioResult& scenario) {
  Case out;
  out.name = scenario.id;
  out.classname = "smtpspec." + stem_of(scenario.file);
  out.duration = scenario.duration;
  out.message = message_of(scenario);
  if (scenario.is_waived) {
    out.status = Status::skipped;
    out.type = "waived";
    out.message = fmt::format("waived: {}", scenario.waiver_reason);
    out.system_out = evidence(record, scenario);
    return out;
  }
  switch (scenario.verdict) {
    case Verdict::pass:
      if (scenario.is_flaky) out.system_out = fmt::format("flaky: {} tries did not agree\n", scenario.attempts);
      break;
    case Verdict::warn:
      out.system_out = "warning: " + out.message + "\n" + evidence(record, scenario);
      break;
    case Verdict::fail: {
      out.status = Status::failure;
      const auto* check = deciding_check(scenario);
      out.type = check != nullptr ? std::string(to_string(check->level)) : "fail";
      out.text = evidence(record, scenario);
      break;
    }
    case Verdict::inconclusive:
      out.status = Status::error;
      out.type = fmt::format("inconclusive.{}", to_string(scenario.cause));
      out.text = fmt::format("{}\n\n{}", explanation(scenario.cause), evidence(record, scenario));
      break;
    case Verdict::none:
    case Verdict::error:
      out.status = Status::error;
      out.type = std::string(to_string(scenario.verdict));
      out.text = evidence(record, scenario);
      break;
    case Verdict::not_applicable:
    case Verdict::skipped:
      out.status = Status::skipped;
      out.type = std::string(to_string(scenario.verdict));
      out.message = scenario.reason;
      break;
  }
  return out;
}

Case case_of(const RunRecord& record, const verdict::WireFinding& finding) {
  Case out;
  out.name = finding.id;
  out.classname = "smtpspec.wire";
  out.message = fmt::format("{} of {} replies, first in {}", finding.findings, finding.replies, finding.scenario);
  std::string text = fmt::format("{}\nS: {}\n{}\n", out.message, finding.example, rule_of(record, finding));
  if (finding.is_waived) {
    out.status = Status::skipped;
    out.type = "waived";
    out.message = "waived: " + finding.waiver_reason;
    out.system_out = std::move(text);
  } else if (finding.outcome == Outcome::violated) {
    out.status = Status::failure;
    out.type = std::string(to_string(finding.level));
    out.text = std::move(text);
  } else if (finding.outcome == Outcome::warned) {
    out.system_out = "warning: " + text;
  }
  return out;
}

Case case_of(const RunRecord& record, const verdict::CrashResult& crash, std::size_t number) {
  Case out;
  out.name = fmt::format("crash {} in {}", number, crash.scenario);
  out.classname = "smtpspec.crash";
  out.status = Status::failure;
  out.type = "crash";
  out.message = fmt::format("{}{}", crash.kind, crash.confirmed ? ", seen again alone on a fresh server" : "");
  out.text =
      fmt::format("{}\nreproduce  {}\n\n{}", out.message, reproduce_command(record, crash.scenario), crash.output_tail);
  return out;
}

Case gate_case(const RunRecord& record) {
  Case out;
  out.name = "gate";
  out.classname = "smtpspec.run";
  out.message = record.gate.reason;
  const auto judged = count_judged(record);
  std::string text = fmt::format("{} of {} applicable requirements judged.\n{}\n{}\ngate: {} (exit code {})\n",
                                 judged.judged, judged.applicable, conclude(record).sentence, summary_line(record),
                                 record.gate.reason, record.gate.exit_code);
  if (record.gate.exit_code == verdict::kExitGateMet) {
    out.system_out = std::move(text);
    return out;
  }
  out.status = record.gate.exit_code == verdict::kExitFail ? Status::failure : Status::error;
  out.type = fmt::format("exit.{}", record.gate.exit_code);
  out.text = std::move(text);
  return out;
}

// In the order of the scenarios, one suite a section, so that a section split over several files is still one.
std::vector<Suite> suites_of(const RunRecord& record) {
  std::vector<Suite> suites{{"smtpspec.run", {gate_case(record)}}};
  std::map<std::string, std::size_t> places;
  for (const auto& scenario : record.scenarios) {
    const std::string section = section_of(scenario.id);
    const auto [place, is_new] = places.try_emplace(section, suites.size());
    if (is_new) suites.push_back({section, {}});
    suites[place->second].cases.push_back(case_of(record, scenario));
  }
  if (!record.wire_findings.empty()) {
    Suite suite{"smtpspec.wire", {}};
    for (const auto& finding : record.wire_findings) suite.cases.push_back(case_of(record, finding));
    suites.push_back(std::move(suite));
  }
  if (!record.crashes.empty()) {
    Suite suite{"smtpspec.crash", {}};
    for (const auto& crash : record.crashes) suite.cases.push_back(case_of(record, crash, suite.cases.size() + 1));
    suites.push_back(std::move(suite));
  }
  return suites;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(xml_attribute(value).c_str());
}
void set_text(pugi::xml_node node, std::string_view value) { node.text().set(xml_text(value).c_str()); }

// Three decimals and no exponent: Jenkins' pattern takes no more.
std::string seconds(base::Microseconds duration) {
  return fmt::format("{:.3f}", static_cast<double>(duration.count()) / 1e6);
}

void add_case(pugi::xml_node parent, const Case& test) {
  auto node = parent.append_child("testcase");
  set(node, "name", test.name);
  set(node, "classname", test.classname);
  set(node, "time", seconds(test.duration));
  static constexpr const char* kElements[] = {"", "failure", "error", "skipped"};
  if (test.status != Status::passed) {
    auto child = node.append_child(kElements[static_cast<std::size_t>(test.status)]);
    set(child, "type", test.type);
    set(child, "message", test.message);
    if (!test.text.empty()) set_text(child, test.text);
  }
  if (!test.system_out.empty()) set_text(node.append_child("system-out"), test.system_out);
}

struct Totals {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  base::Microseconds time{0};
};

Totals totals_of(const Suite& suite) {
  Totals totals;
  for (const auto& test : suite.cases) {
    ++totals.tests;
    totals.failures += test.status == Status::failure ? 1 : 0;
    totals.errors += test.status == Status::error ? 1 : 0;
    totals.skipped += test.status == Status::skipped ? 1 : 0;
    totals.time += test.duration;
  }
  return totals;
}

void set_totals(pugi::xml_node node, const Totals& totals) {
  set(node, "tests", std::to_string(totals.tests));
  set(node, "failures", std::to_string(totals.failures));
  set(node, "errors", std::to_string(totals.errors));
}

void add_properties(pugi::xml_node suite, const RunRecord& record) {
  auto properties = suite.append_child("properties");
  const auto add = [&](std::string_view name, std::string_view value) {
    auto property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", value);
  };
  add("smtpspec.version", record.tool_version);
  add("suite.version", record.suite_version);
  add("suite.digest", record.suite_digest);
  add("seed", std::to_string(record.seed));
  add("target.address", record.target.is_built_in ? "the built-in reference server" : record.target.address);
  add("target.role", record.target.role);
  add("target.banner", record.target.banner);
  add("profile", record.target.profile);
  add("not_applicable", std::to_string(record.summary.not_applicable));
  add("not_applicable.reasons", verdict::to_string(verdict::not_applicable_groups(record)));
}

}  // namespace

void write_junit(const RunRecord& record, std::ostream& out) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  auto root = document.append_child("testsuites");
  set(root, "name", "smtpspec");
  Totals all;
  const auto suites = suites_of(record);
  for (const auto& suite : suites) {
    const Totals totals = totals_of(suite);
    all.tests += totals.tests;
    all.failures += totals.failures;
    all.errors += totals.errors;
  }
  set_totals(root, all);
  set(root, "time", seconds(record.duration));
  std::string timestamp = base::to_iso8601(record.started);
  timestamp.pop_back();  // the dialect's timestamps carry no zone
  for (std::size_t i = 0; i < suites.size(); ++i) {
    const Totals totals = totals_of(suites[i]);
    auto node = root.append_child("testsuite");
    set(node, "name", suites[i].name);
    set_totals(node, totals);
    set(node, "skipped", std::to_string(totals.skipped));
    set(node, "time", seconds(totals.time));
    set(node, "timestamp", timestamp);
    set(node, "id", std::to_string(i));
    set(node, "package", "smtpspec");
    if (i == 0) add_properties(node, record);
    for (const auto& test : suites[i].cases) add_case(node, test);
  }
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

}  // namespace smtpspec::reports
