#include "reports/summary_markdown.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/verdict/gate.h"
#include "harness/verdict/not_applicable.h"
#include "reports/conclusion.h"
#include "reports/failure.h"
#include "reports/markdown_text.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;

constexpr std::size_t kMaxRowsOctets = 20000;      // of the tables together
constexpr std::size_t kMaxEvidenceOctets = 30000;  // of the transcripts together
constexpr std::size_t kMaxQuotedOctets = 120;      // of a reply in a table
constexpr std::size_t kMaxSentenceOctets = 1000;   // of the conclusion
constexpr std::size_t kTranscriptLines = 30;

std::string shortened(std::string_view text, std::size_t limit = kMaxQuotedOctets) {
  return text.size() <= limit ? std::string(text) : std::string(text.substr(0, limit)) + " ...";
}

// A table whose rows come to an end.
class Table {
 public:
  Table(std::ostream& out, std::size_t& left) : out_(out), left_(left) {}
  void row(std::string_view head, const std::string& row) {
    if (row.size() > left_) {
      left_ = 0;
      ++left_out_;
      return;
    }
    if (!std::exchange(has_begun_, true)) out_ << head;
    left_ -= row.size();
    out_ << row;
  }
  void end() {
    if (left_out_ > 0) out_ << fmt::format("\nand {} more.\n", left_out_);
    if (has_begun_ || left_out_ > 0) out_ << '\n';
  }

 private:
  std::ostream& out_;
  std::size_t& left_;
  std::size_t left_out_ = 0;
  bool has_begun_ = false;
};

std::string rule_cell(const RunRecord& record, const ScenarioResult& scenario) {
  const auto* check = deciding_check(scenario);
  if (check == nullptr || check->requirement.empty()) return "";
  const auto* requirement = find_requirement(record, check->requirement);
  return markdown_text(requirement != nullptr ? citation(*requirement) : check->requirement);
}

std::string what_came(const ScenarioResult& scenario) {
  const auto* check = deciding_check(scenario);
  if (check == nullptr) return markdown_text(shortened(scenario.reason));
  return fmt::format("{}, not {}", check->got.empty() ? "nothing" : markdown_code(shortened(check->got)),
                     markdown_code(shortened(check->expected)));
}

void write_scenarios(std::ostream& out, const RunRecord& record, Verdict verdict, std::string_view title,
                     std::size_t& left) {
  const std::string head = fmt::format("### {}\n\n| scenario | came | rule |\n| --- | --- | --- |\n", title);
  Table table(out, left);
  for (const auto& scenario : record.scenarios) {
    if (scenario.verdict != verdict || scenario.is_waived) continue;
    table.row(head, fmt::format("| {}<br>{} | {} | {} |\n", markdown_code(scenario.id), markdown_text(scenario.title),
                                what_came(scenario), rule_cell(record, scenario)));
  }
  table.end();
}

void write_findings(std::ostream& out, const RunRecord& record, std::size_t& left) {
  Table table(out, left);
  for (const auto& finding : record.wire_findings) {
    if (finding.is_waived || (finding.outcome != Outcome::violated && finding.outcome != Outcome::warned)) continue;
    table.row("### The form of replies\n\n| finding | replies | first | rule |\n| --- | --- | --- | --- |\n",
              fmt::format("| {} | {} of {} | {} | {} |\n", markdown_code(finding.id), finding.findings, finding.replies,
                          markdown_code(shortened(finding.example)), markdown_text(rule_of(record, finding))));
  }
  table.end();
}

void write_causes(std::ostream& out, const RunRecord& record) {
  std::vector<std::pair<verdict::Cause, int>> causes;
  for (const auto& scenario : record.scenarios) {
    if (scenario.verdict != Verdict::inconclusive || scenario.is_waived) continue;
    auto it = std::find_if(causes.begin(), causes.end(), [&](const auto& c) { return c.first == scenario.cause; });
    if (it == causes.end()) it = causes.insert(causes.end(), {scenario.cause, 0});
    ++it->second;
  }
  if (causes.empty()) return;
  out << "### Not judged\n\n| scenarios | cause | what helps |\n| --- | --- | --- |\n";
  for (const auto& [cause, count] : causes)
    out << fmt::format("| {} | {} | {} |\n", count, to_string(cause), markdown_text(explanation(cause)));
  out << '\n';
}

void write_evidence(std::ostream& out, const RunRecord& record) {
  std::size_t left = kMaxEvidenceOctets;
  std::size_t left_out = 0;
  BlockOptions options;
  options.indent = 0;
  options.transcript.max_lines = kTranscriptLines;
  for (const auto& scenario : record.scenarios) {
    if (scenario.verdict != Verdict::fail || scenario.is_waived) continue;
    if (left == 0) {
      ++left_out;
      continue;
    }
    const std::string block =
        fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", markdown_code(scenario.id),
                    markdown_block(evidence_block(record, scenario, options)));
    if (block.size() > left) {
      left = 0;
      ++left_out;
      continue;
    }
    left -= block.size();
    out << block;
  }
  if (left_out > 0) out << fmt::format("The transcripts of {} are left out.\n\n", scenarios_counted(left_out));
}

}  // namespace

void write_summary_markdown(const RunRecord& record, std::ostream& out) {
  const auto judged = count_judged(record);
  out << fmt::format("## SMTP conformance: {} of {} applicable requirements judged\n\n", judged.judged,
                     judged.applicable);
  out << "**" << markdown_text(shortened(conclude(record).sentence, kMaxSentenceOctets)) << "**\n\n"
      << summary_line(record) << ".\n\n";
  out << fmt::format(
      "| server | banner | role | suite | gate |\n| --- | --- | --- | --- | --- |\n| {} | {} | {} | {} | {} "
      "|\n\n",
      markdown_code(shortened(record.target.address)), markdown_code(shortened(record.target.banner)),
      markdown_text(record.target.role), markdown_text(record.suite_version),
      markdown_text(shortened(record.gate.reason)));
  if (record.summary.not_applicable > 0)
    out << "Not applicable: " << markdown_text(shortened(verdict::to_string(verdict::not_applicable_groups(record))))
        << "\n\n";
  std::size_t left = kMaxRowsOctets;
  if (!record.crashes.empty()) {
    Table table(out, left);
    for (const auto& crash : record.crashes)
      table.row("### The server died\n\n| how | in |\n| --- | --- |\n",
                fmt::format("| {} | {} |\n", markdown_code(shortened(crash.kind)), markdown_code(crash.scenario)));
    table.end();
  }
  write_scenarios(out, record, Verdict::fail, "Fails", left);
  write_findings(out, record, left);
  write_scenarios(out, record, Verdict::error, "Faults of the tester", left);
  write_scenarios(out, record, Verdict::warn, "Recommendations not followed", left);
  write_causes(out, record);
  write_evidence(out, record);
}

}  // namespace smtpspec::reports
