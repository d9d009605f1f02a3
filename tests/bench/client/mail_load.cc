#include "tests/bench/client/mail_load.h"

#include <array>
#include <fstream>
#include <functional>
#include <memory>
#include <vector>

#include <unistd.h>

#include "harness/transport/connection.h"
#include "harness/transport/event_loop.h"
#include "harness/wire/dot_stuffing.h"
#include "harness/wire/reply.h"

namespace smtpspec::bench {
namespace {

constexpr auto kDeadline = std::chrono::seconds(60);

std::string message_of(std::size_t octets) {
  std::string text = "Subject: load\r\n\r\n";
  while (text.size() < octets) text += std::string(std::min<std::size_t>(70, octets - text.size()), 'x') + "\r\n";
  return wire::stuff(text) + ".\r\n";
}

// What a session says and the code that must answer, in turns; one write each.
struct Turn {
  std::string octets;
  std::vector<int> codes;
};

std::vector<Turn> turns_of(const MailLoad& load) {
  const std::string mail = "MAIL FROM:<load@example.org>\r\n";
  const std::string rcpt = "RCPT TO:<alice@example.org>\r\n";
  std::vector<Turn> turns{{"", {220}}, {"EHLO bench.example.org\r\n", {250}}};
  for (int i = 0; i < load.mails_per_session; ++i) {
    if (load.is_pipelined) {
      turns.push_back({mail + rcpt + "DATA\r\n", {250, 250, 354}});
    } else {
      turns.push_back({mail, {250}});
      turns.push_back({rcpt, {250}});
      turns.push_back({"DATA\r\n", {354}});
    }
    turns.push_back({message_of(load.message_octets), {250}});
  }
  turns.push_back({"QUIT\r\n", {221}});
  return turns;
}

class Session {
 public:
  Session(transport::EventLoop& loop, const std::vector<Turn>& turns, LoadResult& result)
      : loop_(loop), turns_(turns), result_(result) {}

  void start(const transport::Endpoint& endpoint, std::function<void()> ended) {
    ended_ = std::move(ended);
    turn_ = 0;
    code_ = 0;
    parser_.reset();
    connection_ = std::make_unique<transport::Connection>(loop_);
    connection_->connect(endpoint, loop_.now() + kDeadline, [this](const transport::ConnectResult& connected) {
      if (!connected.is_connected()) return give_up();
      listen();
    });
  }

 private:
  void listen() {
    connection_->receive(loop_.now() + kDeadline, [this](const transport::ReceiveResult& received) {
      if (received.status != transport::ReceiveStatus::octets) return give_up();
      parser_.feed(received.octets);
      while (const auto reply = parser_.next()) {
        ++result_.replies;
        result_.deviations += reply->deviations.size();
        const auto& codes = turns_[turn_].codes;
        if (code_ >= codes.size() || reply->code != codes[code_++]) return give_up();
      }
      if (code_ < turns_[turn_].codes.size()) return listen();
      code_ = 0;
      if (++turn_ == turns_.size()) return end();
      talk();
    });
  }

  void talk() {
    connection_->send(turns_[turn_].octets, loop_.now() + kDeadline, [this](const transport::SendResult& sent) {
      if (sent.status != transport::SendStatus::sent) return give_up();
      listen();
    });
  }

  void give_up() {
    ++result_.refused;
    end();
  }

  void end() {
    connection_->close();
    ended_();
  }

  transport::EventLoop& loop_;
  const std::vector<Turn>& turns_;
  LoadResult& result_;
  std::unique_ptr<transport::Connection> connection_;
  wire::ReplyParser parser_;
  std::size_t turn_ = 0;
  std::size_t code_ = 0;
  std::function<void()> ended_;
};

std::size_t resident_octets() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

LoadResult run_mail_load(const MailLoad& load) {
  transport::EventLoop loop;
  const std::vector<Turn> turns = turns_of(load);
  LoadResult result;
  std::vector<std::unique_ptr<Session>> sessions;
  int started = 0;
  int running = 0;
  std::function<void(Session&)> next = [&](Session& session) {
    if (started == load.sessions) {
      if (running == 0) loop.stop();
      return;
    }
    ++started;
    ++running;
    session.start(load.endpoint, [&, at = &session] {
      --running;
      // A callback may not replace the connection that it runs on: the next session starts in its own turn.
      loop.post([&next, at] { next(*at); });
    });
  };
  const auto began = loop.now();
  for (int i = 0; i < load.concurrency; ++i) sessions.push_back(std::make_unique<Session>(loop, turns, result));
  loop.post([&] {
    for (const auto& session : sessions) next(*session);
  });
  loop.run();
  result.seconds = std::chrono::duration<double>(loop.now() - began).count();
  result.mails = static_cast<std::uint64_t>(load.sessions - static_cast<int>(result.refused)) *
                 static_cast<std::uint64_t>(load.mails_per_session);
  return result;
}

double idle_octets_per_session(const transport::Endpoint& endpoint, int sessions) {
  transport::EventLoop loop;
  struct Idle {
    std::unique_ptr<transport::Connection> connection;
    wire::ReplyParser parser;
  };
  const std::size_t before = resident_octets();
  std::vector<std::unique_ptr<Idle>> idle;
  int greeted = 0;
  int failed = 0;
  std::function<void()> open_next = [&] {
    if (static_cast<int>(idle.size()) == sessions) return;
    idle.push_back(std::make_unique<Idle>());
    Idle& one = *idle.back();
    one.connection = std::make_unique<transport::Connection>(loop);
    const auto ended = [&](bool is_greeted) {
      ++(is_greeted ? greeted : failed);
      if (greeted + failed == sessions) loop.stop();
      else open_next();
    };
    one.connection->connect(endpoint, loop.now() + kDeadline, [&, ended](const transport::ConnectResult& connected) {
      if (!connected.is_connected()) return ended(false);
      one.connection->receive(loop.now() + kDeadline, [&, ended](const transport::ReceiveResult& received) {
        if (received.status == transport::ReceiveStatus::octets) one.parser.feed(received.octets);
        ended(one.parser.next().has_value());
      });
    });
  };
  loop.post([&] {
    for (int i = 0; i < 32; ++i) open_next();
  });
  loop.run();
  if (failed > 0) return -1;
  return static_cast<double>(resident_octets() - before) / sessions;
}

}  // namespace smtpspec::bench
