#include "harness/runner/log_budget.h"

#include <algorithm>
#include <vector>

namespace smtpspec::runner {
namespace {

std::size_t octets_in(const verdict::WireLog& log) {
  std::size_t octets = 0;
  for (const auto& entry : log) octets += entry.octets.size();
  return octets;
}

// The most an entry may hold so that all of them hold `allowed`: short ones whole, the rest alike.
std::size_t limit_of_entry(const verdict::WireLog& log, std::size_t allowed) {
  std::vector<std::size_t> sizes;
  for (const auto& entry : log) sizes.push_back(entry.octets.size());
  std::sort(sizes.begin(), sizes.end());
  std::size_t left = allowed;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::size_t share = left / (sizes.size() - i);
    if (sizes[i] > share) return share;
    left -= sizes[i];
  }
  return allowed;
}

}  // namespace

void LogBudget::keep_within(verdict::WireLog& log) {
  const std::size_t octets = octets_in(log);
  if (octets <= share_) return;
  const std::size_t granted = std::min(common_, octets - share_);
  common_ -= granted;
  if (share_ + granted >= octets) return;
  const std::size_t limit = limit_of_entry(log, share_ + granted);
  for (auto& entry : log) verdict::shorten(entry, limit);
}

}  // namespace smtpspec::runner
