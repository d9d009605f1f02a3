#include "harness/verdict/comparison.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::verdict {
namespace {

constexpr std::string_view kAbsent = "absent";

struct Side {
  std::string word{kAbsent};
  std::string title;
  std::string reason;
};

bool is_fail(std::string_view word) { return word == "fail" || word == "crash" || word == "violated"; }
bool is_good(std::string_view word) { return word == "pass" || word == "warn" || word == "passed" || word == "warned"; }
bool is_warn(std::string_view word) { return word == "warn" || word == "warned"; }
bool is_left_out(std::string_view word) { return word == "not_applicable" || word == "skipped"; }
bool is_judged(std::string_view word) { return is_fail(word) || is_good(word) || word == "waived"; }
bool is_open(std::string_view word) { return word == "inconclusive" || word == "error"; }

// Everything that a run says of the server, by id, and the ids in the order of the run.
struct Sides {
  std::map<std::string, Side> by_id;
  std::vector<std::string> order;

  explicit Sides(const RunRecord& record) {
    for (const auto& scenario : record.scenarios)
      add(scenario.id, {scenario.is_waived ? "waived" : std::string(to_string(scenario.verdict)), scenario.title,
                        scenario.is_waived ? scenario.waiver_reason : scenario.reason});
    for (const auto& finding : record.wire_findings)
      add(finding.id,
          {finding.is_waived ? "waived" : std::string(to_string(finding.outcome)), finding.summary, finding.example});
    for (const auto& crash : record.crashes)
      add("crash in " + crash.scenario, {"crash", "The server died", crash.kind});
  }

  const Side& side(const std::string& id) const {
    static const Side kNothing;
    const auto it = by_id.find(id);
    return it == by_id.end() ? kNothing : it->second;
  }

 private:
  void add(const std::string& id, Side side) {
    if (by_id.try_emplace(id, std::move(side)).second) order.push_back(id);
  }
};

void sort_in(Comparison& comparison, const std::string& id, const Side& before, const Side& after) {
  if (before.word == after.word) return;
  const std::string& title = after.title.empty() ? before.title : after.title;
  VerdictChange change{id, title, before.word, after.word, after.reason};
  // A crash has no counterpart that says "none": its absence is the good news.
  const bool is_gone = before.word == "crash" && after.word == kAbsent;
  auto& list = is_fail(after.word)                                 ? comparison.newly_failing
               : is_gone                                           ? comparison.fixed
               : is_fail(before.word) && is_good(after.word)       ? comparison.fixed
               : is_open(after.word) && before.word != kAbsent     ? comparison.newly_inconclusive
               : is_left_out(after.word) && is_judged(before.word) ? comparison.no_longer_judged
               : is_open(before.word) && is_good(after.word)       ? comparison.judged_again
               : is_warn(after.word)                               ? comparison.newly_warned
                                                                   : comparison.other;
  list.push_back(std::move(change));
}

std::string keyword_of(const std::string& line) { return base::to_upper(line.substr(0, line.find(' '))); }

void compare_lists(Comparison& comparison, const std::string& where, const std::vector<std::string>& before,
                   const std::vector<std::string>& after) {
  std::map<std::string, AdvertisementChange> changes;
  for (const auto& line : before) changes[keyword_of(line)] = {where, line, ""};
  for (const auto& line : after) {
    auto& change = changes[keyword_of(line)];
    change.where = where;
    change.after = line;
  }
  for (auto& [keyword, change] : changes)
    if (change.before != change.after) comparison.advertisements.push_back(std::move(change));
}

void remark_if(Comparison& comparison, std::string_view what, const std::string& before, const std::string& after) {
  if (before != after)
    comparison.remarks.push_back(
        fmt::format("{}: {} before, {} after", what, before.empty() ? "none" : before, after.empty() ? "none" : after));
}

std::string shard_text(const Shard& shard) {
  return shard.total == 1 ? "whole" : fmt::format("shard {}/{}", shard.index, shard.total);
}

}  // namespace

bool Comparison::is_same() const {
  return newly_failing.empty() && fixed.empty() && newly_inconclusive.empty() && no_longer_judged.empty() &&
         judged_again.empty() && newly_warned.empty() && other.empty() && advertisements.empty();
}

Comparison compare(const RunRecord& before, const RunRecord& after) {
  Comparison comparison;
  const Sides first(before);
  const Sides second(after);
  for (const auto& id : second.order) sort_in(comparison, id, first.side(id), second.side(id));
  for (const auto& id : first.order)
    if (!second.by_id.contains(id)) sort_in(comparison, id, first.side(id), second.side(id));
  compare_lists(comparison, "plain", before.target.ehlo_plain, after.target.ehlo_plain);
  compare_lists(comparison, "tls", before.target.ehlo_tls, after.target.ehlo_tls);
  compare_lists(comparison, "auth", before.target.ehlo_auth, after.target.ehlo_auth);
  remark_if(comparison, "suite", before.suite_digest, after.suite_digest);
  remark_if(comparison, "tool", before.tool_version, after.tool_version);
  remark_if(comparison, "server", before.target.address, after.target.address);
  remark_if(comparison, "banner", before.target.banner, after.target.banner);
  remark_if(comparison, "role", before.target.role, after.target.role);
  remark_if(comparison, "profile", before.target.profile_digest, after.target.profile_digest);
  remark_if(comparison, "selected", before.conditions.select, after.conditions.select);
  remark_if(comparison, "excluded", before.conditions.exclude, after.conditions.exclude);
  remark_if(comparison, "part", shard_text(before.conditions.shard), shard_text(after.conditions.shard));
  remark_if(comparison, "interrupted", before.was_interrupted ? "yes" : "no", after.was_interrupted ? "yes" : "no");
  return comparison;
}

}  // namespace smtpspec::verdict
