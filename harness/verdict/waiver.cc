#include "harness/verdict/waiver.h"

#include <algorithm>

#include <fmt/format.h>

namespace smtpspec::verdict {
namespace {

bool names(const Waiver& waiver, const ScenarioResult& scenario) {
  if (waiver.scenario.empty()) return true;
  return scenario.id == waiver.scenario || scenario.id.substr(0, scenario.id.find('[')) == waiver.scenario;
}

bool is_missed(const CheckResult& check) {
  return check.outcome == Outcome::violated || check.outcome == Outcome::warned;
}

bool is_about(const Waiver& waiver, const ScenarioResult& scenario) {
  if (!names(waiver, scenario)) return false;
  if (waiver.requirement.empty()) return true;
  return std::find(scenario.requirements.begin(), scenario.requirements.end(), waiver.requirement) !=
         scenario.requirements.end();
}

bool excuses(const Waiver& waiver, const ScenarioResult& scenario) {
  if (!is_about(waiver, scenario) || scenario.verdict != waiver.verdict) return false;
  if (waiver.requirement.empty()) return true;
  return std::all_of(scenario.checks.begin(), scenario.checks.end(), [&](const CheckResult& check) {
    return !is_missed(check) || check.requirement == waiver.requirement;
  });
}

// The run came to all of it. Where it did not, what it left is inconclusive, and what its replies would have shown
// unknown.
bool is_played_out(const RunRecord& record) {
  return record.target.reachability == Reachability::answers && record.given_up.empty();
}

// One that failed once and not again is not judged: it neither needs the waiver nor makes it stale.
bool is_judged(const ScenarioResult& scenario, const RunRecord& record) {
  if (scenario.is_flaky || !is_in_lattice(scenario.verdict) || scenario.verdict == Verdict::none) return false;
  return is_played_out(record) || scenario.verdict != Verdict::inconclusive;
}

bool excuses(const Waiver& waiver, const WireFinding& finding) {
  if (finding.id != waiver.scenario) return false;
  return (finding.outcome == Outcome::violated && waiver.verdict == Verdict::fail) ||
         (finding.outcome == Outcome::warned && waiver.verdict == Verdict::warn);
}

std::string subject(const Waiver& waiver) { return waiver.scenario.empty() ? waiver.requirement : waiver.scenario; }

}  // namespace

std::vector<std::string> apply_waivers(RunRecord& record, const std::vector<Waiver>& waivers, base::WallTime now,
                                       bool is_whole_suite) {
  std::vector<std::string> complaints;
  // Days are compared, as the clock's nanoseconds hold only the years 1678 to 2261 and a file may name any.
  const auto today = std::chrono::floor<std::chrono::days>(now);
  for (const auto& waiver : waivers) {
    if (waiver.expires && *waiver.expires <= today) {
      complaints.push_back(fmt::format("the waiver for {} has expired", subject(waiver)));
      continue;
    }
    bool is_used = false;
    bool is_judged_otherwise = false;
    bool is_known = false;
    for (auto& scenario : record.scenarios) {
      if (!is_about(waiver, scenario)) continue;
      is_known = true;
      if (excuses(waiver, scenario)) {
        scenario.is_waived = true;
        scenario.waiver_reason = waiver.reason;
        is_used = true;
      } else {
        is_judged_otherwise = is_judged_otherwise || is_judged(scenario, record);
      }
    }
    for (auto& finding : record.wire_findings) {
      if (finding.id != waiver.scenario) continue;
      is_known = true;
      if (excuses(waiver, finding)) {
        finding.is_waived = true;
        finding.waiver_reason = waiver.reason;
        is_used = true;
      } else {
        is_judged_otherwise = true;
      }
    }
    if (is_used) continue;
    if (is_judged_otherwise && waiver.is_intermittent) continue;
    if (is_judged_otherwise)
      complaints.push_back(
          fmt::format("the waiver for {} is stale: it did not come to {}", subject(waiver), to_string(waiver.verdict)));
    else if (!is_known && is_whole_suite && is_played_out(record))
      complaints.push_back(fmt::format("the waiver for {} is stale: the suite has no such scenario", subject(waiver)));
  }
  record.summary = summarize(record);
  return complaints;
}

}  // namespace smtpspec::verdict
