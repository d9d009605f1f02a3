#include "reports/registry.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/base/diagnostic.h"
#include "reports/badge.h"
#include "reports/console.h"
#include "reports/ctrf.h"
#include "reports/github_annotations.h"
#include "reports/html/report.h"
#include "reports/junit.h"
#include "reports/printable.h"
#include "reports/run_record_json.h"
#include "reports/sarif.h"
#include "reports/summary_markdown.h"
#include "reports/tap.h"

namespace smtpspec::reports {
namespace {

void write_plain_console(const verdict::RunRecord& record, std::ostream& out) { write_console(record, out); }

constexpr std::array kFormats{
    Format{"json", "the run record, from which every other report can be made", write_run_record},
    Format{"junit", "JUnit XML in the strict dialect of Jenkins", write_junit},
    Format{"html", "one self-contained page with search and filters, for people", write_html},
    Format{"junit-extended", "JUnit XML with file, line and properties of each case", write_junit_extended},
    Format{"tap", "TAP, version 14", write_tap},
    Format{"sarif", "SARIF 2.1.0, for code scanning", write_sarif},
    Format{"ctrf", "the Common Test Report Format, JSON", write_ctrf},
    Format{"markdown", "a page for a pull request or a job's summary", write_summary_markdown},
    Format{"badge", "JSON for the endpoint of shields.io", write_badge},
    Format{"github", "annotations of a GitHub workflow, for its log", write_github_annotations},
    Format{"console", "the text of the terminal, without colours", write_plain_console},
    Format{"text", "the same as console", write_plain_console},
};

}  // namespace

std::span<const Format> formats() { return kFormats; }

std::string format_names() {
  std::string list;
  for (const auto& format : kFormats) list += (list.empty() ? "" : ", ") + std::string(format.name);
  return list;
}

base::Result<Format, std::string> find_format(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& format : kFormats) {
    if (format.name == name) return format;
    names.emplace_back(format.name);
  }
  std::string message = fmt::format("unknown report format '{}'; known are {}", printable(name), format_names());
  if (const std::string nearest = base::nearest_spelling(name, names); !nearest.empty())
    message += fmt::format("; did you mean '{}'?", nearest);
  return base::make_unexpected(message);
}

}  // namespace smtpspec::reports
