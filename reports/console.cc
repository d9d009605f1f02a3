#include "reports/console.h"

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
#include "reports/printable.h"
#include "reports/style.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::RunRecord;
using verdict::ScenarioResult;
using verdict::Verdict;

constexpr std::size_t kIndent = 6;
constexpr std::size_t kMaxListed = 6;  // ids of a group, unless verbose
constexpr std::size_t kMinWidth = 40;

using Scenarios = std::vector<const ScenarioResult*>;

// Groups in order of first appearance: a report of the same run never changes.
std::vector<std::pair<std::string, Scenarios>> grouped(const RunRecord& record, Verdict wanted,
                                                       std::string (*key)(const ScenarioResult&)) {
  std::vector<std::pair<std::string, Scenarios>> groups;
  for (const auto& scenario : record.scenarios) {
    if (scenario.verdict != wanted || scenario.is_waived) continue;
    const std::string name = key(scenario);
    auto it = std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == name; });
    if (it == groups.end()) it = groups.insert(groups.end(), {name, {}});
    it->second.push_back(&scenario);
  }
  return groups;
}

class Console {
 public:
  Console(const RunRecord& record, std::ostream& out, ConsoleOptions options)
      : record_(record),
        out_(out),
        options_(options),
        style_(options.color),
        width_(std::max<std::size_t>(kMinWidth, static_cast<std::size_t>(std::max(0, options.width)))) {}

  void write() {
    opening();
    no_smtp();
    failures();
    crashes();
    wire_findings();
    errors();
    warnings();
    inconclusive();
    flaky();
    waived();
    waived_findings();
    left_aside();
    closing();
  }

 private:
  std::string id_of(const ScenarioResult& scenario) const { return printable(scenario.id); }

  void prose(std::string_view text, std::size_t indent = kIndent) {
    out_ << std::string(indent, ' ') << wrapped(text, indent, width_);
  }

  void place(const ScenarioResult& scenario) {
    prose(scenario.title);
    if (!scenario.file.empty())
      out_ << "      " << printable(fmt::format("{}:{}", scenario.file, scenario.line)) << '\n';
  }

  BlockOptions block_options() const {
    return {.width = width_, .indent = kIndent, .emphasizes = options_.color, .transcript = {}};
  }

  void opening() {
    const auto judged = count_judged(record_);
    out_ << style_.strong(fmt::format("{} of {} applicable requirements judged.", judged.judged, judged.applicable))
         << '\n';
    const Conclusion conclusion = conclude(record_);
    const std::string sentence = wrapped(conclusion.sentence, 0, width_);
    switch (conclusion.kind) {
      case Conclusion::Kind::conforms:
        out_ << style_.good(sentence);
        break;
      case Conclusion::Kind::violates:
        out_ << style_.bad(sentence);
        break;
      case Conclusion::Kind::unknown:
        out_ << style_.doubtful(sentence);
        break;
    }
    out_ << '\n';
    if (record_.was_interrupted)
      out_ << style_.doubtful(fmt::format("The run was interrupted: {} not played.",
                                          scenarios_counted(static_cast<std::size_t>(record_.summary.skipped))))
           << '\n';
    const auto& target = record_.target;
    out_ << printable(fmt::format("server   {} (role {})", target.address, target.role)) << '\n';
    if (!target.banner.empty()) out_ << printable(fmt::format("banner   {}", quoted(target.banner))) << '\n';
    out_ << printable(fmt::format("run      {}, smtpspec {}, suite {}, seed {}", base::to_iso8601(record_.started),
                                  record_.tool_version, record_.suite_version, record_.seed))
         << '\n';
    if (!target.profile.empty()) out_ << printable(fmt::format("profile  {}", target.profile)) << '\n';
  }

  void no_smtp() {
    const auto& target = record_.target;
    if (target.reachability != verdict::Reachability::not_smtp) return;
    out_ << '\n' << style_.bad("FAIL") << "  " << style_.strong("greeting") << '\n';
    prose(quoted(target.reachability_reason));
    prose("A server of SMTP speaks first, and begins with 220 or 554 (RFC 5321 section 3.1).");
  }

  // Of those that ended the server the crash is told, once for all that came to the same end.
  void failures() {
    Scenarios failed;
    for (const auto& scenario : record_.scenarios)
      if (scenario.verdict == Verdict::fail && !scenario.is_waived && !has_ended_server(record_, scenario))
        failed.push_back(&scenario);
    std::size_t number = 0;
    for (const auto* scenario : failed) {
      out_ << '\n'
           << style_.bad("FAIL") << "  " << style_.strong(id_of(*scenario))
           << fmt::format("  ({} of {})", ++number, failed.size()) << (scenario->is_flaky ? "  (flaky)" : "") << '\n';
      place(*scenario);
      out_ << '\n' << evidence_block(record_, *scenario, block_options());
    }
  }

  void crashes() {
    using Same = std::vector<const verdict::CrashResult*>;
    std::vector<Same> groups;
    for (const auto& crash : record_.crashes) {
      const auto same = std::find_if(groups.begin(), groups.end(), [&](const Same& group) {
        return group.front()->kind == crash.kind && group.front()->confirmed == crash.confirmed;
      });
      if (same == groups.end()) groups.push_back({&crash});
      else same->push_back(&crash);
    }
    for (const Same& group : groups) crashed_alike(group);
  }

  void crashed_alike(const std::vector<const verdict::CrashResult*>& group) {
    const auto& crash = *group.front();
    out_ << '\n' << style_.bad("CRASH") << " " << style_.strong(printable(crash.kind)) << '\n';
    prose(fmt::format("The server died or hung while {} ran; {}.", crash.scenario,
                      crash.confirmed ? "alone, on a fresh server, the same scenario does it again"
                                      : "it may have been another: played alone, on a fresh server, none of those that "
                                        "were under way did it again"));
    if (group.size() > 1) prose(fmt::format("So it did while {} more ran:", scenarios_counted(group.size() - 1)));
    std::vector<std::string> others;
    for (std::size_t i = 1; i < group.size(); ++i) others.push_back(printable(group[i]->scenario));
    listed(others);
    const std::string output = printable_lines(crash.output_tail);
    std::string_view tail = output;
    if (!tail.empty()) out_ << "      the last that the server printed:\n";
    while (!tail.empty()) {
      const std::size_t end = std::min(tail.find('\n'), tail.size());
      out_ << "        | " << tail.substr(0, end) << '\n';
      tail.remove_prefix(std::min(end + 1, tail.size()));
    }
    const auto scenario = std::find_if(record_.scenarios.begin(), record_.scenarios.end(),
                                       [&](const ScenarioResult& one) { return one.id == crash.scenario; });
    if (crash.confirmed && scenario != record_.scenarios.end()) {
      out_ << '\n' << evidence_block(record_, *scenario, block_options());
      return;
    }
    const std::string command = reproduce_command(record_, crash.scenario);
    if (!command.empty()) out_ << "      reproduce  " << printable(command) << '\n';
  }

  void wire_findings() {
    for (const auto& finding : record_.wire_findings) {
      if (finding.is_waived) continue;
      if (finding.outcome != Outcome::violated && finding.outcome != Outcome::warned) continue;
      const bool violates = finding.outcome == Outcome::violated;
      out_ << '\n'
           << (violates ? style_.bad("FAIL") : style_.doubtful("WARN")) << "  " << style_.strong(printable(finding.id))
           << '\n';
      prose(fmt::format("The form of {} of {} replies over the whole run; first seen in {}:", finding.findings,
                        finding.replies, finding.scenario));
      out_ << "        S: " << printable(quoted(finding.example)) << '\n';
      prose(rule_of(record_, finding));
    }
  }

  void errors() {
    for (const auto& scenario : record_.scenarios) {
      if (scenario.verdict != Verdict::error) continue;
      out_ << '\n' << style_.bad("ERROR") << " " << style_.strong(id_of(scenario)) << '\n';
      place(scenario);
      prose(fmt::format("Not the server's fault: {}", scenario.reason));
      if (options_.verbose) out_ << '\n' << evidence_block(record_, scenario, block_options());
    }
  }

  void warnings() {
    for (const auto& scenario : record_.scenarios) {
      if (scenario.verdict != Verdict::warn || scenario.is_waived) continue;
      out_ << '\n' << style_.doubtful("WARN") << "  " << style_.strong(id_of(scenario)) << '\n';
      place(scenario);
      if (options_.verbose) {
        out_ << '\n' << evidence_block(record_, scenario, block_options());
        continue;
      }
      const auto* check = deciding_check(scenario);
      if (check == nullptr) {
        prose(quoted(scenario.reason));
        continue;
      }
      prose(fmt::format("line {}: expected {}, got {}", check->line, quoted(check->expected), quoted(check->got)));
      rule(check->requirement, check->level);
    }
  }

  void rule(const std::string& id, verdict::Level level) {
    if (id.empty()) return;
    const auto* requirement = find_requirement(record_, id);
    if (requirement == nullptr) prose(fmt::format("{} ({})", id, to_string(level)));
    else prose(fmt::format("{}: {}", citation(*requirement), requirement->summary));
  }

  void ids(const Scenarios& scenarios) {
    std::vector<std::string> names;
    for (const auto* scenario : scenarios) names.push_back(id_of(*scenario));
    listed(names);
  }

  void listed(const std::vector<std::string>& names) {
    const std::size_t limit = options_.verbose ? names.size() : kMaxListed;
    for (std::size_t i = 0; i < names.size() && i < limit; ++i) out_ << "        " << names[i] << '\n';
    if (names.size() > limit) out_ << fmt::format("        ... and {} more (-v lists all)\n", names.size() - limit);
  }

  void inconclusive() {
    const auto groups = grouped(record_, Verdict::inconclusive,
                                [](const ScenarioResult& s) { return std::string(to_string(s.cause)); });
    for (const auto& [cause, scenarios] : groups) {
      out_ << '\n'
           << style_.doubtful("INCONCLUSIVE") << "  " << style_.strong(cause) << "  "
           << scenarios_counted(scenarios.size()) << '\n';
      prose(explanation(scenarios.front()->cause));
      if (!scenarios.front()->reason.empty()) prose("For example: " + quoted(scenarios.front()->reason));
      ids(scenarios);
      if (!options_.verbose) continue;
      for (const auto* scenario : scenarios)
        out_ << '\n' << "      " << id_of(*scenario) << '\n' << evidence_block(record_, *scenario, block_options());
    }
  }

  void flaky() {
    Scenarios found;
    for (const auto& scenario : record_.scenarios)
      if (scenario.is_flaky && scenario.cause != verdict::Cause::flaky) found.push_back(&scenario);
    if (found.empty()) return;
    out_ << '\n' << style_.doubtful("FLAKY") << "  " << scenarios_counted(found.size()) << '\n';
    prose(explanation(verdict::Cause::flaky));
    ids(found);
  }

  void waived() {
    bool is_first = true;
    for (const auto& scenario : record_.scenarios) {
      if (!scenario.is_waived) continue;
      if (is_first) out_ << '\n';
      is_first = false;
      prose(fmt::format("waived: {} ({}): {}", scenario.id, to_string(scenario.verdict), scenario.waiver_reason), 0);
    }
  }

  void waived_findings() {
    for (const auto& finding : record_.wire_findings)
      if (finding.is_waived) prose(fmt::format("waived: {}: {}", finding.id, finding.waiver_reason), 0);
  }

  // A server lacks many things, and has one line for all of them.
  void left_aside() {
    const auto groups = not_applicable_groups(record_);
    if (!groups.empty()) {
      const auto all = static_cast<std::size_t>(record_.summary.not_applicable);
      out_ << '\n';
      prose(fmt::format("not applicable: {}: {}", scenarios_counted(all), to_string(groups)), 0);
    }
    const auto by_reason = [](const ScenarioResult& s) { return s.reason.empty() ? "no reason recorded" : s.reason; };
    if (options_.verbose) {
      for (const auto& [reason, scenarios] : grouped(record_, Verdict::not_applicable, by_reason)) {
        prose(fmt::format("{}: {}", scenarios_counted(scenarios.size()), reason));
        ids(scenarios);
      }
    }
    bool is_first = groups.empty();
    for (const auto& [reason, scenarios] : grouped(record_, Verdict::skipped, by_reason)) {
      if (std::exchange(is_first, false)) out_ << '\n';
      prose(fmt::format("skipped: {}: {}", scenarios_counted(scenarios.size()), reason), 0);
      if (options_.verbose) ids(scenarios);
    }
  }

  void closing() {
    out_ << '\n' << printable(summary_line(record_)) << '\n';
    const std::string gate =
        wrapped(fmt::format("gate: {} (exit code {})", record_.gate.reason, record_.gate.exit_code), 0, width_);
    out_ << (record_.gate.exit_code == 0 ? style_.good(gate) : style_.bad(gate));
    if (record_.target.is_built_in)
      out_ << "target: the built-in reference server; no server of yours was tested (--target HOST:PORT names one)\n";
    else out_ << "target: " << printable(record_.target.address) << '\n';
  }

  const RunRecord& record_;
  std::ostream& out_;
  ConsoleOptions options_;
  Style style_;
  std::size_t width_;
};

}  // namespace

void write_console(const RunRecord& record, std::ostream& out, ConsoleOptions options) {
  Console(record, out, options).write();
}

}  // namespace smtpspec::reports
