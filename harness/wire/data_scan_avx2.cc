// The kernel for x86-64 with AVX2, chosen at run time: the build needs no -march flag.
#if defined(__x86_64__)

#include <immintrin.h>

#include "harness/wire/data_scan_kernel.h"

namespace smtpspec::wire::data_scan {
namespace {

[[gnu::target("avx2,bmi,bmi2,popcnt")]] inline std::uint64_t bits_of(__m256i low, __m256i high) {
  const auto low_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  const auto high_bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return std::uint64_t{high_bits} << 32 | low_bits;
}

}  // namespace

bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("popcnt");
}

[[gnu::target("avx2,bmi,bmi2,popcnt")]] std::size_t add_blocks_avx2(State& state, const char* data, std::size_t size) {
  const __m256i cr = _mm256_set1_epi8('\r');
  const __m256i lf = _mm256_set1_epi8('\n');
  const __m256i dot = _mm256_set1_epi8('.');
  __m256i any = _mm256_setzero_si256();
  __m256i least = _mm256_set1_epi8(-1);
  const std::size_t whole = size - size % kBlockOctets;
  State local = state;
  for (std::size_t at = 0; at < whole; at += kBlockOctets) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + at + 32));
    any = _mm256_or_si256(any, _mm256_or_si256(a, b));
    least = _mm256_min_epu8(least, _mm256_min_epu8(a, b));
    const BlockBits bits{bits_of(_mm256_cmpeq_epi8(a, cr), _mm256_cmpeq_epi8(b, cr)),
                         bits_of(_mm256_cmpeq_epi8(a, lf), _mm256_cmpeq_epi8(b, lf)),
                         bits_of(_mm256_cmpeq_epi8(a, dot), _mm256_cmpeq_epi8(b, dot))};
    add_block(local, bits, kBlockOctets);
  }
  local.found.has_eight_bit |= _mm256_movemask_epi8(any) != 0;
  local.found.has_nul |= _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256())) != 0;
  state = local;
  return whole;
}

}  // namespace smtpspec::wire::data_scan

#endif
