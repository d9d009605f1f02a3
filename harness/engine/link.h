// One connection as the conversation sees it: what was sent and so is owed an answer, what came and is not yet used,
// what the server advertised. Follows the stream of sent octets closely enough to know what each reply answers.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/engine/event.h"
#include "harness/engine/expectation.h"
#include "harness/wire/capabilities.h"
#include "harness/wire/reply.h"

namespace smtpspec::engine {

struct AnsweredReply {
  wire::Reply reply;
  ReplyContext context;
  base::Microseconds at{0};  // when its last octet came
};

class Link {
 public:
  enum class State { unopened, open, closed, reset };

  void opened(base::Microseconds at);
  void ended(bool by_reset, bool is_notified = false) {
    state_ = by_reset ? State::reset : State::closed;
    is_notified_ = is_notified;
  }
  void set_tls(const TlsUp& tls) { tls_ = tls; }
  // A new TLS session: what was known is forgotten (RFC 3207 §4.2), what was buffered is dropped.
  void entered_tls(const TlsUp& tls);

  // Octets on their way to the kernel. `is_malformed` marks their command lines as such.
  void sent(std::string_view octets, bool is_malformed, base::Microseconds at);
  // The kernel has taken the last of them.
  void written(base::Microseconds at) { last_sent_ = at; }
  // Returns the replies that became complete; they also wait to be taken.
  std::vector<wire::Reply> received(std::string_view octets, base::Microseconds at);

  bool has_reply() const { return !replies_.empty(); }
  std::size_t replies_seen() const { return replies_seen_; }
  std::size_t replies_queued() const { return replies_.size(); }
  AnsweredReply take_reply();
  // The EHLO replies since the last call.
  std::vector<wire::Capabilities> take_advertisements() { return std::exchange(advertisements_, {}); }
  // The server has kept silent where a reply was due: the next expectation need not wait again.
  void give_up_waiting() { has_given_up_ = true; }
  bool has_given_up() const { return has_given_up_; }

  // What the next reply will answer.
  ReplyContext next_answer() const { return replies_.size() < owed_.size() ? owed_[replies_.size()] : ReplyContext{}; }

  State state() const { return state_; }
  bool is_open() const { return state_ == State::open; }
  bool is_over() const { return state_ == State::closed || state_ == State::reset; }
  bool owes_reply() const { return owed_.size() > replies_.size(); }
  bool is_reading_message() const { return is_in_data_; }
  bool is_between_commands() const { return is_open() && !owes_reply() && !is_in_data_ && line_.empty(); }
  // The next line answers a 334 (RFC 4954 §4): it is no command, and a secret.
  bool is_in_auth() const { return is_in_auth_; }
  const wire::Capabilities* capabilities() const { return capabilities_ ? &*capabilities_ : nullptr; }
  bool answered_ehlo_in_one_line() const { return ehlo_in_one_line_; }
  // STARTTLS was answered 220 and no handshake has been: what comes in clear now need not be a reply.
  bool is_tls_due() const { return is_tls_due_; }
  // The end of the stream was told within TLS, by close_notify.
  bool was_notified() const { return is_notified_; }
  // Of the latest handshake; version 0: there was none.
  const TlsUp& tls() const { return tls_; }
  base::Microseconds last_sent() const { return last_sent_; }

 private:
  void sent_line(std::string_view line, bool is_malformed);
  // Counts the MAIL commands of the session and the RCPT commands of the transaction that are sent, and tells of the
  // one that is too many.
  ReplyContext::Beyond counted(wire::Verb verb);

  State state_ = State::unopened;
  wire::ReplyParser parser_;
  std::deque<ReplyContext> owed_;      // what was sent and is not yet answered by a taken reply, oldest first
  std::deque<AnsweredReply> replies_;  // complete, not yet taken
  std::size_t replies_seen_ = 0;
  std::string line_;            // sent so far of a line without its CRLF
  std::size_t chunk_left_ = 0;  // octets of a BDAT chunk still to be sent
  std::vector<wire::Capabilities> advertisements_;
  bool has_given_up_ = false;
  bool is_in_data_ = false;
  bool is_in_auth_ = false;
  bool is_tls_due_ = false;  // STARTTLS was answered 220, and no handshake has been
  bool ehlo_in_one_line_ = false;
  bool is_notified_ = false;
  std::size_t mails_ = 0;
  std::size_t recipients_ = 0;
  TlsUp tls_;
  std::optional<wire::Capabilities> capabilities_;
  base::Microseconds last_sent_{0};
};

}  // namespace smtpspec::engine
