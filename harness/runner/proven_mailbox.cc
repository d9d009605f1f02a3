#include "harness/runner/proven_mailbox.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/runner/token.h"

namespace smtpspec::runner {
namespace {

// A message may go to a hundred, and a hundred more would be much: of many, so many are proven, spread over all.
constexpr std::size_t kMostProven = 8;

// A message that is not there after so long is not waited for alone: the proof is begun beside it, so that those who
// wait together wait for one deadline and not for two.
constexpr auto kSoon = std::chrono::seconds(1);

constexpr const char* kNotApart =
    "it does not keep messages apart: what is found as one message holds another one, too (a command prints one "
    "message, or several as an mbox)";

bool keeps_apart(const target::MailboxAnswer& answer, const std::string& token) {
  return !answer || std::none_of(answer->begin(), answer->end(), [&](const verdict::StoredMessage& message) {
    return holds_other_token(message.octets, token);
  });
}

std::string seconds(base::Microseconds duration) {
  return fmt::format("{:.3g} s", std::chrono::duration<double>(duration).count());
}

}  // namespace

ProvenMailbox::ProvenMailbox(transport::EventLoop& loop, target::Mailbox& mailbox, std::vector<std::string> recipients,
                             Send send)
    : loop_(loop), mailbox_(mailbox), recipients_(std::move(recipients)), send_(std::move(send)) {}

void ProvenMailbox::fetch(target::MailQuery query, std::function<void(const target::MailboxAnswer&)> callback) {
  const base::SteadyTime now = loop_.now();
  // A question that may not take time counts what is there; whoever asks it has seen a marker arrive.
  if (query.at_least <= 0 || query.deadline <= now)
    return mailbox_.fetch(query, [query, callback = std::move(callback)](const target::MailboxAnswer& answer) {
      callback(keeps_apart(answer, query.token) ? answer : base::make_unexpected(std::string(kNotApart)));
    });
  Standing& standing = standings_[query.recipient];
  if (standing.kind == Standing::Kind::doubtful)
    return loop_.post(
        [callback = std::move(callback), fault = standing.fault] { callback(base::make_unexpected(fault)); });
  const auto patience = std::chrono::duration_cast<base::Microseconds>(query.deadline - now);
  if (standing.kind == Standing::Kind::unknown && !standing.soon.is_pending())
    standing.soon = loop_.call_after(kSoon, [this, recipient = query.recipient, patience] {
      if (standings_[recipient].kind == Standing::Kind::unknown) prove(recipient, patience, [](const std::string&) {});
    });
  mailbox_.fetch(query, [this, query, patience, callback = std::move(callback),
                         alive = std::weak_ptr<bool>(is_alive_)](const target::MailboxAnswer& answer) {
    if (!alive.lock()) return;
    if (!keeps_apart(answer, query.token)) {
      settle(query.recipient, Standing::Kind::doubtful, kNotApart);
      return callback(base::make_unexpected(std::string(kNotApart)));
    }
    // It proves nothing of this recipient: the message may have gone to others, too.
    if (answer && static_cast<int>(answer->size()) >= query.at_least) return callback(answer);
    prove_all(recipients_of(query), patience, [this, query, answer, callback](const std::string& fault) {
      if (!fault.empty()) return callback(base::make_unexpected(fault));
      if (answer) return callback(answer);
      // It could not be read, and can be now: some servers make it with the first message.
      mailbox_.fetch({query.recipient, query.token, query.at_least, loop_.now()}, callback);
    });
  });
}

std::vector<std::string> ProvenMailbox::recipients_of(const target::MailQuery& query) const {
  std::vector<std::string> all{query.recipient};
  if (query.at_least == 1 || recipients_.empty()) return all;
  const std::size_t wanted = std::min(kMostProven, recipients_.size());
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::string& one = recipients_[wanted == 1 ? 0 : i * (recipients_.size() - 1) / (wanted - 1)];
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
  return all;
}

void ProvenMailbox::prove_all(std::vector<std::string> recipients, base::Microseconds patience, Told told) {
  if (recipients.empty()) return told("");
  const std::string last = std::move(recipients.back());
  recipients.pop_back();
  prove(last, patience,
        [this, recipients = std::move(recipients), patience, told = std::move(told)](const std::string& fault) {
          if (fault.empty()) prove_all(recipients, patience, told);
          else told(fault);
        });
}

void ProvenMailbox::prove(const std::string& recipient, base::Microseconds patience, Told told) {
  Standing& standing = standings_[recipient];
  if (standing.kind == Standing::Kind::proven || standing.kind == Standing::Kind::doubtful) return told(standing.fault);
  standing.waiting.push_back(std::move(told));
  if (std::exchange(standing.kind, Standing::Kind::being_asked) == Standing::Kind::being_asked) return;
  send_(recipient, [this, recipient, patience, alive = std::weak_ptr<bool>(is_alive_)](const Sent& sent) {
    if (!alive.lock()) return;
    look_for(recipient, sent, patience);
  });
}

void ProvenMailbox::look_for(const std::string& recipient, const Sent& sent, base::Microseconds patience) {
  const std::string whose = base::escape(recipient);
  if (sent.token.empty())
    return settle(recipient, Standing::Kind::unknown,
                  fmt::format("whether it is that of {} is not known: a plain message to it was not taken: {}", whose,
                              sent.refusal));
  mailbox_.fetch({recipient, sent.token, 1, loop_.now() + patience},
                 [this, recipient, whose, token = sent.token, patience,
                  alive = std::weak_ptr<bool>(is_alive_)](const target::MailboxAnswer& answer) {
                   if (!alive.lock()) return;
                   if (!answer) return settle(recipient, Standing::Kind::doubtful, answer.error());
                   if (!keeps_apart(answer, token)) return settle(recipient, Standing::Kind::doubtful, kNotApart);
                   if (!answer->empty()) return settle(recipient, Standing::Kind::proven, "");
                   settle(recipient, Standing::Kind::doubtful,
                          fmt::format("a plain message to {}, which the server took, has not come into it within {} "
                                      "either: it is another's, or the server loses all that is sent there",
                                      whose, seconds(patience)));
                 });
}

void ProvenMailbox::settle(const std::string& recipient, Standing::Kind kind, const std::string& fault) {
  Standing& standing = standings_[recipient];
  standing.kind = kind;
  standing.fault = fault;
  for (const auto& waiting : std::exchange(standing.waiting, {})) waiting(fault);
}

void ProvenMailbox::forget_doubts() {
  for (auto& [recipient, standing] : standings_)
    if (standing.kind == Standing::Kind::doubtful) standing.kind = Standing::Kind::unknown;
}

}  // namespace smtpspec::runner
