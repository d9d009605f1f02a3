#include "reports/github_annotations.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/verdict/gate.h"
#include "reports/conclusion.h"
#include "reports/failure.h"
#include "reports/printable.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::Verdict;

constexpr std::size_t kShownOfAKind = 10;        // GitHub shows no more of a step
constexpr std::size_t kMaxMessageOctets = 4000;  // of an annotation, whose limit is 64 KiB

struct Annotation {
  std::string file;  // empty: of the run
  int line = 0;
  std::string title;
  std::string message;  // several lines
};

// The escapes of the runner: of the message, and of a property, which ends at a comma or a colon.
std::string escaped(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') out += "%25";
    else if (c == '\r') out += "%0D";
    else if (c == '\n') out += "%0A";
    else if (is_property && c == ':') out += "%3A";
    else if (is_property && c == ',') out += "%2C";
    else out += c;
  }
  return out;
}

std::string property(std::string_view text) { return escaped(printable(text), true); }

Annotation annotation_of(const verdict::RunRecord& record, const verdict::ScenarioResult& scenario) {
  Annotation out{scenario.file, scenario.line, scenario.id, scenario.title};
  for (const auto& check : scenario.checks) {
    if (check.outcome != Outcome::violated && check.outcome != Outcome::warned) continue;
    if (const auto* requirement = find_requirement(record, check.requirement))
      out.message += "\n" + citation(*requirement);
    out.message += fmt::format("\nline {}: expected {}, got {}", check.line, check.expected, check.got);
  }
  if (scenario.checks.empty()) out.message += "\n" + scenario.reason;
  if (const auto command = reproduce_command(record, scenario.id); !command.empty())
    out.message += "\nreproduce: " + command;
  return out;
}

void write(std::ostream& out, std::string_view kind, const Annotation& annotation) {
  std::string properties;
  if (!annotation.file.empty())
    properties = fmt::format("file={},line={},", property(annotation.file), std::max(annotation.line, 1));
  std::string message = printable_lines(annotation.message);
  if (message.size() > kMaxMessageOctets) {
    std::size_t end = kMaxMessageOctets;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;  // not within a character
    message = message.substr(0, end) + " ...";
  }
  out << fmt::format("::{} {}title={}::{}\n", kind, properties, property(annotation.title), escaped(message, false));
}

void write_all(std::ostream& out, std::string_view kind, const std::vector<Annotation>& annotations) {
  const bool is_too_long = annotations.size() > kShownOfAKind;
  const std::size_t shown = is_too_long ? kShownOfAKind - 1 : annotations.size();
  for (std::size_t i = 0; i < shown; ++i) write(out, kind, annotations[i]);
  if (is_too_long)
    write(out, kind,
          {"", 0, "smtpspec", fmt::format("and {} more; the whole is in the run record", annotations.size() - shown)});
}

}  // namespace

void write_github_annotations(const verdict::RunRecord& record, std::ostream& out) {
  std::vector<Annotation> errors;
  std::vector<Annotation> warnings;
  std::vector<Annotation> notices;
  const auto judged = count_judged(record);
  const std::string summary = fmt::format("{} of {} applicable requirements judged.\n{}\n{}", judged.judged,
                                          judged.applicable, conclude(record).sentence, summary_line(record));
  (record.gate.exit_code == verdict::kExitGateMet ? notices : errors)
      .push_back({"", 0, "smtpspec: " + record.gate.reason, summary});
  for (const auto& crash : record.crashes)
    errors.push_back({"", 0, "the server died", fmt::format("{} in {}", crash.kind, crash.scenario)});
  for (const auto& finding : record.wire_findings) {
    if (finding.is_waived || (finding.outcome != Outcome::violated && finding.outcome != Outcome::warned)) continue;
    (finding.outcome == Outcome::violated ? errors : warnings)
        .push_back({"", 0, finding.id,
                    fmt::format("{} of {} replies: {}\n{}", finding.findings, finding.replies, finding.example,
                                rule_of(record, finding))});
  }
  for (const auto& scenario : record.scenarios) {
    if (scenario.is_waived) continue;
    if (scenario.verdict == Verdict::fail || scenario.verdict == Verdict::error)
      errors.push_back(annotation_of(record, scenario));
    else if (scenario.verdict == Verdict::warn) warnings.push_back(annotation_of(record, scenario));
  }
  if (record.summary.inconclusive > 0)
    notices.push_back({"", 0, "not judged",
                       scenarios_counted(static_cast<std::size_t>(record.summary.inconclusive)) +
                           " inconclusive: nothing is said of the server there"});
  write_all(out, "error", errors);
  write_all(out, "warning", warnings);
  write_all(out, "notice", notices);
}

}  // namespace smtpspec::reports
