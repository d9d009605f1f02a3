#include "reports/test_case.h"

#include <map>

#include <fmt/format.h>

#include "harness/verdict/gate.h"
#include "reports/conclusion.h"
#include "reports/failure.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;
using Status = TestCase::Status;

// Viewers keep the failure text and nothing else, so it is longer than on a terminal.
constexpr std::size_t kMaxTranscriptLines = 400;

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

TestCase case_of(const RunRecord& record, const ScenarioResult& scenario) {
  TestCase out;
  out.name = scenario.id;
  out.classname = "smtpspec." + stem_of(scenario.file);
  out.scenario = &scenario;
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

TestCase case_of(const RunRecord& record, const verdict::WireFinding& finding) {
  TestCase out;
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

TestCase case_of(const RunRecord& record, const verdict::CrashResult& crash, std::size_t number) {
  TestCase out;
  out.name = fmt::format("crash {} in {}", number, crash.scenario);
  out.classname = "smtpspec.crash";
  out.status = Status::failure;
  out.type = "crash";
  out.message = fmt::format("{}{}", crash.kind, crash.confirmed ? ", seen again alone on a fresh server" : "");
  out.text =
      fmt::format("{}\nreproduce  {}\n\n{}", out.message, reproduce_command(record, crash.scenario), crash.output_tail);
  return out;
}

TestCase gate_case(const RunRecord& record) {
  TestCase out;
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

}  // namespace

std::vector<TestSuite> test_suites(const RunRecord& record) {
  std::vector<TestSuite> suites{{"smtpspec.run", {gate_case(record)}}};
  std::map<std::string, std::size_t> places;
  for (const auto& scenario : record.scenarios) {
    const std::string section = section_of(scenario.id);
    const auto [place, is_new] = places.try_emplace(section, suites.size());
    if (is_new) suites.push_back({section, {}});
    suites[place->second].cases.push_back(case_of(record, scenario));
  }
  if (!record.wire_findings.empty()) {
    TestSuite suite{"smtpspec.wire", {}};
    for (const auto& finding : record.wire_findings) suite.cases.push_back(case_of(record, finding));
    suites.push_back(std::move(suite));
  }
  if (!record.crashes.empty()) {
    TestSuite suite{"smtpspec.crash", {}};
    for (const auto& crash : record.crashes) suite.cases.push_back(case_of(record, crash, suite.cases.size() + 1));
    suites.push_back(std::move(suite));
  }
  return suites;
}

}  // namespace smtpspec::reports
