// Plays inputs against a live server, one session at a time, and tells what was said.
//
// Barrier: a session is over, and judged, only when the next connection is open and has been greeted; that connection
// is then the next session's. A server that has died, or is about to, shows it there, and not one session too late.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "fuzz/mutator/input.h"
#include "fuzz/oracles/judge.h"
#include "harness/target/target.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::fuzz {

enum class Mode {
  blast,      // all that can be sent is sent at once: only a handshake is waited for
  grouped,    // as RFC 2920 §3.1 has it, where PIPELINING is offered; else as lock_step
  lock_step,  // each command waits for its reply; a message is sent only behind 354
};
std::string_view to_string(Mode mode);

struct PlayerOptions {
  bool is_lmtp = false;
  bool is_implicit_tls = false;
  std::chrono::milliseconds start_time{10'000};  // until the server is ready
  std::chrono::milliseconds greeting_time{20'000};
  std::chrono::milliseconds reply_time{5'000};  // silence that is a hang
};

inline constexpr std::chrono::milliseconds kLongestSession{60'000};

class Player {
 public:
  Player(transport::EventLoop& loop, target::Target& target, PlayerOptions options);
  ~Player();

  // Starts the server, or starts it anew; the next connection is open when it returns. The error says why not.
  base::Result<void, std::string> start();
  base::Result<void, std::string> restart();
  bool can_restart() const;
  // Ends what was started.
  void stop();

  // What is left of the input after `longest` is not said: many servers answer every error of a client that makes many
  // a second late.
  Talk play(const Input& input, Mode mode, std::chrono::milliseconds longest = kLongestSession);
  // Between sessions, where silence has shown already that it costs time.
  void set_reply_time(std::chrono::milliseconds time);

  std::uint64_t sessions() const;
  // Of the server that runs now; 0: not known.
  std::uint64_t resident_octets() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::fuzz
