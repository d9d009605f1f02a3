#include "tests/support/loop.h"

#include <optional>
#include <utility>

namespace smtpspec::testing {

using transport::Connection;
using transport::EventLoop;

transport::ConnectResult connect(EventLoop& loop, Connection& connection, const transport::Endpoint& endpoint,
                                 std::chrono::milliseconds time) {
  std::optional<transport::ConnectResult> result;
  connection.connect(endpoint, loop.now() + time, [&](const transport::ConnectResult& answer) { result = answer; });
  run_until(loop, [&] { return result.has_value(); });
  return result.value_or(transport::ConnectResult{transport::ConnectStatus::failed, "no callback"});
}

transport::SendResult send(EventLoop& loop, Connection& connection, std::string octets,
                           const transport::SendPacing& pacing, std::chrono::milliseconds time) {
  std::optional<transport::SendResult> result;
  connection.send(std::move(octets), pacing, loop.now() + time,
                  [&](const transport::SendResult& answer) { result = answer; });
  run_until(loop, [&] { return result.has_value(); });
  return result.value_or(transport::SendResult{transport::SendStatus::failed, 0, "no callback"});
}

Received receive(EventLoop& loop, Connection& connection, std::chrono::milliseconds time) {
  std::optional<Received> result;
  connection.receive(loop.now() + time, [&](const transport::ReceiveResult& answer) {
    result = Received{answer.status, std::string(answer.octets), answer.has_close_notify, answer.message};
  });
  run_until(loop, [&] { return result.has_value(); });
  return result.value_or(Received{transport::ReceiveStatus::failed, {}, false, "no callback"});
}

std::string receive_all(EventLoop& loop, Connection& connection, std::size_t octets) {
  std::string all;
  while (all.size() < octets) {
    const Received piece = receive(loop, connection);
    if (piece.status != transport::ReceiveStatus::octets) break;
    all += piece.octets;
  }
  return all;
}

Pair make_pair(EventLoop& loop, const transport::ListenOptions& options) {
  Pair pair;
  auto listener = transport::Listener::listen(
      loop, options, [&](std::unique_ptr<Connection> accepted) { pair.server = std::move(accepted); });
  if (!listener) return pair;
  pair.client = std::make_unique<Connection>(loop);
  if (!connect(loop, *pair.client, (*listener)->endpoint()).is_connected()) return pair;
  run_until(loop, [&] { return pair.server != nullptr; });
  return pair;
}

}  // namespace smtpspec::testing
