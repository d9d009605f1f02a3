#include "harness/runner/play.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/transport/keyed_digests.h"

namespace smtpspec::runner {
namespace {

// A server that does not close after QUIT and FIN within this is left to its own timeouts.
constexpr auto kFarewellGrace = std::chrono::milliseconds(500);
constexpr std::size_t kMaxFarewellOctets = 64 * 1024;

engine::Settings with_digests(engine::Settings settings) {
  if (!settings.digests) settings.digests = &transport::keyed_digests();
  return settings;
}

}  // namespace

Play::Play(const Surroundings& surroundings, const engine::Program& program, engine::Variables variables,
           engine::Settings settings)
    : surroundings_(surroundings),
      conversation_(std::make_unique<engine::Conversation>(program, std::move(variables), with_digests(settings))),
      began_(surroundings.loop.now()) {}

void Play::start(std::function<void()> finished) {
  finished_ = std::move(finished);
  began_ = surroundings_.loop.now();
  surroundings_.loop.post([this, alive = std::weak_ptr<bool>(is_alive_)] {
    if (alive.lock()) feed(engine::Started{}, 1);
  });
}

void Play::feed(engine::EventBody body, int connection) {
  const auto elapsed = std::chrono::duration_cast<base::Microseconds>(surroundings_.loop.now() - began_);
  engine::Action action = conversation_->next({std::move(body), connection, elapsed});
  if (std::holds_alternative<engine::Done>(action.body)) {
    // Moved out first: the owner may destroy this play from within.
    const auto finished = std::move(finished_);
    finished();
    return;
  }
  perform(std::move(action));
}

void Play::perform(engine::Action action) {
  const int number = action.connection;
  if (const auto* a = std::get_if<engine::ConnectTo>(&action.body)) return connect(*a, number);
  if (const auto* a = std::get_if<engine::AskMailbox>(&action.body)) return ask_mailbox(*a, number);
  const auto later = [&](base::SteadyTime when, engine::EventBody body) {
    timer_ = surroundings_.loop.call_at(when, [this, number, body = std::move(body)] { feed(body, number); });
  };
  if (const auto* a = std::get_if<engine::Pause>(&action.body)) return later(at(a->until), engine::Waited{});
  const auto it = connections_.find(number);
  if (it == connections_.end() || !it->second->is_open())
    return later(surroundings_.loop.now(), engine::TesterFault{fmt::format("connection {} is not open", number)});
  if (auto* a = std::get_if<engine::SendOctets>(&action.body)) return send(std::move(*a), number);
  if (const auto* a = std::get_if<engine::Await>(&action.body)) return await(*a, number);
  if (const auto* a = std::get_if<engine::UpgradeToTls>(&action.body))
    return handshake(number, a->only_version, at(a->deadline));
  if (std::holds_alternative<engine::HalfCloseConnection>(action.body)) it->second->half_close();
  else if (std::holds_alternative<engine::CloseConnection>(action.body)) it->second->close();
  else if (std::holds_alternative<engine::AbortConnection>(action.body)) it->second->abort();
  later(surroundings_.loop.now(), engine::Waited{});
}

void Play::connect(const engine::ConnectTo& action, int number) {
  auto& connection = connections_[number];
  connection = std::make_unique<transport::Connection>(surroundings_.loop);
  const bool with_tls = action.implicit_tls || surroundings_.implicit_tls;
  const base::SteadyTime deadline = at(action.deadline);
  surroundings_.target.connect(
      *connection, deadline, [this, number, with_tls, deadline](const transport::ConnectResult& result) {
        if (result.status == transport::ConnectStatus::timed_out) return feed(engine::TimedOut{}, number);
        if (!result.is_connected())
          return feed(engine::ConnectFailed{std::string(to_string(result.status)) +
                                            (result.message.empty() ? "" : ": " + result.message)},
                      number);
        if (with_tls) return handshake(number, 0, deadline);
        feed(engine::Connected{}, number);
      });
}

void Play::handshake(int number, int only_version, base::SteadyTime deadline) {
  transport::Connection& connection = *connections_[number];
  if (!surroundings_.tls) {
    timer_ = surroundings_.loop.call_after(
        base::Microseconds{0}, [this, number] { feed(engine::TesterFault{"this run has no TLS"}, number); });
    return;
  }
  connection.start_tls(surroundings_.tls, surroundings_.tls_server_name, only_version, deadline,
                       [this, number](const transport::TlsResult& result) {
                         if (result.is_timed_out) return feed(engine::TimedOut{}, number);
                         if (!result.is_ok) return feed(engine::TlsFailed{result.error, result.is_own_refusal}, number);
                         std::string description = result.version_name + " " + result.cipher;
                         if (!result.peer_subject.empty()) description += ", " + result.peer_subject;
                         if (!result.is_verified) description += ", not verified: " + result.verify_error;
                         feed(engine::TlsUp{result.version, std::move(description), result.plaintext_left,
                                            result.is_resumed, result.is_current, result.has_dns_name},
                              number);
                       });
}

void Play::send(engine::SendOctets action, int number) {
  transport::SendPacing pacing;
  pacing.piece_octets = action.split_octets;
  pacing.gap = action.gap;
  connections_[number]->send(std::move(action.octets), pacing, at(action.deadline),
                             [this, number](const transport::SendResult& result) {
                               switch (result.status) {
                                 case transport::SendStatus::sent:
                                   return feed(engine::Sent{}, number);
                                 case transport::SendStatus::timed_out:
                                   return feed(engine::TimedOut{}, number);
                                 // What the server had said before it went is still to be read: the write's failure
                                 // alone is no news, the next receive tells of the end.
                                 case transport::SendStatus::reset:
                                   return feed(engine::Sent{}, number);
                                 case transport::SendStatus::failed:
                                   return feed(engine::TesterFault{"send: " + result.message}, number);
                               }
                             });
}

void Play::await(const engine::Await& action, int number) {
  connections_[number]->receive(at(action.deadline), [this, number](const transport::ReceiveResult& result) {
    switch (result.status) {
      case transport::ReceiveStatus::octets:
        return feed(engine::Received{std::string(result.octets)}, number);
      case transport::ReceiveStatus::timed_out:
        return feed(engine::TimedOut{}, number);
      case transport::ReceiveStatus::peer_closed:
        return feed(engine::PeerClosed{result.has_close_notify}, number);
      case transport::ReceiveStatus::reset:
        return feed(engine::PeerReset{}, number);
      // A record that cannot be decrypted, or an error of the socket: for the conversation the stream has broken.
      case transport::ReceiveStatus::failed:
        return feed(engine::PeerReset{}, number);
    }
  });
}

void Play::ask_mailbox(const engine::AskMailbox& action, int number) {
  const auto answer = [this, number, alive = std::weak_ptr<bool>(is_alive_)](const target::MailboxAnswer& result) {
    if (!alive.lock()) return;
    if (result) feed(engine::MailboxAnswered{*result}, number);
    else feed(engine::MailboxFailed{result.error()}, number);
  };
  if (!surroundings_.mailbox) {
    timer_ = surroundings_.loop.call_after(
        base::Microseconds{0}, [answer] { answer(base::make_unexpected(std::string("this run has no mailbox"))); });
    return;
  }
  surroundings_.mailbox->fetch({action.recipient, action.token, action.at_least, at(action.deadline)}, answer);
}

void Play::say_farewell(std::function<void()> gone) {
  gone_ = std::move(gone);
  const base::SteadyTime deadline = surroundings_.loop.now() + kFarewellGrace;
  farewells_ = 1;  // held until every connection has been looked at
  for (auto& [number, connection] : connections_) {
    if (!connection->is_open()) continue;
    if (connection->is_busy() || !conversation_->may_quit(number)) {
      connection->close();
      continue;
    }
    ++farewells_;
    connection->send("QUIT\r\n", deadline, [this, number = number, deadline](const transport::SendResult&) {
      connections_[number]->half_close();
      wait_for_close(number, deadline);
    });
  }
  conversation_.reset();  // what was heard may be large, and the server may take its time
  timer_ = surroundings_.loop.call_after(base::Microseconds{0}, [this] { one_gone(); });
}

void Play::wait_for_close(int number, base::SteadyTime deadline) {
  connections_[number]->receive(deadline, [this, number, deadline](const transport::ReceiveResult& result) {
    farewell_octets_ += result.octets.size();
    const bool may_go_on = farewell_octets_ <= kMaxFarewellOctets && surroundings_.loop.now() < deadline;
    if (result.status == transport::ReceiveStatus::octets && may_go_on) return wait_for_close(number, deadline);
    connections_[number]->close();
    one_gone();
  });
}

void Play::one_gone() {
  if (--farewells_ > 0) return;
  const auto gone = std::move(gone_);
  gone();
}

}  // namespace smtpspec::runner
