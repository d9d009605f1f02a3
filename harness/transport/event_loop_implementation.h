// The Asio side of EventLoop, for the sources of world rooms only: no public header includes this one.
#pragma once

#include <algorithm>
#include <chrono>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/transport/event_loop.h"

namespace smtpspec::transport {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;
// Asio's usual timer with the executor's type known: no type erasure for each of thousands of sessions.
using AsioTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

// Who sleeps until a server nearby has answered wakes up later than the answer is there. So it is asked for again and
// again for a moment, and where that has been in vain, which is so of slow servers and on one core, less and less
// often.
class Eagerness {
 public:
  // False: `has_come` was not true within the moment, or was not asked.
  template <class HasCome>
  bool ask_until(HasCome has_come) {
    if (left_out_ < to_leave_out_) return ++left_out_, false;
    left_out_ = 0;
    const auto until = std::chrono::steady_clock::now() + kMoment;
    do {
      if (!has_come()) continue;
      to_leave_out_ /= 2;
      return true;
    } while (std::chrono::steady_clock::now() < until);
    to_leave_out_ = std::min(2 * to_leave_out_ + 1, kMostLeftOut);
    return false;
  }

 private:
  static constexpr std::chrono::microseconds kMoment{40};
  static constexpr int kMostLeftOut = 255;
  int to_leave_out_ = 0;
  int left_out_ = 0;
};

class EventLoop::Implementation {
 public:
  asio::io_context context{1};  // one thread runs it
  asio::executor_work_guard<Executor> work{context.get_executor()};
  Eagerness eagerness;  // of answer_at_once()
};

}  // namespace smtpspec::transport
