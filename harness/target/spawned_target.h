// A server that we start (--spawn 'COMMAND with {port} and {maildir}') and end, with everything it has started itself.
//
// COMMAND runs under /bin/sh -c in a process group of its own, without our descriptors, stdin from /dev/null, stdout
// and stderr captured. {port} becomes a free loopback port, {maildir} a fresh folder that is removed at the end. It is
// ready when a connection gives a first line. The group is ended by SIGTERM, after a grace by SIGKILL; when we
// ourselves are killed, a guardian process ends the group and removes the folder.
#pragma once

#include <chrono>
#include <memory>

#include "harness/target/target.h"

namespace smtpspec::target {

struct SpawnOptions {
  std::string command;
  std::optional<transport::Endpoint> endpoint;  // where it listens if the command has no {port}
  bool is_implicit_tls = false;                 // the greeting comes inside TLS
  std::chrono::milliseconds stop_grace{2000};
};

class SpawnedTarget final : public Target {
 public:
  SpawnedTarget(transport::EventLoop& loop, SpawnOptions options);
  ~SpawnedTarget() override;

  void start(SteadyTime deadline, StartCallback callback) override;
  void stop(std::function<void()> callback) override;
  transport::Endpoint endpoint() const override;
  TargetState state() const override;
  void settle(SteadyTime deadline, std::function<void(TargetState)> callback) override;
  std::optional<CrashReport> take_crash() override;
  std::string output_tail() const override;
  std::uint64_t resident_octets() const override;
  bool can_restart() const override { return true; }
  std::string description() const override;
  std::string maildir() const override;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace smtpspec::target
