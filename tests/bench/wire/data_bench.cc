// Validation and transparency of mail data against the limit (memchr for an octet that is not there) and against a loop
// over octets. The buffer is larger than the last level of cache.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "harness/wire/data_scan.h"
#include "harness/wire/data_scan_kernel.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::wire {
namespace {

constexpr std::size_t kBufferOctets = 256 * 1024 * 1024;

// Lines of 62 to 78 octets, one in 64 beginning with a dot.
const std::string& message() {
  static const std::string text = [] {
    std::string out;
    out.reserve(kBufferOctets + 100);
    for (std::size_t line = 0; out.size() < kBufferOctets; ++line) {
      if (line % 64 == 0) out += '.';
      out.append(60 + line % 17, static_cast<char>('a' + line % 26));
      out += "\r\n";
    }
    return out;
  }();
  return text;
}

const std::string& wire_form() {
  static const std::string text = stuff(message()) + ".\r\n";
  return text;
}

void set_octets(benchmark::State& state, std::size_t octets) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(octets));
}

void memchr_limit(benchmark::State& state) {
  const std::string& text = message();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(std::memchr(text.data(), '\x01', text.size()));
  set_octets(state, text.size());
}
BENCHMARK(memchr_limit)->Unit(benchmark::kMillisecond);

void scan(benchmark::State& state) {
  const std::string& text = message();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(scan_data(text));
  set_octets(state, text.size());
}
BENCHMARK(scan)->Unit(benchmark::kMillisecond);

void scan_portable(benchmark::State& state) {
  const std::string& text = message();
  for ([[maybe_unused]] auto _ : state) {
    data_scan::State scanned;
    data_scan::add(scanned, text.data(), text.size(), data_scan::add_blocks_portable);
    benchmark::DoNotOptimize(scanned);
  }
  set_octets(state, text.size());
}
BENCHMARK(scan_portable)->Unit(benchmark::kMillisecond);

// What one would write first: everything that DataScan holds, octet by octet.
void scan_naive(benchmark::State& state) {
  const std::string& text = message();
  for ([[maybe_unused]] auto _ : state) {
    DataScan out;
    std::uint64_t line = 0;
    char last = '\n';
    bool is_line_start = true;
    for (const char c : text) {
      ++out.octets;
      ++line;
      if (is_line_start && c == '.') ++out.dot_lines;
      is_line_start = false;
      if (last == '\r' && c != '\n') ++out.bare_crs;
      if (c == '\n') {
        if (last == '\r') {
          ++out.lines;
          if (line > out.longest_line_octets) out.longest_line_octets = line;
          line = 0;
          is_line_start = true;
        } else {
          ++out.bare_lfs;
        }
      }
      if (c == '\0') out.has_nul = true;
      if (static_cast<unsigned char>(c) >= 0x80) out.has_eight_bit = true;
      last = c;
    }
    benchmark::DoNotOptimize(out);
  }
  set_octets(state, text.size());
}
BENCHMARK(scan_naive)->Unit(benchmark::kMillisecond);

void copy_limit(benchmark::State& state) {
  const std::string& text = message();
  std::string out = text;  // its pages are touched before the clock runs
  for ([[maybe_unused]] auto _ : state) {
    out.assign(text);
    benchmark::DoNotOptimize(out.data());
  }
  set_octets(state, text.size());
}
BENCHMARK(copy_limit)->Unit(benchmark::kMillisecond);

void stuffing(benchmark::State& state) {
  const std::string& text = message();
  std::string out = text;
  out += text.substr(0, text.size() / 16);
  for ([[maybe_unused]] auto _ : state) {
    out.clear();
    append_stuffed(out, text);
    benchmark::DoNotOptimize(out.data());
  }
  set_octets(state, text.size());
}
BENCHMARK(stuffing)->Unit(benchmark::kMillisecond);

void decoding(benchmark::State& state) {
  const std::string& text = wire_form();
  std::string out = text;  // its pages are touched before the clock runs
  for ([[maybe_unused]] auto _ : state) {
    out.clear();
    DataDecoder decoder;
    for (std::size_t at = 0; at < text.size(); at += 64 * 1024)
      decoder.feed(std::string_view(text).substr(at, 64 * 1024), out);
    benchmark::DoNotOptimize(decoder.is_complete());
  }
  set_octets(state, text.size());
}
BENCHMARK(decoding)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace smtpspec::wire
