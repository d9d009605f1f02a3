#include "harness/runner/schedule.h"

#include <algorithm>

namespace smtpspec::runner {

Schedule::Schedule(std::size_t items, int jobs) : limit_(std::max(1, jobs)) {
  for (std::size_t i = 0; i < items; ++i) queue_.push_back(i);
}

void Schedule::reorder(const std::vector<std::size_t>& order) { queue_.assign(order.begin(), order.end()); }

std::optional<std::size_t> Schedule::next(base::SteadyTime now) {
  if (running_ >= limit_) return std::nullopt;
  const auto due = std::min_element(waiting_.begin(), waiting_.end(),
                                    [](const Waiting& a, const Waiting& b) { return a.when < b.when; });
  if (due != waiting_.end() && due->when <= now) {
    const std::size_t item = due->item;
    waiting_.erase(due);
    ++running_;
    return item;
  }
  if (queue_.empty()) return std::nullopt;
  const std::size_t item = queue_.front();
  queue_.pop_front();
  ++running_;
  return item;
}

std::optional<base::SteadyTime> Schedule::wake_up() const {
  if (running_ >= limit_ || waiting_.empty()) return std::nullopt;
  return std::min_element(waiting_.begin(), waiting_.end(),
                          [](const Waiting& a, const Waiting& b) { return a.when < b.when; })
      ->when;
}

void Schedule::start_alone() {
  ++running_;
  is_alone_ = true;
}

void Schedule::ended() {
  --running_;
  is_alone_ = false;
}

void Schedule::again(std::size_t item, base::SteadyTime when) {
  ended();
  waiting_.push_back({item, when});
}

void Schedule::turned_away(std::size_t item, base::SteadyTime when) {
  limit_ = std::max(1, std::min(limit_, running_ - 1));
  again(item, when);
}

void Schedule::drop_queued() {
  queue_.clear();
  waiting_.clear();
}

}  // namespace smtpspec::runner
