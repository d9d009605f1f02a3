// A server that speaks on its stdin and stdout (--pipe 'COMMAND', as inetd starts one): one process per connection,
// both descriptors the same socket, stderr captured. {maildir} is replaced as in SpawnedTarget.
#pragma once

#include <chrono>
#include <memory>

#include "harness/target/target.h"

namespace smtpspec::target {

struct PipeOptions {
  std::string command;
  std::chrono::milliseconds stop_grace{2000};
};

class PipeTarget final : public Target {
 public:
  PipeTarget(transport::EventLoop& loop, PipeOptions options);
  ~PipeTarget() override;

  void start(SteadyTime deadline, StartCallback callback) override;
  void stop(std::function<void()> callback) override;
  void connect(transport::Connection& connection, SteadyTime deadline, transport::ConnectCallback callback) override;
  transport::Endpoint endpoint() const override { return {}; }
  // crashed: the last process that ended did so by a signal or with a sanitizer's report.
  TargetState state() const override;
  void settle(SteadyTime deadline, std::function<void(TargetState)> callback) override;
  std::optional<CrashReport> take_crash() override;
  std::string output_tail() const override;
  bool can_restart() const override { return true; }
  std::string description() const override;
  std::string maildir() const override;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::target
