// What the server under test has delivered: messages that contain a token, as far as the storage kept them
// (verdict/stored_message.h).
//
// Promise: fetch() answers once, on the loop: as soon as `at_least` such messages are there (for none at all: as soon
// as it has been looked), or with what is there at the deadline; where that is past already, after one whole look. A
// place that cannot be read is an error, not an empty answer, and so is a message that is too large to be handed over.
// What lay in files before the mailbox was made is of no run and is not looked at. Each message is read once, however
// many ask for it, and what is held in memory is bounded (message_index.h).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/result.h"
#include "harness/transport/event_loop.h"
#include "harness/verdict/stored_message.h"

namespace smtpspec::target {

using MailboxAnswer = base::Result<std::vector<verdict::StoredMessage>, std::string>;

struct MailQuery {
  std::string recipient;  // to whom it was sent; not every kind of mailbox can use it
  std::string token;      // stands in every message asked for
  int at_least = 1;
  base::SteadyTime deadline;
};

// For a question whose deadline is past: it counts what is there, and has so long for its one whole look, with the wait
// for its turn. What was read before does not tell what is there, and a mail server takes its time.
inline constexpr std::chrono::seconds kTimeToCount{60};

class Mailbox {
 public:
  virtual ~Mailbox() = default;
  // A second fetch may be asked for while one is under way. Destroying the mailbox, but not from within a callback,
  // drops those under way.
  virtual void fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) = 0;
};

struct MailboxOptions {
  // KIND:PLACE, one of
  //   maildir:PATH   a Maildir, or a folder of Maildirs as deep as two levels: every new/ and cur/ at and below PATH
  //   mbox:PATH      one file, messages divided by "From " lines
  //   dir:PATH       a folder of files, one message a file, as deep as two levels
  //   command:CMD    a shell command that prints one message, or several as in an mbox; SMTPSPEC_TOKEN and
  //                  SMTPSPEC_RECIPIENT in its environment tell what is looked for
  //   pop3:URL       pop3://USER@HOST:PORT or pop3s://…
  //   imap:URL       imap://USER@HOST:PORT/FOLDER or imaps://…; the folder is INBOX if none is given
  std::string place;
  std::string password{};   // of POP3 and IMAP
  bool verify_tls = false;  // of POP3 and IMAP: a certificate that does not verify is an error
  std::string ca_file{};    // PEM; "": the system's store
};

// A kind that does not exist is an error whose text names those that do and the nearest spelling.
base::Result<std::unique_ptr<Mailbox>, std::string> make_mailbox(transport::EventLoop& loop,
                                                                 const MailboxOptions& options);

}  // namespace smtpspec::target
