// A POP3 or IMAP server on a free loopback port, on the loop of the test: just what libcurl needs, and ways to be
// hostile.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "harness/transport/connection.h"
#include "harness/transport/listener.h"

namespace smtpspec::target {

class MailServer {
 public:
  struct Options {
    std::string greeting;
    // What is said to a line without its CRLF; "" says nothing.
    std::function<std::string(const std::string& line)> answer;
    std::shared_ptr<transport::ServerTls> tls{};  // from the first octet
    std::size_t flood_octets = 0;                 // after the greeting, without a line end
  };
  MailServer(transport::EventLoop& loop, Options options);

  std::string address() const;  // "127.0.0.1:PORT"
  const std::vector<std::string>& lines() const { return lines_; }
  // New connections, before the greeting.
  void close_at_once(bool does_so) { closes_at_once_ = does_so; }

 private:
  struct Session {
    std::unique_ptr<transport::Connection> connection;
    std::string unread;
  };
  using Place = std::list<Session>::iterator;
  void accept(std::unique_ptr<transport::Connection> connection);
  void greet(Place session);
  void listen_to(Place session);
  void say(Place session, std::string octets, std::function<void()> then);

  transport::EventLoop& loop_;
  Options options_;
  std::list<Session> open_;
  std::vector<std::string> lines_;
  bool closes_at_once_ = false;
  std::unique_ptr<transport::Listener> listener_;
};

// Well-behaved answers over `messages`, which may grow. User "alice", password "secret".
MailServer::Options pop3_server(const std::vector<std::string>& messages, bool knows_uidl = true);
MailServer::Options imap_server(const std::vector<std::string>& messages);

}  // namespace smtpspec::target
