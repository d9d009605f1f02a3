// Reading and judging replies: time for each line (the counter `lines`, per second).
#include <benchmark/benchmark.h>

#include <string>

#include "harness/wire/reply.h"

namespace smtpspec::wire {
namespace {

void parse(benchmark::State& state, const std::string& octets) {
  ReplyParser parser;
  std::size_t lines = 0;
  for ([[maybe_unused]] auto _ : state) {
    parser.feed(octets);
    while (auto reply = parser.next()) {
      lines += reply->lines.size();
      benchmark::DoNotOptimize(reply->deviations.size());
    }
  }
  state.counters["lines"] = benchmark::Counter(static_cast<double>(lines), benchmark::Counter::kIsRate);
  state.counters["time/line"] =
      benchmark::Counter(static_cast<double>(lines), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void reply_of_one_line(benchmark::State& state) { parse(state, "250 2.1.0 Sender ok, go on with the recipients\r\n"); }
BENCHMARK(reply_of_one_line);

void reply_of_ten_lines(benchmark::State& state) {
  std::string octets = "250-mx.example.org Hello client.example [127.0.0.1]\r\n";
  for (int i = 0; i < 8; ++i) octets += "250-XEXTENSION" + std::string(1, static_cast<char>('A' + i)) + " 1000\r\n";
  parse(state, octets + "250 HELP\r\n");
}
BENCHMARK(reply_of_ten_lines);

void hundred_pipelined_replies(benchmark::State& state) {
  std::string octets;
  for (int i = 0; i < 100; ++i) octets += "250 2.1.5 Recipient ok, number " + std::to_string(i) + "\r\n";
  parse(state, octets);
}
BENCHMARK(hundred_pipelined_replies);

}  // namespace
}  // namespace smtpspec::wire
