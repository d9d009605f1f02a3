// The one thread on which everything that waits takes turns. Callbacks run one after another inside run(), never from
// inside the call that asked for them, so a caller may finish its own sentence first.
//
// Promise: all members but post() and stop() are for the loop's thread only (or before run()). Objects made on a loop
// must be destroyed before it. Building the first loop makes the process ignore SIGPIPE: a closed peer is an answer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "harness/base/clock.h"

namespace smtpspec::transport {

using base::SteadyTime;

// A call in the future. Destroying or cancelling it means that it never happens.
class Timer {
 public:
  class Implementation;
  Timer() = default;
  explicit Timer(std::shared_ptr<Implementation> implementation);
  Timer(Timer&&) noexcept = default;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer();
  void cancel();
  bool is_pending() const;

 private:
  std::shared_ptr<Implementation> implementation_;
};

// As long as it lives, the signals it was made for call its function instead of ending the process.
class SignalWatch {
 public:
  class Implementation;
  SignalWatch() = default;
  explicit SignalWatch(std::shared_ptr<Implementation> implementation);
  SignalWatch(SignalWatch&&) noexcept = default;
  SignalWatch& operator=(SignalWatch&& other) noexcept;
  ~SignalWatch();

 private:
  std::shared_ptr<Implementation> implementation_;
};

class EventLoop {
 public:
  class Implementation;
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Until stop(). A loop that was stopped may be run again.
  void run();
  // Until stop() or for so long; true if it was stopped.
  bool run_for(std::chrono::microseconds duration);
  // What is due now, without waiting for anything: for a caller that waits by other means and lets the loop have its
  // turn.
  void run_ready();
  void stop();  // from any thread

  void post(std::function<void()> call);  // from any thread
  [[nodiscard]] Timer call_at(SteadyTime when, std::function<void()> call);
  [[nodiscard]] Timer call_after(std::chrono::microseconds delay, std::function<void()> call);
  // SIGINT and SIGTERM of `signals`, or any other; `call` gets the signal's number, any number of times.
  [[nodiscard]] SignalWatch on_signals(std::initializer_list<int> signals, std::function<void(int)> call);

  SteadyTime now() const { return std::chrono::steady_clock::now(); }

  Implementation& implementation() { return *implementation_; }  // for the world rooms' sources only

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::transport
