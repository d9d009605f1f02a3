#include "harness/verdict/merge.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace smtpspec::verdict {
namespace {

using base::make_unexpected;
using base::Result;

// What all shards have in common; empty, or what differs.
std::string difference(const RunRecord& a, const RunRecord& b) {
  const auto& c = a.conditions;
  const auto& d = b.conditions;
  if (a.suite_digest != b.suite_digest) return "suite digests";
  if (a.suite_version != b.suite_version || a.tool_version != b.tool_version) return "versions";
  if (a.target.role != b.target.role) return "roles";
  if (a.target.profile_digest != b.target.profile_digest) return "profiles";
  if (c.select != d.select || c.exclude != d.exclude) return "selections";
  if (c.shard.total != d.shard.total) return "numbers of shards";
  if (!(c.policy == d.policy)) return "gates";
  if (c.waivers != d.waivers) return "waivers";
  if (c.defects != d.defects) return "defects of the built-in server";
  if (a.target.reachability == Reachability::answers && b.target.reachability == Reachability::answers &&
      (a.target.ehlo_plain != b.target.ehlo_plain || a.target.ehlo_tls != b.target.ehlo_tls))
    return "advertised extensions";
  return "";
}

Result<void, std::string> check(const std::vector<RunRecord>& shards) {
  if (shards.empty()) return make_unexpected(std::string("there is nothing to merge"));
  std::set<int> seen;
  for (const auto& record : shards) {
    const Shard& shard = record.conditions.shard;
    if (shard.total < 1 || shard.index < 1 || shard.index > shard.total)
      return make_unexpected(fmt::format("{}/{} is no shard", shard.index, shard.total));
    if (const std::string what = difference(shards.front(), record); !what.empty())
      return make_unexpected(
          fmt::format("the {} of shards {} and {} differ", what, shards.front().conditions.shard.index, shard.index));
    if (!seen.insert(shard.index).second)
      return make_unexpected(fmt::format("shard {}/{} is there twice", shard.index, shard.total));
  }
  const int total = shards.front().conditions.shard.total;
  std::string missing;
  for (int i = 1; i <= total; ++i)
    if (!seen.contains(i)) missing += fmt::format("{}{}/{}", missing.empty() ? "" : ", ", i, total);
  if (!missing.empty()) return make_unexpected("missing: " + missing);
  return {};
}

// Scenario k of the whole is scenario k / total of shard k % total.
Result<std::vector<ScenarioResult>, std::string> interleave(std::vector<RunRecord>& shards) {
  std::size_t count = 0;
  for (const auto& record : shards) count += record.scenarios.size();
  std::vector<ScenarioResult> all;
  std::set<std::string> ids;
  for (std::size_t k = 0; k < count; ++k) {
    auto& from = shards[k % shards.size()].scenarios;
    const std::size_t place = k / shards.size();
    if (place >= from.size())
      return make_unexpected(
          fmt::format("shard {} lacks scenarios: it has {} of {} in all", k % shards.size() + 1, from.size(), count));
    all.push_back(std::move(from[place]));
    if (!ids.insert(all.back().id).second) return make_unexpected("two shards have the scenario " + all.back().id);
  }
  return all;
}

std::vector<RequirementResult> merge_requirements(const std::vector<RunRecord>& shards,
                                                  const std::vector<ScenarioResult>& scenarios) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < scenarios.size(); ++i) places.emplace(scenarios[i].id, i);
  std::map<std::string, RequirementResult> merged;
  for (const auto& record : shards) {
    for (const auto& requirement : record.requirements) {
      const auto [it, is_new] = merged.try_emplace(requirement.id, requirement);
      if (is_new) continue;
      it->second.outcome = graver(it->second.outcome, requirement.outcome);
      it->second.scenarios.insert(it->second.scenarios.end(), requirement.scenarios.begin(),
                                  requirement.scenarios.end());
    }
  }
  std::vector<RequirementResult> list;
  for (auto& [id, requirement] : merged) {
    auto& ids = requirement.scenarios;
    std::sort(ids.begin(), ids.end(), [&](const auto& a, const auto& b) { return places[a] < places[b]; });
    list.push_back(std::move(requirement));
  }
  return list;
}

std::vector<WireFinding> merge_findings(const std::vector<RunRecord>& shards) {
  std::vector<WireFinding> merged;
  for (const auto& record : shards) {
    for (const auto& finding : record.wire_findings) {
      const auto it = std::find_if(merged.begin(), merged.end(), [&](const auto& f) { return f.id == finding.id; });
      if (it == merged.end()) {
        merged.push_back(finding);
        continue;
      }
      const bool is_first_seen = it->findings == 0 && finding.findings > 0;
      const std::uint64_t replies = it->replies + finding.replies;
      const std::uint64_t findings = it->findings + finding.findings;
      if (is_first_seen) *it = finding;
      it->replies = replies;
      it->findings = findings;
    }
  }
  return merged;
}

}  // namespace

Result<RunRecord, std::string> merge(std::vector<RunRecord> shards) {
  if (auto checked = check(shards); !checked) return make_unexpected(checked.error());
  std::sort(shards.begin(), shards.end(),
            [](const auto& a, const auto& b) { return a.conditions.shard.index < b.conditions.shard.index; });
  auto scenarios = interleave(shards);
  if (!scenarios) return make_unexpected(scenarios.error());
  RunRecord whole = shards.front();
  whole.conditions.shard = {};
  whole.scenarios = *std::move(scenarios);
  whole.requirements = merge_requirements(shards, whole.scenarios);
  whole.wire_findings = merge_findings(shards);
  whole.crashes.clear();
  base::WallTime end = whole.started;
  for (const auto& record : shards) {
    whole.crashes.insert(whole.crashes.end(), record.crashes.begin(), record.crashes.end());
    whole.was_interrupted = whole.was_interrupted || record.was_interrupted;
    if (whole.given_up.empty()) whole.given_up = record.given_up;
    whole.started = std::min(whole.started, record.started);
    end = std::max<base::WallTime>(end, record.started + record.duration);
    if (whole.target.reachability == Reachability::answers && record.target.reachability != Reachability::answers) {
      whole.target.reachability = record.target.reachability;
      whole.target.reachability_reason = record.target.reachability_reason;
    }
  }
  whole.duration = std::chrono::duration_cast<base::Microseconds>(end - whole.started);
  for (auto& scenario : whole.scenarios) {
    scenario.is_waived = false;
    scenario.waiver_reason.clear();
  }
  for (auto& finding : whole.wire_findings) {
    finding.is_waived = false;
    finding.waiver_reason.clear();
  }
  whole.summary = summarize(whole);
  return whole;
}

}  // namespace smtpspec::verdict
