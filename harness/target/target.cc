#include "harness/target/target.h"

#include <csignal>
#include <cstring>
#include <utility>

#include "harness/target/remote_target.h"

namespace smtpspec::target {

std::string_view to_string(TargetState state) {
  switch (state) {
    case TargetState::unstarted:
      return "unstarted";
    case TargetState::alive:
      return "alive";
    case TargetState::exited:
      return "exited";
    case TargetState::crashed:
      return "crashed";
    case TargetState::stopped:
      return "stopped";
  }
  return "";
}

std::string CrashReport::summary() const {
  std::string end;
  if (signal != 0) {
    const char* name = ::sigabbrev_np(signal);
    end = "killed by " + (name ? "SIG" + std::string(name) : "signal " + std::to_string(signal));
  } else if (exit_code) {
    end = "exited with code " + std::to_string(*exit_code);
  }
  if (sanitizer_text.empty()) return end.empty() ? "ended" : end;
  std::string line = sanitizer_text.substr(0, sanitizer_text.find('\n'));
  // "==4711==ERROR: AddressSanitizer: heap-use-after-free on …" without the process number.
  if (line.starts_with("==")) {
    const std::size_t after = line.find("==", 2);
    if (after != std::string::npos) line.erase(0, after + 2);
  }
  return end.empty() ? line : line + " (" + end + ")";
}

void Target::restart(SteadyTime deadline, StartCallback callback) {
  stop([this, deadline, callback = std::move(callback)]() mutable { start(deadline, std::move(callback)); });
}

void Target::connect(transport::Connection& connection, SteadyTime deadline, transport::ConnectCallback callback) {
  connection.connect(endpoint(), deadline, std::move(callback));
}

void RemoteTarget::start(SteadyTime, StartCallback callback) {
  loop_.post([callback = std::move(callback)] { callback({true, {}, {}, {}}); });
}

void RemoteTarget::stop(std::function<void()> callback) { loop_.post(std::move(callback)); }

void RemoteTarget::settle(SteadyTime, std::function<void(TargetState)> callback) {
  loop_.post([callback = std::move(callback)] { callback(TargetState::alive); });
}

}  // namespace smtpspec::target
