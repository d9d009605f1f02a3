// The mailbox that a user has named, which may not be that of the recipient. That a message is not in it says something
// of the server only where another one to the same recipient has come into it.
//
// Promise: as Mailbox. Before "not there" is answered, and nothing for the recipient has been found as yet, a plain
// message is sent to him and looked for: if it comes, "not there" holds; if not, the answer is an error, then and from
// there on at once. One such message is sent to a recipient, and none where his mail is found soon.
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
  void settle(const std::string& recipient, std::string fault);

  transport::EventLoop& loop_;
  target::Mailbox& mailbox_;
  std::vector<std::string> recipients_;
  Send send_;
  std::map<std::string, Standing> standings_;                      // by recipient
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);  // guards callbacks of what outlives this
};

}  // namespace smtpspec::runner
