#include "fuzz/mutator/shrink.h"

#include <algorithm>
#include <utility>

namespace smtpspec::fuzz {

namespace {

class Shrinker {
 public:
  Shrinker(Input input, const Shows& shows, std::size_t most_asks)
      : input_(std::move(input)), shows_(shows), asks_left_(most_asks) {}

  Input run(Shrinking what) {
    while (what != Shrinking::octets && drop_steps() && asks_left_ > 0) continue;
    if (what == Shrinking::steps) return std::move(input_);
    for (std::size_t i = 0; i < input_.steps.size() && asks_left_ > 0; ++i) shorten(i);
    drop_steps();
    return std::move(input_);
  }

 private:
  bool takes(Input smaller) {
    if (asks_left_ == 0) return false;
    --asks_left_;
    if (!shows_(smaller)) return false;
    input_ = std::move(smaller);
    return true;
  }

  // Runs of steps, half of them first. True: something went.
  bool drop_steps() {
    bool has_changed = false;
    for (std::size_t run = std::max<std::size_t>(input_.steps.size() / 2, 1); run > 0; run /= 2) {
      for (std::size_t from = 0; from + run <= input_.steps.size() && asks_left_ > 0;) {
        Input smaller = input_;
        const auto begin = smaller.steps.begin() + static_cast<std::ptrdiff_t>(from);
        smaller.steps.erase(begin, begin + static_cast<std::ptrdiff_t>(run));
        if (takes(std::move(smaller))) has_changed = true;
        else from += run;
      }
    }
    return has_changed;
  }

  // Runs of octets, half of them first; nearly sorted by what a person would cut: from the end.
  void shorten(std::size_t step) {
    for (std::size_t run = input_.steps[step].octets.size(); run > 0; run /= 2) {
      std::size_t end = input_.steps[step].octets.size();
      while (end >= run && asks_left_ > 0) {
        Input smaller = input_;
        smaller.steps[step].octets.erase(end - run, run);
        takes(std::move(smaller));
        end -= run;
        end = std::min(end, input_.steps[step].octets.size());
      }
    }
  }

  Input input_;
  const Shows& shows_;
  std::size_t asks_left_;
};

}  // namespace

Input shrink(Input input, const Shows& shows, std::size_t most_asks, Shrinking what) {
  return Shrinker(std::move(input), shows, most_asks).run(what);
}

}  // namespace smtpspec::fuzz
