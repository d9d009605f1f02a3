// Plays an input against a session of the reference server in this process: no socket, no clock, the same every time.
#pragma once

#include <string>
#include <vector>

#include "fuzz/mutator/input.h"
#include "fuzz/oracles/judge.h"
#include "harness/server/config.h"
#include "harness/server/environment.h"

namespace smtpspec::fuzz {

// A world in which nothing happens but deliveries, which are counted.
class StillEnvironment final : public server::Environment {
 public:
  server::LocalTime now() override { return {base::WallTime(std::chrono::seconds(1'800'000'000)), {}}; }
  std::string unique_id() override { return "id" + std::to_string(++ids_); }
  server::DeliveryResult deliver(const std::vector<server::Delivery>& deliveries, std::string_view content) override {
    ++messages;
    for (const auto& delivery : deliveries) recipients += delivery.envelope.recipients.size();
    octets += content.size();
    return server::DeliveryResult::accepted;
  }
  std::size_t messages = 0;
  std::size_t recipients = 0;
  std::size_t octets = 0;

 private:
  int ids_ = 0;
};

// A default server with a user and small limits, so that they are reached.
server::Config fuzzed_server();

struct PlayOptions {
  bool splits_input = false;  // feed it in pieces
  bool is_lmtp = false;
};

struct Played {
  Talk talk;
  std::vector<std::string> octets;  // all that the server said, by connection
};

Played play(const Input& input, const server::Config& config, StillEnvironment& environment, PlayOptions options = {});

}  // namespace smtpspec::fuzz
