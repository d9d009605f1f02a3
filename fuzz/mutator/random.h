// The only source of choice in the fuzzer: the same seed gives the same choices, on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace smtpspec::fuzz {

// SplitMix64: one word of state, no bad seeds.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
  }
  // 0 to n - 1; n is at least 1. The bias of the remainder is far below what a fuzzer can notice.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  // An element of a container that is not empty.
  template <class Container>
  const auto& pick(const Container& container) {
    return *std::next(std::begin(container), static_cast<std::ptrdiff_t>(below(std::size(container))));
  }

 private:
  std::uint64_t state_;
};

}  // namespace smtpspec::fuzz
