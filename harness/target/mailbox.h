// What the server under test has delivered: messages that contain a token, as they were stored.
//
// Promise: fetch() answers once, on the loop: as soon as `at_least` such messages are there, or with what is there at
// the deadline. A place that cannot be read is an error, not an empty answer. Messages are whole, octet for octet.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/result.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::target {

using MailboxAnswer = base::Result<std::vector<std::string>, std::string>;

class Mailbox {
 public:
  virtual ~Mailbox() = default;
  // A second fetch may be asked for while one is under way. Destroying the mailbox drops those under way.
  virtual void fetch(std::string token, int at_least, base::SteadyTime deadline,
                     std::function<void(const MailboxAnswer&)> callback) = 0;
};

// A Maildir, or a folder of Maildirs (one for each user, as deep as two levels): every new/ and cur/ below `path`.
std::unique_ptr<Mailbox> make_maildir(transport::EventLoop& loop, std::string path);

// "maildir:PATH". Other kinds are an error whose text names the ones that exist.
base::Result<std::unique_ptr<Mailbox>, std::string> make_mailbox(transport::EventLoop& loop, std::string_view text);

}  // namespace smtpspec::target
