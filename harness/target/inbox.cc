#include "harness/target/inbox.h"

#include <chrono>
#include <cstddef>
#include <utility>

#include "harness/target/polled_mailbox.h"

namespace smtpspec::target {

// What has come and was not looked at yet.
struct Inbox::Arrivals {
  std::vector<verdict::StoredMessage> messages{};
  std::size_t count = 0;   // all that ever came
  std::size_t octets = 0;  // of all that ever came
  bool is_overfull = false;
};

namespace {

std::size_t size_of(const verdict::StoredMessage& message) {
  std::size_t octets = message.octets.size();
  if (!message.envelope) return octets;
  octets += message.envelope->mail.size();
  for (const std::string& rcpt : message.envelope->rcpts) octets += rcpt.size();
  return octets;
}

template <class Arrivals>
class InboxSource final : public MessageSource {
 public:
  explicit InboxSource(std::shared_ptr<Arrivals> arrivals) : arrivals_(std::move(arrivals)) {}

  void look(MessageIndex& index, std::function<void(const Look&)> done) override {
    for (verdict::StoredMessage& message : std::exchange(arrivals_->messages, {})) index.add(std::move(message));
    done(arrivals_->is_overfull ? Look{"more mail has come to the next hop than is kept"} : Look{});
  }

  // There is nothing to be read: a look costs next to nothing.
  std::chrono::milliseconds pause() const override { return std::chrono::milliseconds(5); }
  bool is_on_loop() const override { return false; }

 private:
  std::shared_ptr<Arrivals> arrivals_;
};

}  // namespace

Inbox::Inbox(transport::EventLoop& loop)
    : arrivals_(std::make_shared<Arrivals>()),
      mailbox_(std::make_unique<PolledMailbox>(loop, std::make_unique<InboxSource<Arrivals>>(arrivals_))) {}

Inbox::~Inbox() = default;

void Inbox::add(verdict::StoredMessage message) {
  ++arrivals_->count;
  arrivals_->octets += size_of(message);
  if (arrivals_->count > kMaxMessages || arrivals_->octets > kMaxHeldOctets) arrivals_->is_overfull = true;
  else arrivals_->messages.push_back(std::move(message));
}

void Inbox::fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) {
  mailbox_->fetch(std::move(query), std::move(callback));
}

}  // namespace smtpspec::target
