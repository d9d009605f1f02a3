#include "tests/support/targets.h"

#include <optional>

namespace smtpspec::testing {

using target::StartResult;
using target::Target;
using target::TargetState;
using transport::Connection;
using transport::EventLoop;

StartResult start(EventLoop& loop, Target& target, std::chrono::milliseconds time) {
  std::optional<StartResult> result;
  target.start(loop.now() + time, [&](const StartResult& answer) { result = answer; });
  run_until(loop, [&] { return result.has_value(); });
  return result.value_or(StartResult{false, {}, "no callback", {}});
}

StartResult restart(EventLoop& loop, Target& target) {
  std::optional<StartResult> result;
  target.restart(loop.now() + kPatience, [&](const StartResult& answer) { result = answer; });
  run_until(loop, [&] { return result.has_value(); });
  return result.value_or(StartResult{false, {}, "no callback", {}});
}

bool stop(EventLoop& loop, Target& target) {
  bool is_stopped = false;
  target.stop([&] { is_stopped = true; });
  return run_until(loop, [&] { return is_stopped; });
}

TargetState settle(EventLoop& loop, Target& target, std::chrono::milliseconds time) {
  std::optional<TargetState> result;
  target.settle(loop.now() + time, [&](TargetState state) { result = state; });
  run_until(loop, [&] { return result.has_value(); });
  return result.value_or(TargetState::unstarted);
}

std::unique_ptr<Connection> open_session(EventLoop& loop, Target& target) {
  auto connection = std::make_unique<Connection>(loop);
  bool is_answered = false;
  target.connect(*connection, loop.now() + kPatience, [&](const transport::ConnectResult&) { is_answered = true; });
  run_until(loop, [&] { return is_answered; });
  if (connection->is_open()) receive(loop, *connection);
  return connection;
}

std::string say(EventLoop& loop, Connection& connection, const std::string& line) {
  if (!connection.is_open()) return "(not connected)";
  send(loop, connection, line + "\r\n");
  return receive(loop, connection).octets;
}

std::string crashing_server(const std::string& arguments) {
  return "exec perl " SMTPSPEC_SOURCE_DIR "/tests/support/crashing_smtp_server.pl " + arguments;
}

}  // namespace smtpspec::testing
