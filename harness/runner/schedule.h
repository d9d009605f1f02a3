// Which scenario is tried next and how many at a time. Pure: the runner tells what happened and asks what to do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "harness/base/clock.h"

namespace smtpspec::runner {

// A server that limits the connections of one client answers 421 or refuses the connection; the limit is found by
// halving and then kept (RFC 5321 §4.5.4.2 allows servers to limit concurrency).
class Schedule {
 public:
  Schedule(std::size_t items, int jobs);

  // Items go out in this order.
  void reorder(const std::vector<std::size_t>& order);

  // The next item to start, if one may start now.
  std::optional<std::size_t> next(base::SteadyTime now);
  // When to ask again though nothing has ended: the earliest item that waits.
  std::optional<base::SteadyTime> wake_up() const;

  void ended();
  // Try it again, not before `when`; in front of what has not been tried.
  void again(std::size_t item, base::SteadyTime when);
  // The server turned this item's connection away: fewer at a time from now on.
  void turned_away(std::size_t item, base::SteadyTime when);

  // Half as many at a time from now on, one at least.
  void lower_limit() { limit_ = std::max(1, limit_ / 2); }

  // So many at a time from now on where that is fewer, one at least.
  void limit_to(int count) { limit_ = std::clamp(count, 1, limit_); }

  // One item goes out on its own, outside the queue; until it has ended nothing else does.
  void start_alone();
  bool is_alone() const { return is_alone_; }

  bool is_idle() const { return running_ == 0; }
  bool is_done() const { return running_ == 0 && queue_.empty() && waiting_.empty(); }
  void drop_queued();
  int limit() const { return limit_; }

 private:
  struct Waiting {
    std::size_t item = 0;
    base::SteadyTime when;
  };
  std::deque<std::size_t> queue_;
  std::vector<Waiting> waiting_;
  int running_ = 0;
  int limit_ = 1;
  bool is_alone_ = false;
};

}  // namespace smtpspec::runner
