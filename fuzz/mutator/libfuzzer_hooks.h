// What libFuzzer's custom mutator and crossover are made of, for the programs that are linked with the engine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "fuzz/mutator/mutate.h"

// The engine's own mutation of octets.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace smtpspec::fuzz {

inline std::string_view view_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline std::size_t give_child(const std::string& child, std::uint8_t* data, std::size_t max_size) {
  const std::size_t size = std::min(child.size(), max_size);
  std::memcpy(data, child.data(), size);
  return size;
}

inline void mutate_octets(std::string& octets, std::size_t max_octets, std::uint64_t) {
  const std::size_t size = octets.size();
  octets.resize(std::max(max_octets, size));
  octets.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(octets.data()), size, octets.size()));
}

// LLVMFuzzerCustomMutator.
inline std::size_t custom_mutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed,
                                  const Vocabulary& words) {
  return give_child(mutate_text(view_of(data, size), max_size, seed, words, mutate_octets), data, max_size);
}

// LLVMFuzzerCustomCrossOver.
inline std::size_t custom_cross_over(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* other,
                                     std::size_t other_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  return give_child(cross_text(view_of(one, one_size), view_of(other, other_size), max_size, seed), out, max_size);
}

}  // namespace smtpspec::fuzz
