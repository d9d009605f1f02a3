// The names that mean something to the server under test: from its profile, or the reference server's.
#pragma once

#include <string>

namespace smtpspec::fuzz {

struct Vocabulary {
  std::string sender = "sender@example.org";  // mailboxes without brackets
  std::string recipient = "alice@example.org";
  std::string unknown = "nobody-here@example.org";
  std::string relay = "someone@relay-test.example";
  std::string domain = "example.org";
  std::string client = "client.example.org";
  std::string user = "alice";  // "": there are no credentials
  std::string password = "correct horse";
  bool is_lmtp = false;
};

}  // namespace smtpspec::fuzz
