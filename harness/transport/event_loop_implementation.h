// The Asio side of EventLoop, for the sources of world rooms only: no public header includes this one.
#pragma once

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

class EventLoop::Implementation {
 public:
  asio::io_context context{1};  // one thread runs it
  asio::executor_work_guard<Executor> work{context.get_executor()};
};

}  // namespace smtpspec::transport
