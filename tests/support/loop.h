// Runs an event loop from a test until something has happened, and the operations of a Connection one after another.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "harness/transport/connection.h"
#include "harness/transport/listener.h"

namespace smtpspec::testing {

using namespace std::chrono_literals;

inline constexpr std::chrono::seconds kPatience{10};  // a test that needs it has failed

// False if `is_done` was not true in time.
inline bool run_until(transport::EventLoop& loop, const std::function<bool()>& is_done,
                      std::chrono::microseconds patience = kPatience) {
  const auto end = loop.now() + patience;
  while (!is_done()) {
    if (loop.now() >= end) return false;
    loop.run_for(1ms);
  }
  return true;
}

// A copy of a ReceiveResult that owns its octets.
struct Received {
  transport::ReceiveStatus status = transport::ReceiveStatus::failed;
  std::string octets;
  bool has_close_notify = false;
  std::string message;
};

transport::ConnectResult connect(transport::EventLoop& loop, transport::Connection& connection,
                                 const transport::Endpoint& endpoint, std::chrono::milliseconds time = 5000ms);
transport::SendResult send(transport::EventLoop& loop, transport::Connection& connection, std::string octets,
                           const transport::SendPacing& pacing = {}, std::chrono::milliseconds time = 5000ms);
Received receive(transport::EventLoop& loop, transport::Connection& connection,
                 std::chrono::milliseconds time = 5000ms);
// Receives until `octets` octets have come or the stream is at an end.
std::string receive_all(transport::EventLoop& loop, transport::Connection& connection, std::size_t octets);

// A connected pair over a listener of its own, the server's side first.
struct Pair {
  std::unique_ptr<transport::Connection> server;
  std::unique_ptr<transport::Connection> client;
};
Pair make_pair(transport::EventLoop& loop, const transport::ListenOptions& options = {});

}  // namespace smtpspec::testing
