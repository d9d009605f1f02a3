#include "reports/junit.h"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "harness/verdict/not_applicable.h"
#include "reports/test_case.h"
#include "reports/xml_text.h"

namespace smtpspec::reports {
namespace {

using verdict::RunRecord;
using Status = TestCase::Status;

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(xml_attribute(value).c_str());
}
void set_text(pugi::xml_node node, std::string_view value) { node.text().set(xml_text(value).c_str()); }

// Three decimals and no exponent: Jenkins' pattern takes no more.
std::string seconds(base::Microseconds duration) {
  return fmt::format("{:.3f}", static_cast<double>(duration.count()) / 1e6);
}

enum class Dialect { strict, extended };

void add_property(pugi::xml_node properties, std::string_view name, std::string_view value) {
  auto property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

// What the strict dialect has no place for: pytest and its consumers write it so.
void add_extensions(pugi::xml_node node, const verdict::ScenarioResult& scenario) {
  set(node, "file", scenario.file);
  set(node, "line", std::to_string(scenario.line));
  auto properties = node.append_child("properties");
  add_property(properties, "verdict", to_string(scenario.verdict));
  if (scenario.cause != verdict::Cause::none) add_property(properties, "cause", to_string(scenario.cause));
  for (const auto& id : scenario.requirements) add_property(properties, "requirement", id);
  for (const auto& tag : scenario.tags) add_property(properties, "tag", tag);
  add_property(properties, "attempts", std::to_string(scenario.attempts));
  if (scenario.is_flaky) add_property(properties, "flaky", "true");
  if (scenario.is_waived) add_property(properties, "waived", scenario.waiver_reason);
}

void add_case(pugi::xml_node parent, const TestCase& test, Dialect dialect) {
  auto node = parent.append_child("testcase");
  set(node, "name", test.name);
  set(node, "classname", test.classname);
  set(node, "time", seconds(test.duration));
  if (dialect == Dialect::extended && test.scenario != nullptr) add_extensions(node, *test.scenario);
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

Totals totals_of(const TestSuite& suite) {
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
  const auto add = [&](std::string_view name, std::string_view value) { add_property(properties, name, value); };
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

void write(const RunRecord& record, std::ostream& out, Dialect dialect) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  auto root = document.append_child("testsuites");
  set(root, "name", "smtpspec");
  Totals all;
  const auto suites = test_suites(record);
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
    for (const auto& test : suites[i].cases) add_case(node, test, dialect);
  }
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

}  // namespace

void write_junit(const RunRecord& record, std::ostream& out) { write(record, out, Dialect::strict); }
void write_junit_extended(const RunRecord& record, std::ostream& out) { write(record, out, Dialect::extended); }

}  // namespace smtpspec::reports
