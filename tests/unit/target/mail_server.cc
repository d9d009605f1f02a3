#include "tests/unit/target/mail_server.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

namespace smtpspec::target {

using namespace std::chrono_literals;

namespace {

constexpr auto kServerPatience = 30s;

std::string dot_stuffed(std::string message) {
  if (message.starts_with('.')) message.insert(0, 1, '.');
  for (std::size_t at = message.find("\n."); at != std::string::npos; at = message.find("\n.", at + 3))
    message.insert(at + 1, 1, '.');
  return message;
}

}  // namespace

MailServer::MailServer(transport::EventLoop& loop, Options options) : loop_(loop), options_(std::move(options)) {
  auto listener = transport::Listener::listen(
      loop, {}, [this](std::unique_ptr<transport::Connection> one) { accept(std::move(one)); });
  EXPECT_TRUE(listener);
  listener_ = std::move(*listener);
}

std::string MailServer::address() const { return transport::to_string(listener_->endpoint()); }

void MailServer::accept(std::unique_ptr<transport::Connection> connection) {
  if (closes_at_once_) return;
  const Place session = open_.insert(open_.end(), Session{std::move(connection), {}});
  if (!options_.tls) return greet(session);
  session->connection->accept_tls(options_.tls, loop_.now() + kServerPatience,
                                  [this, session](const transport::TlsResult& result) {
                                    if (result.is_ok) greet(session);
                                  });
}

void MailServer::greet(Place session) {
  say(session, options_.greeting + std::string(options_.flood_octets, 'x'), [this, session] { listen_to(session); });
}

void MailServer::say(Place session, std::string octets, std::function<void()> then) {
  if (octets.empty()) return then();
  session->connection->send(std::move(octets), loop_.now() + kServerPatience,
                            [then = std::move(then)](const transport::SendResult& result) {
                              if (result.status == transport::SendStatus::sent) then();
                            });
}

void MailServer::listen_to(Place session) {
  const std::size_t end = session->unread.find("\r\n");
  if (end != std::string::npos) {
    const std::string line = session->unread.substr(0, end);
    session->unread.erase(0, end + 2);
    lines_.push_back(line);
    return say(session, options_.answer ? options_.answer(line) : "", [this, session] { listen_to(session); });
  }
  session->connection->receive(loop_.now() + kServerPatience, [this, session](const transport::ReceiveResult& result) {
    if (result.status != transport::ReceiveStatus::octets) return session->connection->close();
    session->unread += result.octets;
    listen_to(session);
  });
}

MailServer::Options pop3_server(const std::vector<std::string>& messages, bool knows_uidl) {
  const auto answer = [&messages, knows_uidl](const std::string& line) -> std::string {
    if (line == "CAPA") return "+OK\r\nUSER\r\n.\r\n";
    if (line == "USER alice") return "+OK\r\n";
    if (line == "PASS secret") return "+OK\r\n";
    if (line.starts_with("PASS")) return "-ERR wrong password\r\n";
    if (line == "UIDL" && !knows_uidl) return "-ERR what?\r\n";
    if (line == "UIDL" || line == "LIST") {
      std::string list = "+OK\r\n";
      for (std::size_t i = 0; i < messages.size(); ++i)
        list += std::to_string(i + 1) + (line == "UIDL" ? " name-" + std::to_string(i) : " 100") + "\r\n";
      return list + ".\r\n";
    }
    if (line.starts_with("RETR ")) {
      const auto number = static_cast<std::size_t>(std::atoi(line.c_str() + 5));
      if (number == 0 || number > messages.size()) return "-ERR no such message\r\n";
      return "+OK\r\n" + dot_stuffed(messages[number - 1]) + ".\r\n";
    }
    return "+OK\r\n";
  };
  return {"+OK ready\r\n", answer};
}

MailServer::Options imap_server(const std::vector<std::string>& messages) {
  const auto answer = [&messages](const std::string& line) -> std::string {
    const std::size_t blank = line.find(' ');
    const std::string tag = line.substr(0, blank);
    const std::string command = blank == std::string::npos ? "" : line.substr(blank + 1);
    const std::string ok = tag + " OK done\r\n";
    if (command == "CAPABILITY") return "* CAPABILITY IMAP4rev1\r\n" + ok;
    if (command.starts_with("LOGIN "))
      return command == "LOGIN alice secret" || command == "LOGIN \"alice\" \"secret\"" ? ok : tag + " NO wrong\r\n";
    if (command.starts_with("SELECT ")) {
      if (command != "SELECT INBOX") return tag + " NO no such folder\r\n";
      return "* " + std::to_string(messages.size()) + " EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n" + ok;
    }
    if (command == "UID SEARCH ALL") {
      std::string list = "* SEARCH";
      for (std::size_t i = 0; i < messages.size(); ++i) list += " " + std::to_string(i + 10);
      return list + "\r\n" + ok;
    }
    if (command.starts_with("UID FETCH ")) {
      const auto number = static_cast<std::size_t>(std::atoi(command.c_str() + 10)) - 10;
      if (number >= messages.size()) return ok;
      return "* " + std::to_string(number + 1) + " FETCH (UID " + std::to_string(number + 10) + " BODY[] {" +
             std::to_string(messages[number].size()) + "}\r\n" + messages[number] + ")\r\n" + ok;
    }
    return ok;
  };
  return {"* OK ready\r\n", answer};
}

}  // namespace smtpspec::target
