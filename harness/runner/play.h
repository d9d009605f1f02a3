// One conversation against the world: performs each action of the engine on real connections and answers with events.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "harness/engine/conversation.h"
#include "harness/target/mailbox.h"
#include "harness/transport/connection.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::runner {

struct Surroundings {
  transport::EventLoop& loop;
  transport::Endpoint endpoint;
  transport::TlsPolicy tls;
  target::Mailbox* mailbox = nullptr;  // may be null
  // Opens a connection that is no socket of an endpoint (--pipe); empty: connect to `endpoint`.
  std::function<std::unique_ptr<transport::Connection>()> open;
};

class Play {
 public:
  using Finished = std::function<void()>;

  // `program` must outlive the play.
  Play(Surroundings surroundings, const engine::Program& program, engine::Variables variables, engine::Settings settings);
  ~Play();

  // Runs until the conversation is done, then calls `finished` once (never from within start()).
  void start(Finished finished);

  engine::Conversation& conversation() { return conversation_; }

  // Connections that are still up, with a farewell where one is fitting: QUIT and FIN, then closed when the server
  // closes or the grace is over. Off the critical path: the play is over when this is called.
  void say_farewell(std::function<void()> gone);

 private:
  void feed(engine::EventBody body, int connection);
  void perform(const engine::Action& action);
  void connect(const engine::ConnectTo& action, int connection);
  void send(const engine::SendOctets& action, int connection);
  void await(const engine::Await& action, int connection);
  void upgrade(const engine::UpgradeToTls& action, int connection);
  void ask_mailbox(const engine::AskMailbox& action, int connection);
  base::Microseconds elapsed() const;
  base::SteadyTime at(base::Microseconds since_begin) const { return began_ + since_begin; }

  Surroundings surroundings_;
  engine::Conversation conversation_;
  base::SteadyTime began_;
  std::map<int, std::unique_ptr<transport::Connection>> connections_;
  transport::Timer timer_;
  Finished finished_;
  int farewells_ = 0;
};

}  // namespace smtpspec::runner
