// A server that runs somewhere already (--target HOST:PORT or unix:PATH). Nothing to start, nothing to stop.
#pragma once

#include "harness/target/target.h"

namespace smtpspec::target {

class RemoteTarget final : public Target {
 public:
  RemoteTarget(transport::EventLoop& loop, transport::Endpoint endpoint)
      : loop_(loop), endpoint_(std::move(endpoint)) {}

  void start(SteadyTime deadline, StartCallback callback) override;
  void stop(std::function<void()> callback) override;
  transport::Endpoint endpoint() const override { return endpoint_; }
  void settle(SteadyTime deadline, std::function<void(TargetState)> callback) override;
  std::string description() const override { return transport::to_string(endpoint_); }

 private:
  transport::EventLoop& loop_;
  transport::Endpoint endpoint_;
};

}  // namespace smtpspec::target
