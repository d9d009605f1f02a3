#include "reports/ctrf.h"

#include <algorithm>
#include <iomanip>
#include <map>
#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/verdict/gate.h"
#include "reports/conclusion.h"
#include "reports/instant.h"
#include "reports/printable.h"
#include "reports/test_case.h"

namespace smtpspec::reports {
namespace {

using json = nlohmann::ordered_json;

std::int64_t milliseconds(base::Microseconds duration) { return (duration.count() + 999) / 1000; }

std::string_view status_of(const TestCase& test) {
  switch (test.status) {
    case TestCase::Status::passed:
      return "passed";
    case TestCase::Status::failure:
      return "failed";
    case TestCase::Status::error:
      return "other";
    case TestCase::Status::skipped:
      return "skipped";
  }
  return "other";
}

void add_scenario(json& test, const verdict::ScenarioResult& scenario) {
  test["rawStatus"] = to_string(scenario.verdict);
  if (!scenario.tags.empty())
    for (const auto& tag : scenario.tags) test["tags"].push_back(printable(tag));
  test["filePath"] = printable(scenario.file);
  test["line"] = scenario.line;
  test["retries"] = std::max(scenario.attempts - 1, 0);
  test["flaky"] = scenario.is_flaky;
  json requirements = json::array();
  for (const auto& id : scenario.requirements) requirements.push_back(printable(id));
  test["extra"] = {{"title", printable(scenario.title)},
                   {"cause", to_string(scenario.cause)},
                   {"waived", scenario.is_waived},
                   {"requirements", std::move(requirements)}};
}

json test_json(const TestSuite& suite, const TestCase& test) {
  json out = {{"name", printable(test.name)},
              {"status", status_of(test)},
              {"duration", milliseconds(test.duration)},
              {"suite", json::array({"smtpspec", printable(suite.name)})}};
  if (!test.message.empty()) out["message"] = printable(test.message);
  const std::string& trace = test.text.empty() ? test.system_out : test.text;
  if (!trace.empty()) out["trace"] = printable_lines(trace);
  out["type"] = "conformance";
  if (test.scenario != nullptr) add_scenario(out, *test.scenario);
  return out;
}

}  // namespace

void write_ctrf(const verdict::RunRecord& record, std::ostream& out) {
  const auto suites = test_suites(record);
  const auto start = std::chrono::duration_cast<std::chrono::milliseconds>(record.started.time_since_epoch()).count();
  const auto duration = milliseconds(record.duration);
  json tests = json::array();
  std::map<std::string_view, int> counts;
  for (const auto& suite : suites) {
    for (const auto& test : suite.cases) {
      ++counts[status_of(test)];
      tests.push_back(test_json(suite, test));
    }
  }
  const auto judged = count_judged(record);
  json document = {{"reportFormat", "CTRF"},
                   {"specVersion", "0.0.0"},
                   {"timestamp", format_instant(record.started + record.duration)},
                   {"generatedBy", "smtpspec " + printable(record.tool_version)},
                   {"results",
                    {{"tool", {{"name", "smtpspec"}, {"version", printable(record.tool_version)}}},
                     {"summary",
                      {{"tests", tests.size()},
                       {"passed", counts["passed"]},
                       {"failed", counts["failed"]},
                       {"skipped", counts["skipped"]},
                       {"pending", 0},
                       {"other", counts["other"]},
                       {"flaky", record.summary.flaky},
                       {"suites", suites.size()},
                       {"start", start},
                       {"stop", start + duration},
                       {"duration", duration},
                       {"extra",
                        {{"judged", judged.judged},
                         {"applicable", judged.applicable},
                         {"conclusion", printable(conclude(record).sentence)},
                         {"gate", printable(record.gate.reason)},
                         {"exitCode", record.gate.exit_code}}}}},
                     {"tests", std::move(tests)},
                     {"environment",
                      {{"appName", printable(record.target.address)},
                       {"healthy", record.gate.exit_code == verdict::kExitGateMet},
                       {"extra",
                        {{"role", printable(record.target.role)},
                         {"banner", printable(record.target.banner)},
                         {"profile", printable(record.target.profile)},
                         {"suiteVersion", printable(record.suite_version)},
                         {"suiteDigest", printable(record.suite_digest)},
                         {"seed", std::to_string(record.seed)}}}}}}}};
  out << std::setw(1) << document << '\n';  // as dump(1), and never as a whole in memory
}

}  // namespace smtpspec::reports
