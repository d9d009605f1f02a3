// The server under test, however it comes to be: somebody else's, started by us, one process per connection, or
// injected by the caller. The runner knows a Target, not which.
//
// Promise: no member waits; answers come by callback on the loop, never from inside the call. Destroying a target ends
// everything that it started. A target that died is an answer (a CrashReport), a launch that failed is an answer too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/base/clock.h"
#include "harness/transport/connection.h"
#include "harness/transport/endpoint.h"

namespace smtpspec::target {

using base::SteadyTime;

enum class TargetState {
  unstarted,
  alive,    // or not ours to know
  exited,   // by itself, with an exit code
  crashed,  // by a signal, or with a sanitizer's report
  stopped,  // by us
};
std::string_view to_string(TargetState state);

// How a server that we started came to its end, or what its sanitizer had to say while it lives on.
struct CrashReport {
  int signal = 0;  // 0: none
  std::optional<int> exit_code;
  std::string sanitizer_text;  // from the first line of the report on, bounded; "" if there is none
  std::string output_tail;     // the last of stdout and stderr, any octets, bounded
  // "killed by SIGSEGV", "exited with code 1", "AddressSanitizer: heap-use-after-free (exit code 1)"
  std::string summary() const;
};

struct StartResult {
  bool is_ready = false;
  std::string greeting;  // the first line that came, without its end; "" if nothing was asked
  std::string error;     // why it is not ready, one line
  std::string output_tail;
};
using StartCallback = std::function<void(const StartResult&)>;

class Target {
 public:
  virtual ~Target() = default;

  // Makes it ready for connections. Called once, and again after stop().
  virtual void start(SteadyTime deadline, StartCallback callback) = 0;
  // Ends what start() began: politely first, then by force. The callback comes when nothing is left.
  virtual void stop(std::function<void()> callback) = 0;
  // stop(), then start(). Crash reports that nobody took stay.
  virtual void restart(SteadyTime deadline, StartCallback callback);

  // A new connection to it.
  virtual void connect(transport::Connection& connection, SteadyTime deadline, transport::ConnectCallback callback);
  virtual transport::Endpoint endpoint() const = 0;

  virtual TargetState state() const { return TargetState::alive; }
  // The state, after waiting for the end of a process that may be dying right now (its sockets close before its
  // parent hears of it): at most until the deadline, at once when it is not alive or not ours. A sanitizer's report
  // that a child has begun is waited for beyond it, for seconds at most.
  virtual void settle(SteadyTime deadline, std::function<void(TargetState)> callback) = 0;
  // The oldest end or sanitizer report since the last call; none: nothing happened.
  virtual std::optional<CrashReport> take_crash() { return std::nullopt; }
  virtual std::string output_tail() const { return {}; }
  // Memory that all processes it has started hold; 0: not ours to know.
  virtual std::uint64_t resident_octets() const { return 0; }
  virtual bool can_restart() const { return false; }
  // It answers in turns of the loop that its connections are made on: whoever waits for it has to let the loop turn.
  virtual bool is_on_this_loop() const { return false; }
  virtual std::string description() const = 0;  // for people and reports: "127.0.0.1:25", "spawned: exec foo -p 2525"
  // The folder behind {maildir}; "" if the server was told of none: what it delivers is then nowhere to be found.
  virtual std::string maildir() const { return {}; }
};

}  // namespace smtpspec::target
