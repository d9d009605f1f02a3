#include "tests/bench/client/replay.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "harness/transport/connection.h"
#include "harness/transport/event_loop.h"
#include "harness/transport/tls_policy.h"
#include "harness/wire/reply.h"

namespace smtpspec::bench {
namespace {

using verdict::WireEntry;
using verdict::WireKind;

constexpr auto kDeadline = std::chrono::seconds(30);
constexpr auto kFarewellGrace = std::chrono::seconds(1);
// A server that limits connections turns some away; a run tries those again, and so does its floor.
constexpr int kMaxTries = 20;
constexpr auto kPause = std::chrono::milliseconds(50);

// A step of a recorded conversation: octets to send, replies to wait for, or an end.
struct Step {
  enum class Kind { connect, send, replies, handshake, half_close, closed };
  Kind kind = Kind::connect;
  int connection = 1;
  std::string octets;
  std::size_t replies = 0;
};

bool can_be_replayed(const verdict::WireLog& log) {
  return !log.empty() && std::none_of(log.begin(), log.end(), [](const WireEntry& entry) {
    switch (entry.kind) {
      case WireKind::connect_failed:
      case WireKind::tls_failed:
      case WireKind::timed_out:
      case WireKind::pause:
      case WireKind::ask_mailbox:
      case WireKind::mailbox_answer:
        return true;
      case WireKind::client:
        return entry.redacted || !entry.note.empty();  // not the octets that were sent
      case WireKind::connect:
      case WireKind::connected:
      case WireKind::server:
      case WireKind::start_tls:
      case WireKind::tls_up:
      case WireKind::half_close:
      case WireKind::peer_closed:
      case WireKind::reset:
      case WireKind::close:
        return false;
    }
    return true;
  });
}

std::vector<Step> steps_of(const verdict::WireLog& log) {
  std::vector<Step> steps;
  std::map<int, wire::ReplyParser> parsers;
  for (const auto& entry : log) {
    if (entry.kind == WireKind::connect) steps.push_back({Step::Kind::connect, entry.connection, "", 0});
    if (entry.kind == WireKind::client) steps.push_back({Step::Kind::send, entry.connection, entry.octets, 0});
    if (entry.kind == WireKind::start_tls) steps.push_back({Step::Kind::handshake, entry.connection, "", 0});
    if (entry.kind == WireKind::half_close) steps.push_back({Step::Kind::half_close, entry.connection, "", 0});
    if (entry.kind == WireKind::peer_closed || entry.kind == WireKind::reset)
      steps.push_back({Step::Kind::closed, entry.connection, "", 0});
    if (entry.kind != WireKind::server) continue;
    auto& parser = parsers[entry.connection];
    parser.feed(entry.octets);
    std::size_t replies = 0;
    while (parser.next()) ++replies;
    if (replies > 0) steps.push_back({Step::Kind::replies, entry.connection, "", replies});
  }
  return steps;
}

class Player {
 public:
  Player(transport::EventLoop& loop, const transport::Endpoint& endpoint, std::shared_ptr<transport::ClientTls> tls,
         ReplayResult& result)
      : loop_(loop), endpoint_(endpoint), tls_(std::move(tls)), result_(result) {}

  void start(const std::vector<Step>& steps, std::function<void()> ended) {
    steps_ = &steps;
    tries_ = 0;
    ended_ = std::move(ended);
    begin();
  }

 private:
  struct Link {
    std::unique_ptr<transport::Connection> connection;
    wire::ReplyParser parser;
    std::size_t replies = 0;  // parsed and not yet waited for
  };

  void begin() {
    ++tries_;
    at_ = 0;
    links_.clear();
    go_on();
  }

  // QUIT and FIN as in a run, where the server closes while the next conversation is under way already.
  void say_farewell() {
    for (auto& [number, link] : links_) {
      if (!link.connection || !link.connection->is_open()) continue;
      leaving_.push_back(std::move(link.connection));
      auto* const connection = leaving_.back().get();
      connection->send("QUIT\r\n", loop_.now() + kFarewellGrace, [this, connection](const transport::SendResult&) {
        connection->half_close();
        wait_for_close(connection, loop_.now() + kFarewellGrace);
      });
    }
  }

  void wait_for_close(transport::Connection* connection, base::SteadyTime deadline) {
    connection->receive(deadline, [this, connection, deadline](const transport::ReceiveResult& received) {
      if (received.status == transport::ReceiveStatus::octets) return wait_for_close(connection, deadline);
      std::erase_if(leaving_, [&](const auto& candidate) { return candidate.get() == connection; });
    });
  }

  void go_on() {
    if (at_ == steps_->size()) {
      say_farewell();
      ended_();
      return;
    }
    const Step& step = (*steps_)[at_];
    Link& link = links_[step.connection];
    switch (step.kind) {
      case Step::Kind::connect:
        link.connection = std::make_unique<transport::Connection>(loop_);
        link.connection->connect(endpoint_, loop_.now() + kDeadline, [this](const transport::ConnectResult& connected) {
          connected.is_connected() ? done() : diverged();
        });
        return;
      case Step::Kind::send:
        link.connection->send(step.octets, loop_.now() + kDeadline, [this](const transport::SendResult&) { done(); });
        return;
      case Step::Kind::handshake:
        link.connection->start_tls(tls_, "", loop_.now() + kDeadline,
                                   [this](const transport::TlsResult& shaken) { shaken.is_ok ? done() : diverged(); });
        return;
      case Step::Kind::half_close:
        link.connection->half_close();
        return done();
      case Step::Kind::replies:
      case Step::Kind::closed:
        return listen(link, step);
    }
  }

  void listen(Link& link, const Step& step) {
    if (step.kind == Step::Kind::replies && link.replies >= step.replies) {
      link.replies -= step.replies;
      return done();
    }
    link.connection->receive(loop_.now() + kDeadline, [this, &link, &step](const transport::ReceiveResult& received) {
      if (received.status == transport::ReceiveStatus::octets) {
        link.parser.feed(received.octets);
        while (link.parser.next()) ++link.replies;
        return listen(link, step);
      }
      step.kind == Step::Kind::closed ? done() : diverged();
    });
  }

  void done() {
    ++at_;
    go_on();
  }

  void diverged() {
    if (tries_ < kMaxTries) {
      again_ = loop_.call_after(kPause, [this] { begin(); });
      return;
    }
    ++result_.diverged;
    ended_();
  }

  transport::EventLoop& loop_;
  const transport::Endpoint& endpoint_;
  std::shared_ptr<transport::ClientTls> tls_;
  ReplayResult& result_;
  const std::vector<Step>* steps_ = nullptr;
  std::size_t at_ = 0;
  std::map<int, Link> links_;
  std::function<void()> ended_;
  int tries_ = 0;
  transport::Timer again_;
  std::vector<std::unique_ptr<transport::Connection>> leaving_;
};

}  // namespace

std::set<std::string> not_replayable(const verdict::RunRecord& record) {
  std::set<std::string> names;
  for (const auto& scenario : record.scenarios)
    if (!scenario.wire.empty() && !can_be_replayed(scenario.wire))
      names.insert(scenario.id.substr(0, scenario.id.find('[')));
  return names;
}

ReplayResult replay(const verdict::RunRecord& record, const transport::Endpoint& endpoint, int jobs) {
  ReplayResult result;
  std::vector<std::vector<Step>> conversations;
  for (const auto& scenario : record.scenarios) {
    if (can_be_replayed(scenario.wire)) conversations.push_back(steps_of(scenario.wire));
    else if (!scenario.wire.empty()) ++result.left_out;
  }
  result.conversations = static_cast<int>(conversations.size());
  const auto tls = transport::ClientTls::make({});
  if (conversations.empty() || !tls) return result;
  transport::EventLoop loop;
  std::vector<std::unique_ptr<Player>> players;
  std::size_t started = 0;
  std::size_t ended = 0;
  std::function<void(Player&)> next = [&](Player& player) {
    if (started == conversations.size()) return;
    player.start(conversations[started++], [&, at = &player] {
      if (++ended == conversations.size()) return loop.stop();
      loop.post([&next, at] { next(*at); });
    });
  };
  const auto began = loop.now();
  for (int i = 0; i < jobs; ++i) players.push_back(std::make_unique<Player>(loop, endpoint, *tls, result));
  loop.post([&] {
    for (const auto& player : players) next(*player);
  });
  loop.run();
  result.seconds = std::chrono::duration<double>(loop.now() - began).count();
  return result;
}

}  // namespace smtpspec::bench
