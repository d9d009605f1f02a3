// One conversation against the world: performs each action of the engine on real connections and answers with events.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "harness/engine/conversation.h"
#include "harness/target/mailbox.h"
#include "harness/target/target.h"
#include "harness/transport/connection.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::runner {

struct Surroundings {
  transport::EventLoop& loop;
  target::Target& target;
  target::Mailbox* mailbox = nullptr;         // may be null
  std::shared_ptr<transport::ClientTls> tls;  // null: TLS cannot be had
  std::string tls_server_name;                // for SNI; may be empty
  bool implicit_tls = false;                  // every connection begins with a handshake
};

class Play {
 public:
  // `program` must outlive the play.
  Play(const Surroundings& surroundings, const engine::Program& program, engine::Variables variables,
       engine::Settings settings);

  // Runs until the conversation is done, then calls `finished` once, from the loop.
  void start(std::function<void()> finished);

  // Until say_farewell().
  engine::Conversation& conversation() { return *conversation_; }

  // Ends the connections that are still up: QUIT and FIN where the server waits for a command, then close when it has
  // closed, talks on without end, or a short grace is over; calls `gone` once, from the loop. Only after `finished`.
  void say_farewell(std::function<void()> gone);

 private:
  void feed(engine::EventBody body, int connection);
  void perform(engine::Action action);
  void connect(const engine::ConnectTo& action, int number);
  // only_version: 0, or the one to offer.
  void handshake(int number, int only_version, base::SteadyTime deadline);
  void send(engine::SendOctets action, int number);
  void await(const engine::Await& action, int number);
  void ask_mailbox(const engine::AskMailbox& action, int number);
  void wait_for_close(int number, base::SteadyTime deadline);
  void one_gone();
  base::SteadyTime at(base::Microseconds since_begin) const { return began_ + since_begin; }

  Surroundings surroundings_;
  std::unique_ptr<engine::Conversation> conversation_;
  base::SteadyTime began_;
  std::map<int, std::unique_ptr<transport::Connection>> connections_;
  transport::Timer timer_;
  std::function<void()> finished_;
  std::function<void()> gone_;
  int farewells_ = 0;
  std::size_t farewell_octets_ = 0;                                // received since, on all connections
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);  // guards callbacks of objects that outlive us
};

}  // namespace smtpspec::runner
