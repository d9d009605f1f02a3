#include "harness/wire/data_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "harness/wire/data_scan_kernel.h"

namespace smtpspec::wire {
namespace data_scan {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kLows = 0x7f7f7f7f7f7f7f7f;
constexpr std::uint64_t kHighs = 0x8080808080808080;

// The high bit of each octet of `word` that equals `octet`: exact for every octet, with no carry between them.
std::uint64_t equal_to(std::uint64_t word, std::uint8_t octet) {
  const std::uint64_t differing = word ^ (kOnes * octet);
  return ~(((differing & kLows) + kLows) | differing | kLows);
}

// Eight such high bits as one octet, the first octet's lowest.
std::uint64_t packed(std::uint64_t highs) { return (highs >> 7) * 0x0102040810204080 >> 56; }

std::uint64_t load_little_endian(const char* data) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, data, sizeof word);
  } else {
    for (std::size_t i = sizeof word; i-- > 0;) word = word << 8 | static_cast<std::uint8_t>(data[i]);
  }
  return word;
}

Kernel best_kernel() {
#if defined(__x86_64__)
  if (has_avx2()) return add_blocks_avx2;
#endif
  return add_blocks_portable;
}

}  // namespace

std::size_t add_blocks_portable(State& state, const char* data, std::size_t size) {
  const std::size_t whole = size - size % kBlockOctets;
  std::uint64_t high = 0;
  std::uint64_t nul = 0;
  for (std::size_t at = 0; at < whole; at += kBlockOctets) {
    BlockBits bits;
    for (unsigned i = 0; i < 8; ++i) {
      const std::uint64_t word = load_little_endian(data + at + i * 8);
      high |= word;
      nul |= equal_to(word, 0);
      // Most words of a text have neither line end nor dot.
      const std::uint64_t cr = equal_to(word, '\r');
      const std::uint64_t lf = equal_to(word, '\n');
      const std::uint64_t dot = equal_to(word, '.');
      if ((cr | lf | dot) == 0) continue;
      bits.cr |= packed(cr) << (i * 8);
      bits.lf |= packed(lf) << (i * 8);
      bits.dot |= packed(dot) << (i * 8);
    }
    add_block(state, bits, kBlockOctets);
  }
  state.found.has_eight_bit |= (high & kHighs) != 0;
  state.found.has_nul |= nul != 0;
  return whole;
}

void add(State& state, const char* data, std::size_t size, Kernel kernel) {
  const std::size_t whole = kernel(state, data, size);
  if (whole == size) return;
  BlockBits bits;
  for (std::size_t i = whole; i < size; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << (i - whole);
    if (data[i] == '\r') bits.cr |= bit;
    else if (data[i] == '\n') bits.lf |= bit;
    else if (data[i] == '.') bits.dot |= bit;
    else if (data[i] == '\0') state.found.has_nul = true;
    else if (static_cast<std::uint8_t>(data[i]) >= 0x80) state.found.has_eight_bit = true;
  }
  add_block(state, bits, size - whole);
}

}  // namespace data_scan

void DataScanner::feed(std::string_view piece) {
  static const data_scan::Kernel kernel = data_scan::best_kernel();
  data_scan::add(state_, piece.data(), piece.size(), kernel);
}

DataScan DataScanner::result() const {
  DataScan out = state_.found;
  out.bare_crs += state_.after_cr;
  out.longest_line_octets = std::max(out.longest_line_octets, out.octets - state_.line_begin);
  return out;
}

DataScan scan_data(std::string_view data) {
  DataScanner scanner;
  scanner.feed(data);
  return scanner.result();
}

}  // namespace smtpspec::wire
