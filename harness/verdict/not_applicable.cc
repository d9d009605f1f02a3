#include "harness/verdict/not_applicable.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace smtpspec::verdict {

std::vector<NotApplicableGroup> not_applicable_groups(const RunRecord& record) {
  std::map<std::string, int> counts;
  for (const auto& scenario : record.scenarios) {
    if (scenario.verdict != Verdict::not_applicable) continue;
    ++counts[scenario.reason.empty() ? "no reason recorded" : scenario.reason];
  }
  std::vector<NotApplicableGroup> groups;
  groups.reserve(counts.size());
  for (const auto& [reason, scenarios] : counts) groups.push_back({reason, scenarios});
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.scenarios > b.scenarios; });
  return groups;
}

// More than these nobody reads in a line.
constexpr std::size_t kMostTold = 6;

std::string to_string(const std::vector<NotApplicableGroup>& groups) {
  constexpr std::string_view kNotAdvertised = " is not advertised";
  std::string out;
  const std::size_t told = groups.size() <= kMostTold ? groups.size() : kMostTold - 1;
  for (const auto& group : std::span(groups).first(told)) {
    std::string_view reason = group.reason;
    out += fmt::format("{}{} ", out.empty() ? "" : "; ", group.scenarios);
    if (reason.ends_with(kNotAdvertised)) {
      reason.remove_suffix(kNotAdvertised.size());
      out += group.scenarios == 1 ? "needs " : "need ";
    }
    out += reason;
  }
  int others = 0;
  for (const auto& group : std::span(groups).subspan(told)) others += group.scenarios;
  if (others > 0) out += fmt::format("; {} for {} other reasons", others, groups.size() - told);
  return out;
}

double not_applicable_percent(const Summary& s) {
  const int all = s.pass + s.warn + s.fail + s.inconclusive + s.error + s.not_applicable + s.waived;
  return all == 0 ? 0 : 100.0 * s.not_applicable / all;
}

}  // namespace smtpspec::verdict
