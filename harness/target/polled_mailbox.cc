#include "harness/target/polled_mailbox.h"

#include <algorithm>
#include <utility>

namespace smtpspec::target {

namespace {

using namespace std::chrono_literals;

// Of the loop's time, at most one part in so many is spent on looking.
constexpr int kShareOfTime = 4;

}  // namespace

void PolledMailbox::fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) {
  Pending& one = pending_.emplace_back(Pending{std::move(query), std::move(callback), looks_ + 1});
  one.generation = index_.generation();
  if (one.query.deadline <= loop_.now()) {
    one.query.deadline = loop_.now() + kTimeToCount;
    one.is_count = true;
  }
  one.at_deadline = loop_.call_at(one.query.deadline, [this] {
    if (reading_ == Reading::not_yet) reading_ = Reading::given_up;
    if (!is_looking_) look();
    if (is_looking_) answer_those_who_have(true);
  });
  if (!is_looking_ && (one.is_count || !next_look_.is_pending()))
    next_look_ = loop_.call_after(0ms, [this] { look(); });
  else at_once_ = loop_.call_after(0ms, [this] { answer_those_who_have(false); });  // by what was read already
}

void PolledMailbox::look() {
  if (is_looking_ || pending_.empty()) return;
  is_looking_ = true;
  next_look_.cancel();
  const std::size_t number = ++looks_;
  const base::SteadyTime began = loop_.now();
  source_->look(index_, [this, number, began](const Look& look) {
    is_looking_ = false;
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(loop_.now() - began);
    const auto pause =
        std::max<std::chrono::microseconds>(source_->pause(), source_->is_on_loop() ? taken * (kShareOfTime - 1) : 0us);
    next_look_ = loop_.call_after(look.has_more ? 0us : pause, [this] { this->look(); });
    looked(number, look);
  });
}

void PolledMailbox::looked(std::size_t number, const Look& look) {
  if (look.error.empty()) reading_ = Reading::worked;
  const bool is_final = !look.is_passing_error || reading_ == Reading::given_up;
  for (Pending& one : pending_) {
    if (number < one.first_look) continue;
    one.error = look.error;
    if (look.error.empty() && !look.has_more) one.was_looked_for = true;
    if (!look.error.empty() && is_final) one.query.deadline = {};
  }
  answer_those_who_have(false);
}

// The callbacks may ask anew: only those who wait now are looked at.
void PolledMailbox::answer_those_who_have(bool is_looking) {
  std::vector<std::pair<std::function<void(const MailboxAnswer&)>, MailboxAnswer>> answers;
  for (auto one = pending_.begin(); one != pending_.end();) {
    examine(*one);
    if (auto answer = answer_for(*one, is_looking)) {
      answers.emplace_back(std::move(one->callback), std::move(*answer));
      one = pending_.erase(one);
    } else {
      ++one;
    }
  }
  for (const auto& [callback, answer] : answers) callback(answer);
}

void PolledMailbox::examine(Pending& pending) const {
  if (pending.generation != index_.generation()) {
    pending.generation = index_.generation();
    pending.examined = 0;
    pending.found.clear();
  }
  if (pending.examined == index_.size()) return;
  const auto found = index_.find(pending.query.token, pending.examined, pending.query.recipient);
  pending.found.insert(pending.found.end(), found.begin(), found.end());
  pending.examined = index_.size();
}

std::optional<MailboxAnswer> PolledMailbox::answer_for(const Pending& pending, bool is_looking) const {
  const bool was_read = pending.query.at_least > 0 || pending.was_looked_for;
  if (was_read && static_cast<int>(pending.found.size()) >= pending.query.at_least)
    return index_.messages(pending.found);
  if (index_.is_full())
    return base::make_unexpected("the mailbox holds more than " + std::to_string(kMaxMessages) + " messages or " +
                                 std::to_string(kMaxHeldOctets) + " octets");
  if (pending.is_count && pending.was_looked_for && pending.error.empty()) return index_.messages(pending.found);
  if (loop_.now() < pending.query.deadline) return std::nullopt;
  if (!pending.error.empty()) return base::make_unexpected(pending.error);
  if (pending.was_looked_for) return index_.messages(pending.found);
  if (!is_looking) return std::nullopt;
  return base::make_unexpected(std::string("the mailbox did not answer in time"));
}

}  // namespace smtpspec::target
