// The mailbox that a user has named, which may not be that of the recipient. That a message is not in it says something
// of the server only where a plain one, to that recipient alone, has come into it.
//
// Nor does what is found where two messages are found as one: an answer with the token of another try in it is an
// error, too, and so is every one that follows for the recipient.
//
// Promise: as Mailbox. Before the answer is "not there", a plain message is sent to the recipient and looked for, once
// in a run: if it comes, "not there" holds; if it was taken and does not come, the answer is an error, from there on at
// once; if it was not even taken, the answer is an error, and the next one tries again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/target/mailbox.h"
#include "harness/transport/event_loop.h"

namespace smtpspec::runner {

class ProvenMailbox final : public target::Mailbox {
 public:
  // Sends a plain message to `recipient` and calls back once: with the word by which it is found, or "" and why the
  // server did not take it.
  struct Sent {
    std::string token{};
    std::string refusal{};
  };
  using Send = std::function<void(const std::string& recipient, std::function<void(const Sent&)> done)>;

  // `mailbox` outlives this. `recipients`: all that a message of several recipients goes to.
  ProvenMailbox(transport::EventLoop& loop, target::Mailbox& mailbox, std::vector<std::string> recipients, Send send);

  void fetch(target::MailQuery query, std::function<void(const target::MailboxAnswer&)> callback) override;

  // The server has been started anew: what did not arrive may have been lost by its end.
  void forget_doubts();

 private:
  using Told = std::function<void(const std::string& fault)>;  // "": it is the recipient's
  struct Standing {
    enum class Kind { unknown, being_asked, proven, doubtful } kind = Kind::unknown;
    std::string fault{};
    std::vector<Told> waiting{};
    transport::Timer soon{};  // a proof begins then
  };

  std::vector<std::string> recipients_of(const target::MailQuery& query) const;
  void prove_all(std::vector<std::string> recipients, base::Microseconds patience, Told told);
  void prove(const std::string& recipient, base::Microseconds patience, Told told);
  void look_for(const std::string& recipient, const Sent& sent, base::Microseconds patience);
  void settle(const std::string& recipient, Standing::Kind kind, const std::string& fault);

  transport::EventLoop& loop_;
  target::Mailbox& mailbox_;
  std::vector<std::string> recipients_;
  Send send_;
  std::map<std::string, Standing> standings_;                      // by recipient
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);  // guards callbacks of what outlives this
};

}  // namespace smtpspec::runner
