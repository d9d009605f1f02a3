// A mailbox in memory: what a next hop inside this process has taken from the server under test.
//
// Promise: as Mailbox. What is held is bounded as that of every mailbox (message_index.h); what comes beyond is not
// kept, and everybody who asks then is told.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/target/mailbox.h"

namespace smtpspec::target {

class Inbox final : public Mailbox {
 public:
  explicit Inbox(transport::EventLoop& loop);
  ~Inbox() override;

  void add(verdict::StoredMessage message);
  void fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) override;

 private:
  struct Arrivals;
  std::shared_ptr<Arrivals> arrivals_;
  std::unique_ptr<Mailbox> mailbox_;
};

}  // namespace smtpspec::target
