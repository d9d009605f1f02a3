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
    messages += result == server::DeliveryResult::accepted;
    for (const auto& delivery : deliveries) recipients += delivery.envelope.recipients.size();
    octets += content.size();
    return result;
  }
  // Quick, and no secret: a login by challenge is a line of text like any other.
  const base::KeyedDigests* digests() override;

  server::DeliveryResult result = server::DeliveryResult::accepted;
  std::size_t messages = 0;  // accepted
  std::size_t recipients = 0;
  std::size_t octets = 0;

 private:
  int ids_ = 0;
};

// A default server with a user and small limits, so that they are reached.
server::Config fuzzed_server();

// What ends a session that is open when all has been said.
enum class LastEvent { client_leaves, time_passes, server_stops };

struct PlayOptions {
  bool is_lmtp = false;
  bool is_tls = false;  // from the first octet
  LastEvent last = LastEvent::client_leaves;
};

// What the connections were told.
struct Told {
  enum class Kind { opened, octets, half_closed };
  struct Event {
    Kind kind = Kind::octets;
    std::size_t connection = 0;
    std::size_t octets = 0;  // how many
  };
  std::vector<Event> events;
  std::string octets;  // of all events, in their order
};

struct Played {
  Talk talk;                         // of the replies those alone that deviate, for no oracle asks for others
  std::vector<std::string> octets;   // all that the server said, by connection
  std::size_t messages_granted = 0;  // replies 250, at most so many
  Told told;
};

Played play(const Input& input, const server::Config& config, StillEnvironment& environment, PlayOptions options = {});

// The same once more to new sessions, in pieces: what they say, by connection. Nobody judges it, so that it is quick.
std::vector<std::string> play_in_pieces(const Told& told, const server::Config& config, StillEnvironment& environment,
                                        PlayOptions options = {});

}  // namespace smtpspec::fuzz
