// A mailbox that is looked into again and again, by one look for all who ask. For this room's sources.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/target/mailbox.h"
#include "harness/target/message_index.h"

namespace smtpspec::target {

struct Look {
  // Why the place could not be read; "": it could.
  std::string error{};
  // Whether the error may go away by itself, as that of a network may: it is told at the deadline only.
  bool is_passing_error = false;
  // Whether there is more than this look has taken in.
  bool has_more = false;
};

class MessageSource {
 public:
  virtual ~MessageSource() = default;
  // Adds to the index what was not there at the look before, then calls once: from inside the call, or on the loop
  // unless the source is destroyed first.
  virtual void look(MessageIndex& index, std::function<void(const Look&)> done) = 0;
  // At least so long between two looks.
  virtual std::chrono::milliseconds pause() const { return std::chrono::milliseconds(20); }
  // Whether a look takes the loop's own time, which others need as well.
  virtual bool is_on_loop() const { return true; }
};

class PolledMailbox final : public Mailbox {
 public:
  PolledMailbox(transport::EventLoop& loop, std::unique_ptr<MessageSource> source)
      : loop_(loop), source_(std::move(source)) {}

  void fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) override;

 private:
  struct Pending {
    MailQuery query;
    std::function<void(const MailboxAnswer&)> callback;
    std::size_t first_look;  // the first look that began after the question
    bool is_count = false;   // it may not take time, so that one look is enough
    bool was_looked_for = false;
    std::string error{};
    std::vector<std::size_t> found{};
    std::size_t examined = 0;  // so many messages of the index
    std::size_t generation = 0;
    transport::Timer at_deadline{};
  };

  void look();
  void looked(std::size_t number, const Look& look);
  void answer_those_who_have(bool is_looking);
  void examine(Pending& pending) const;
  std::optional<MailboxAnswer> answer_for(const Pending& pending, bool is_looking) const;

  transport::EventLoop& loop_;
  MessageIndex index_;
  std::list<Pending> pending_;
  std::size_t looks_ = 0;  // begun
  bool is_looking_ = false;
  // Whether the place could ever be read. Once it could not until somebody's deadline, nobody waits for it any more.
  enum class Reading { not_yet, given_up, worked } reading_ = Reading::not_yet;
  transport::Timer next_look_;
  transport::Timer at_once_;
  std::unique_ptr<MessageSource> source_;  // last: its end must find nothing of ours gone
};

}  // namespace smtpspec::target
