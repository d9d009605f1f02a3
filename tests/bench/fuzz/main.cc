// bench_fuzz campaign|raw --target 127.0.0.1:PORT RECORD: a campaign as `smtpspec fuzz` plays it, with engine, barrier
// and judgement, that keeps what it has said; and the same sessions once more on bare sockets.
// bench_fuzz session CORPUS: the in-process target fuzz_server_session over a corpus and children of it, without engine
// and sanitizers. All print KEY=VALUE words.
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/engine.h"
#include "fuzz/mutator/input.h"
#include "fuzz/mutator/mutate.h"
#include "fuzz/targets/target.h"
#include "harness/target/remote_target.h"
#include "tests/bench/fuzz/raw_sessions.h"

namespace {

using namespace smtpspec;

struct Options {
  std::string target;
  std::string record;
  std::uint64_t sessions = 5000;
  std::uint64_t seed = 1;
  int concurrency = 1;
  std::string mode = "blast";
  std::vector<std::string> seeds;
  std::string corpus;
};

int fail(const std::string& message) {
  std::cerr << "bench_fuzz: " << message << '\n';
  return 1;
}

// Inputs, each behind its size.
void write_record(const std::string& path, const std::vector<std::string>& inputs) {
  std::ofstream file(path, std::ios::binary);
  for (const std::string& input : inputs) file << input.size() << '\n' << input;
}

std::vector<std::string> read_record(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> inputs;
  std::size_t size = 0;
  while (file >> size) {
    file.get();
    file.read(inputs.emplace_back(size, '\0').data(), static_cast<std::streamsize>(size));
  }
  return inputs;
}

int run_campaign(const Options& options, const transport::Endpoint& endpoint) {
  if (!fuzz::has_engine()) return fail("built without libFuzzer's archive");
  transport::EventLoop loop;
  target::RemoteTarget server(loop, endpoint);
  fuzz::Player player(loop, server, {});
  if (const auto started = player.start(); !started) return fail(started.error());
  fuzz::CampaignOptions campaign_options;
  for (const fuzz::Mode mode : {fuzz::Mode::blast, fuzz::Mode::grouped, fuzz::Mode::lock_step})
    if (options.mode == to_string(mode)) campaign_options.mode = mode;
  campaign_options.max_sessions = options.sessions;
  campaign_options.duration = std::chrono::milliseconds(0);
  std::size_t findings = 0;
  fuzz::Campaign campaign(loop, player, campaign_options, [&](const fuzz::Found&) { ++findings; });
  std::vector<std::string> inputs;
  fuzz::EngineOptions engine;
  engine.seed = options.seed;
  engine.seeds = options.seeds;
  engine.corpus = options.corpus;
  fuzz::run_engine(engine, [&](std::string_view input) {
    inputs.emplace_back(input);
    if (campaign.run(input, fuzz::count_feature)) return;
    const fuzz::Status status = campaign.status();
    const double seconds = static_cast<double>(status.elapsed.count()) / 1000;
    player.stop();
    write_record(options.record, inputs);
    std::cout << fmt::format("sessions={} replies={} findings={} seconds={:.3f} sessions_per_second={:.0f}\n",
                             status.sessions, status.replies, findings, seconds,
                             static_cast<double>(status.sessions) / seconds);
    fuzz::leave(0);
  });
}

int run_session(const std::string& corpus) {
  std::vector<std::string> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream octets;
    octets << file.rdbuf();
    inputs.push_back(octets.str());
  }
  if (inputs.empty()) return fail("nothing in " + corpus);
  constexpr std::size_t kInputs = 4000;
  constexpr std::size_t kMaxOctets = 4096;
  constexpr std::size_t kExecutions = 40'000;
  const std::size_t seeds = inputs.size();
  std::size_t octets = 0;
  while (inputs.size() < kInputs)
    inputs.push_back(fuzz::mutate_text(inputs[inputs.size() % seeds], kMaxOctets, inputs.size(), {}));
  for (const std::string& input : inputs) octets += input.size();
  const std::clock_t began = std::clock();
  for (std::size_t i = 0; i < kExecutions; ++i) fuzz::fuzz_server_session(inputs[i % inputs.size()]);
  const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  std::cout << fmt::format("executions={} mean_octets={} cpu_seconds={:.3f} executions_per_cpu_second={:.0f}\n",
                           kExecutions, octets / inputs.size(), seconds, static_cast<double>(kExecutions) / seconds);
  return 0;
}

int run_raw(const Options& options, const transport::Endpoint& endpoint) {
  std::vector<std::string> sessions;
  const auto inputs = read_record(options.record);
  for (const std::string& text : inputs) {
    std::string octets[2];
    bool is_used[2] = {true, false};
    std::size_t current = 0;
    for (const fuzz::Step& step : fuzz::decode(text).steps) {
      if (step.kind == fuzz::StepKind::connection) current = step.number == 2 ? 1 : 0;
      is_used[current] = true;
      octets[current] += wire_form(step);
    }
    for (std::size_t i = 0; i < 2; ++i)
      if (is_used[i]) sessions.push_back(octets[i] + "QUIT\r\n");
  }
  if (sessions.empty()) return fail("nothing to say in " + options.record);
  const auto result = bench::run_raw_sessions(endpoint.port, sessions, options.concurrency);
  std::cout << fmt::format("sessions={} connections={} octets={} seconds={:.3f} sessions_per_second={:.0f}\n",
                           inputs.size(), result.sessions, result.octets, result.seconds,
                           static_cast<double>(inputs.size()) / result.seconds);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"The client side of ci/bench.sh fuzz"};
  program.require_subcommand(1);
  Options options;
  auto* campaign = program.add_subcommand("campaign", "Sessions as smtpspec fuzz plays them");
  auto* raw = program.add_subcommand("raw", "The sessions of a campaign on bare sockets");
  for (auto* command : {campaign, raw}) {
    command->add_option("--target", options.target, "127.0.0.1:PORT")->required();
    command->add_option("RECORD", options.record, "What the campaign has said")->required();
  }
  campaign->add_option("--sessions", options.sessions, "How many")->capture_default_str();
  campaign->add_option("--seed", options.seed, "Of the engine")->capture_default_str();
  campaign->add_option("--mode", options.mode, "blast, grouped, lock-step or mixed")->capture_default_str();
  campaign->add_option("--seeds", options.seeds, "Folder of inputs to begin with, repeatable");
  campaign->add_option("--corpus", options.corpus, "Folder that takes what is new")->required();
  raw->add_option("--concurrency", options.concurrency, "Sessions at a time")->capture_default_str();
  std::string corpus;
  auto* session = program.add_subcommand("session", "The reference server's session in this process");
  session->add_option("CORPUS", corpus, "Folder of inputs")->required();
  CLI11_PARSE(program, argc, argv);
  if (*session) return run_session(corpus);
  const auto endpoint = transport::parse_endpoint(options.target);
  if (!endpoint) return fail(endpoint.error());
  return *campaign ? run_campaign(options, *endpoint) : run_raw(options, *endpoint);
}
