// The arithmetic of scan_data() on blocks of 64 octets, one bit an octet, shared by the kernels that find those bits.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "harness/wire/data_scan.h"

namespace smtpspec::wire::data_scan {

inline constexpr std::size_t kBlockOctets = 64;

// Bit i is for octet i of the block.
struct BlockBits {
  std::uint64_t cr = 0;
  std::uint64_t lf = 0;
  std::uint64_t dot = 0;
};

// Adds a block of `size` octets, 1 to 64; bits from `size` on are 0. Always inlined, so that each kernel compiles it
// for its own instruction set.
[[gnu::always_inline]] inline void add_block(State& state, const BlockBits& bits, std::size_t size) {
  const std::uint64_t after_cr = bits.cr << 1 | state.after_cr;
  const std::uint64_t line_ends = bits.lf & after_cr;
  const std::uint64_t within = size == kBlockOctets ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1;
  if ((bits.lf ^ after_cr) & within) [[unlikely]] {
    state.found.bare_lfs += static_cast<std::uint64_t>(std::popcount(bits.lf & ~after_cr));
    state.found.bare_crs += static_cast<std::uint64_t>(std::popcount(after_cr & ~bits.lf & within));
  }
  const std::uint64_t line_starts = line_ends << 1 | state.line_start;
  state.found.dot_lines += static_cast<std::uint64_t>(std::popcount(bits.dot & line_starts));
  state.after_cr = bits.cr >> (size - 1);
  state.line_start = line_ends >> (size - 1);
  if (line_ends != 0) {
    state.found.lines += static_cast<std::uint64_t>(std::popcount(line_ends));
    const std::uint64_t base = state.found.octets + 1;
    std::uint64_t longest = state.found.longest_line_octets;
    const std::uint64_t first = base + static_cast<std::uint64_t>(std::countr_zero(line_ends));
    if (first - state.line_begin > longest) longest = first - state.line_begin;
    state.line_begin = first;
    // A line that begins and ends within the block is at most 62 octets long: mostly of no interest.
    std::uint64_t rest = line_ends & (line_ends - 1);
    if (rest != 0 && longest >= kBlockOctets) {
      state.line_begin = base + 63 - static_cast<std::uint64_t>(std::countl_zero(rest));
      rest = 0;
    }
    for (; rest != 0; rest &= rest - 1) {
      const std::uint64_t end = base + static_cast<std::uint64_t>(std::countr_zero(rest));
      if (end - state.line_begin > longest) longest = end - state.line_begin;
      state.line_begin = end;
    }
    state.found.longest_line_octets = longest;
  }
  state.found.octets += size;
}

// Adds whole blocks and gives how many octets that were. All kernels give the same answers.
using Kernel = std::size_t (*)(State& state, const char* data, std::size_t size);
std::size_t add_blocks_portable(State& state, const char* data, std::size_t size);
#if defined(__x86_64__)
bool has_avx2();
std::size_t add_blocks_avx2(State& state, const char* data, std::size_t size);
#endif
// Any size; the last block may be short.
void add(State& state, const char* data, std::size_t size, Kernel kernel);

}  // namespace smtpspec::wire::data_scan
