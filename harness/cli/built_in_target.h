// The reference server as a target: on a loopback port, in this process, with a Maildir that is removed at the end.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/server/config.h"
#include "harness/server/net/server.h"
#include "harness/target/target.h"

namespace smtpspec::cli {

class BuiltInTarget final : public target::Target {
 public:
  // `next_hop`: where mail for config.relay_domains goes.
  BuiltInTarget(transport::EventLoop& loop, server::Config config, bool is_implicit_tls,
                std::optional<transport::Endpoint> next_hop = std::nullopt);
  ~BuiltInTarget() override;

  void start(base::SteadyTime deadline, target::StartCallback callback) override;
  void stop(std::function<void()> callback) override;
  transport::Endpoint endpoint() const override;
  void settle(base::SteadyTime deadline, std::function<void(target::TargetState)> callback) override;
  bool is_on_this_loop() const override { return true; }
  std::string description() const override { return "built-in reference server"; }
  std::string maildir() const override { return maildir_; }

 private:
  transport::EventLoop& loop_;
  server::Config config_;
  bool is_implicit_tls_;
  std::optional<transport::Endpoint> next_hop_;
  std::string maildir_;
  std::unique_ptr<server::Server> server_;
};

}  // namespace smtpspec::cli
