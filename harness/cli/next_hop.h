// The tester as next hop: an SMTP server that takes whatever the server under test relays to it, and keeps it with its
// envelope where scenarios look for mail of the recipients there.
//
// Promise: it listens as long as it lives, on loopback unless another address is asked for. What it is sent is not
// trusted: sessions, sizes and times are bounded, and so is what is kept (target/inbox.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/server/net/server.h"
#include "harness/target/inbox.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::cli {

class NextHop {
 public:
  // `address`: HOST:PORT, where HOST is an address of this host and port 0 is any free one. `recipient`: a mailbox in
  // the domain that the server relays to here.
  static base::Result<std::unique_ptr<NextHop>, std::string> listen(transport::EventLoop& loop,
                                                                    const std::string& address, std::string recipient);

  transport::Endpoint endpoint() const { return server_->endpoint(); }
  const std::string& recipient() const { return recipient_; }
  std::string domain() const;
  // A mailbox there whose first RCPT is answered 451, and every later one 250, whatever word stands in the place of
  // `{token}`. With `text-` before it, it is the first text of a message that is answered so.
  std::string deferred_recipient() const;
  target::Mailbox& inbox() { return inbox_; }

 private:
  NextHop(transport::EventLoop& loop, std::string recipient) : recipient_(std::move(recipient)), inbox_(loop) {}

  std::string recipient_;
  target::Inbox inbox_;
  std::unique_ptr<server::Server> server_;  // last: it puts into the inbox
};

// Asks the next hop for mail of recipients in its domain, and `mailbox` for that of all others. Null: there is none.
// Both outlive it.
class MailboxOfBoth final : public target::Mailbox {
 public:
  MailboxOfBoth(transport::EventLoop& loop, target::Mailbox* mailbox, NextHop& next_hop)
      : loop_(loop), mailbox_(mailbox), next_hop_(next_hop) {}

  void fetch(target::MailQuery query, std::function<void(const target::MailboxAnswer&)> callback) override;

 private:
  transport::EventLoop& loop_;
  target::Mailbox* mailbox_;
  NextHop& next_hop_;
};

}  // namespace smtpspec::cli
