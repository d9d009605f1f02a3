// All that a server's author writes: how a client is let in, and how it is heard.
#include <smtpspec/fuzz.h>

#include <string>

#include "tiny_smtp.h"

namespace {

struct Connection {
  explicit Connection(smtpspec_client* its_client) : client(its_client) {}
  smtpspec_client* client;
  TinySession session{[this](const std::string& line) {
    const std::string octets = line + "\r\n";
    smtpspec_reply(client, octets.data(), octets.size());
  }};
};

void* open(smtpspec_client* client) { return new Connection(client); }

void feed(void* session, const char* octets, size_t count) {
  auto* connection = static_cast<Connection*>(session);
  connection->session.feed(octets, count);
  if (connection->session.is_over()) smtpspec_hang_up(connection->client);
}

void close(void* session) { delete static_cast<Connection*>(session); }

// The parser alone gets every line, also those that the session would refuse before it looks at the path.
void command(const char* line, size_t count) {
  char path[256];
  read_path(std::string(line, count), "MAIL FROM:", path);
}

}  // namespace

const smtpspec_server smtpspec_fuzzed_server = {open, feed, nullptr, close, command};
