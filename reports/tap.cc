#include "reports/tap.h"

#include <algorithm>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "reports/printable.h"
#include "reports/test_case.h"

namespace smtpspec::reports {
namespace {

std::string description(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '#') out += '\\';
    out += c;
  }
  return out;
}

// printable() leaves no control octet, so that only these two need an escape.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out + '"';
}

// A block whose first line tells its indentation, so that it begins with no blank; every line of it is indented, also
// an empty one, where some consumers would take the block for finished.
void write_lines(std::ostream& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out << "  " << name << ": |\n";
  std::string lines = printable_lines(text);
  lines.erase(0, lines.find_first_not_of(" \n"));
  std::string_view left = lines;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    out << "    " << left.substr(0, end) << '\n';
    left.remove_prefix(std::min(end + 1, left.size()));
  }
}

std::string_view severity(const TestCase& test) {
  switch (test.status) {
    case TestCase::Status::failure:
      return "fail";
    case TestCase::Status::error:
      return "error";
    case TestCase::Status::passed:
    case TestCase::Status::skipped:
      break;
  }
  return "comment";
}

void write_diagnostics(std::ostream& out, const TestCase& test) {
  out << "  ---\n";
  if (!test.message.empty()) out << "  message: " << quoted(test.message) << '\n';
  out << "  severity: " << severity(test) << '\n';
  if (!test.type.empty()) out << "  type: " << quoted(test.type) << '\n';
  out << fmt::format("  duration_ms: {:.3f}\n", static_cast<double>(test.duration.count()) / 1e3);
  if (test.scenario != nullptr) {
    out << "  file: " << quoted(test.scenario->file) << '\n';
    out << "  line: " << test.scenario->line << '\n';
  }
  write_lines(out, "evidence", test.text);
  write_lines(out, "output", test.system_out);
  out << "  ...\n";
}

void write_point(std::ostream& out, std::size_t number, const TestCase& test) {
  const bool is_waived = test.type == "waived";
  const bool is_ok =
      test.status == TestCase::Status::passed || (test.status == TestCase::Status::skipped && !is_waived);
  out << (is_ok ? "ok " : "not ok ") << number << " - " << description(test.name);
  if (is_waived) out << " # TODO " << description(test.message);
  else if (test.status == TestCase::Status::skipped) out << " # SKIP " << description(test.message);
  out << '\n';
  // Of a plain pass there is nothing to say that the line does not.
  const bool is_plain = is_ok && test.system_out.empty();
  if (!is_plain) write_diagnostics(out, test);
}

}  // namespace

void write_tap(const verdict::RunRecord& record, std::ostream& out) {
  const auto suites = test_suites(record);
  std::size_t points = 0;
  for (const auto& suite : suites) points += suite.cases.size();
  out << "TAP version 14\n1.." << points << '\n';
  std::size_t number = 0;
  for (const auto& suite : suites) {
    out << "# " << description(suite.name) << '\n';
    for (const auto& test : suite.cases) write_point(out, ++number, test);
  }
}

}  // namespace smtpspec::reports
