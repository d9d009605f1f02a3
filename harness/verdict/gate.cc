#include "harness/verdict/gate.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/verdict/not_applicable.h"

namespace smtpspec::verdict {
namespace {

int applicable_scenarios(const Summary& s) { return s.pass + s.warn + s.fail + s.inconclusive + s.error + s.waived; }

std::string counted(int n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace

std::string_view to_string(FailOn fail_on) {
  switch (fail_on) {
    case FailOn::fail:
      return "fail";
    case FailOn::warn:
      return "warn";
    case FailOn::inconclusive:
      return "inconclusive";
  }
  return "fail";
}

std::optional<FailOn> parse_fail_on(std::string_view text) {
  for (const FailOn fail_on : {FailOn::fail, FailOn::warn, FailOn::inconclusive})
    if (to_string(fail_on) == text) return fail_on;
  return std::nullopt;
}

Judged count_judged(const RunRecord& record) {
  Judged judged;
  for (const auto& requirement : record.requirements) {
    if (requirement.outcome == RequirementOutcome::not_applicable) continue;
    ++judged.applicable;
    if (requirement.outcome != RequirementOutcome::untested) ++judged.judged;
  }
  return judged;
}

Gate decide_gate(const RunRecord& record, const GatePolicy& policy) {
  const Summary& s = record.summary;
  if (s.error > 0)
    return {kExitUnavailable, counted(s.error, "scenario", "scenarios") + " could not be run by the tester itself"};
  if (record.was_interrupted && record.target.reachability_reason.empty() &&
      record.target.reachability != Reachability::answers)
    return {kExitGateNotMet, "the run was interrupted before the server had answered"};
  switch (record.target.reachability) {
    case Reachability::answers:
      break;
    case Reachability::unreachable:
    case Reachability::silent:
    case Reachability::tls_failed:
      return {kExitUnavailable, record.target.reachability_reason};
    case Reachability::not_smtp:
      return {kExitFail, record.target.reachability_reason};
  }
  if (s.crash > 0) return {kExitFail, counted(s.crash, "crash", "crashes") + " of the server"};
  if (s.fail > 0) return {kExitFail, counted(s.fail, "scenario fails", "scenarios fail")};
  const auto wire_violations =
      std::count_if(record.wire_findings.begin(), record.wire_findings.end(),
                    [](const WireFinding& f) { return !f.is_waived && f.outcome == Outcome::violated; });
  if (wire_violations > 0)
    return {kExitFail, counted(static_cast<int>(wire_violations), "rule", "rules") + " on the form of replies broken"};
  if (policy.stale_waivers > 0)
    return {kExitFail, counted(policy.stale_waivers, "waiver is", "waivers are") + " stale or expired"};
  const int applicable = applicable_scenarios(s);
  if (record.was_interrupted) return {kExitGateNotMet, "the run was interrupted"};
  if (!record.given_up.empty()) return {kExitGateNotMet, "the run was given up: " + record.given_up};
  const int conclusive = applicable - s.inconclusive;
  if (conclusive == 0) return {kExitGateNotMet, "nothing was judged"};
  const double percent = 100.0 * conclusive / applicable;
  if (percent < policy.min_conclusive_percent)
    return {kExitGateNotMet,
            fmt::format("only {:.0f} % of {} applicable scenarios were conclusive, {:.0f} % are asked for", percent,
                        applicable, policy.min_conclusive_percent)};
  if (policy.minimum_judged) {
    const Judged judged = count_judged(record);
    if (judged.judged < *policy.minimum_judged)
      return {kExitGateNotMet, fmt::format("{} requirements were judged, the profile asks for {}", judged.judged,
                                           *policy.minimum_judged)};
  }
  if (policy.maximum_not_applicable_percent) {
    const double share = not_applicable_percent(s);
    if (share > *policy.maximum_not_applicable_percent)
      return {kExitGateNotMet, fmt::format("{} not applicable, which is {:.1f} %; the profile allows {:.0f} %",
                                           counted(s.not_applicable, "scenario is", "scenarios are"), share,
                                           *policy.maximum_not_applicable_percent)};
  }
  const auto wire_warnings =
      std::count_if(record.wire_findings.begin(), record.wire_findings.end(),
                    [](const WireFinding& f) { return !f.is_waived && f.outcome == Outcome::warned; });
  if (policy.fail_on != FailOn::fail && (s.warn > 0 || wire_warnings > 0))
    return {kExitGateNotMet, counted(s.warn + static_cast<int>(wire_warnings), "warning", "warnings")};
  if (policy.fail_on == FailOn::inconclusive && s.inconclusive > 0)
    return {kExitGateNotMet, counted(s.inconclusive, "scenario is", "scenarios are") + " inconclusive"};
  return {kExitGateMet, "the gate is met"};
}

}  // namespace smtpspec::verdict
