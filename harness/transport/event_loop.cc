#include "harness/transport/event_loop.h"

#include <signal.h>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <utility>

#include "harness/transport/event_loop_implementation.h"

namespace smtpspec::transport {

class Timer::Implementation {
 public:
  Implementation(asio::io_context& context, SteadyTime when, std::function<void()> call)
      : timer_(context, when), call_(std::move(call)) {}

  static std::shared_ptr<Implementation> start(asio::io_context& context, SteadyTime when, std::function<void()> call) {
    auto self = std::make_shared<Implementation>(context, when, std::move(call));
    self->timer_.async_wait([self](const ErrorCode&) {
      if (!self->call_) return;
      std::exchange(self->call_, nullptr)();
    });
    return self;
  }
  void cancel() {
    call_ = nullptr;
    timer_.cancel();
  }
  bool is_pending() const { return static_cast<bool>(call_); }

 private:
  AsioTimer timer_;
  std::function<void()> call_;
};

Timer::Timer(std::shared_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Timer& Timer::operator=(Timer&& other) noexcept {
  cancel();
  implementation_ = std::move(other.implementation_);
  return *this;
}
Timer::~Timer() { cancel(); }
void Timer::cancel() {
  if (implementation_) std::exchange(implementation_, nullptr)->cancel();
}
bool Timer::is_pending() const { return implementation_ && implementation_->is_pending(); }

class SignalWatch::Implementation : public std::enable_shared_from_this<SignalWatch::Implementation> {
 public:
  Implementation(asio::io_context& context, std::initializer_list<int> signals, std::function<void(int)> call)
      : signals_(context), call_(std::move(call)) {
    for (int signal : signals) signals_.add(signal);
  }
  void wait() {
    signals_.async_wait([self = shared_from_this()](const ErrorCode& error, int signal) {
      if (error || !self->call_) return;
      auto call = self->call_;  // the function may end its own watch
      self->wait();
      call(signal);
    });
  }
  void cancel() {
    call_ = nullptr;
    ErrorCode ignored;
    signals_.clear(ignored);
    signals_.cancel(ignored);
  }

 private:
  asio::signal_set signals_;
  std::function<void(int)> call_;
};

SignalWatch::SignalWatch(std::shared_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
SignalWatch& SignalWatch::operator=(SignalWatch&& other) noexcept {
  if (implementation_) implementation_->cancel();
  implementation_ = std::move(other.implementation_);
  return *this;
}
SignalWatch::~SignalWatch() {
  if (implementation_) implementation_->cancel();
}

EventLoop::EventLoop() : implementation_(std::make_unique<Implementation>()) { ::signal(SIGPIPE, SIG_IGN); }
EventLoop::~EventLoop() = default;

// restart() afterwards, not before: a stop() that came first must not be lost.
void EventLoop::run() {
  implementation_->context.run();
  implementation_->context.restart();
}

bool EventLoop::run_for(std::chrono::microseconds duration) {
  implementation_->context.run_for(duration);
  const bool was_stopped = implementation_->context.stopped();
  implementation_->context.restart();
  return was_stopped;
}

void EventLoop::run_ready() {
  implementation_->context.poll();
  if (implementation_->context.stopped()) implementation_->context.restart();
}

void EventLoop::stop() { implementation_->context.stop(); }

void EventLoop::post(std::function<void()> call) { asio::post(implementation_->context, std::move(call)); }

Timer EventLoop::call_at(SteadyTime when, std::function<void()> call) {
  return Timer(Timer::Implementation::start(implementation_->context, when, std::move(call)));
}

Timer EventLoop::call_after(std::chrono::microseconds delay, std::function<void()> call) {
  return call_at(now() + delay, std::move(call));
}

SignalWatch EventLoop::on_signals(std::initializer_list<int> signals, std::function<void(int)> call) {
  auto watch = std::make_shared<SignalWatch::Implementation>(implementation_->context, signals, std::move(call));
  watch->wait();
  return SignalWatch(std::move(watch));
}

}  // namespace smtpspec::transport
