// Asks a server that is just starting, again and again, until a connection gives a first line. For this room's sources.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "harness/transport/connection.h"

namespace smtpspec::target {

struct ReadinessResult {
  bool is_ready = false;
  std::string greeting;  // the first line, without its end, bounded
  std::string error;     // what the last attempt came to
};

// How one attempt gets its connection; `attempt` counts from 0.
using Connector =
    std::function<void(int attempt, transport::Connection&, transport::SteadyTime, transport::ConnectCallback)>;

class ReadinessProbe {
 public:
  // The attempts end with the first line, at the deadline, or with the probe. tls: the greeting comes inside TLS.
  ReadinessProbe(transport::EventLoop& loop, Connector connector, std::shared_ptr<transport::ClientTls> tls,
                 transport::SteadyTime deadline, std::function<void(const ReadinessResult&)> callback);

 private:
  void attempt();
  void retry(std::string error);
  void read_line();
  void say_goodbye();
  void await_close(transport::SteadyTime deadline);
  void finish(ReadinessResult result);

  transport::EventLoop& loop_;
  Connector connector_;
  std::shared_ptr<transport::ClientTls> tls_;
  transport::SteadyTime deadline_;
  std::function<void(const ReadinessResult&)> callback_;
  std::unique_ptr<transport::Connection> connection_;
  transport::Timer timer_;
  int attempts_ = 0;
  std::chrono::microseconds pause_;
  std::string line_;
};

}  // namespace smtpspec::target
