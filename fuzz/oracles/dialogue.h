// Which reply answers what: one connection as a client that knows SMTP would read it. It is told what was sent and what
// came back, in any interleaving, and cuts what was sent into turns, each of which is due one reply or, behind an LMTP
// message, several. Pure.
//
// Only CRLF ends a line and only CRLF.CRLF ends a message (RFC 5321 §2.3.8, §4.1.1.4). Where the RFCs leave open how a
// server cuts what was sent (bare CR or LF in a command, an empty line, BDAT that was not understood, a private verb
// that was taken), is_sure() becomes false, and counting proves nothing from there on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/wire/command.h"
#include "harness/wire/dot_stuffing.h"
#include "harness/wire/reply.h"

namespace smtpspec::fuzz {

enum class TurnKind { greeting, command, chunk, body, sasl };

// What the server has granted so far in this session.
struct Standing {
  std::size_t recipients = 0;  // accepted in this transaction
  bool has_mail = false;
  bool is_tls = false;
  bool is_authenticated = false;
  // What took the last transaction back, and what it then held; unknown: nothing did.
  bool reset_had_mail = false;
  wire::Verb reset_by = wire::Verb::unknown;
  std::size_t reset_recipients = 0;
};

struct Turn {
  TurnKind kind = TurnKind::command;
  wire::Verb verb = wire::Verb::unknown;  // of a command or chunk
  std::size_t text_begin = 0;             // for Dialogue::text_of()
  std::size_t text_octets = 0;            //
  std::size_t octets = 0;                 // of a message's content or a chunk
  bool has_look_alike = false;            // a message with bare CR, LF or NUL
  std::size_t due = 1;                    // replies
  std::size_t replies = 0;                // that came
  int code = -1;                          // of the last of these
  Standing before{};                      // when it was read
  std::size_t step = 0;                   // of the input, as sent() was told
  bool is_answered() const { return replies >= due; }
};

class Dialogue {
 public:
  explicit Dialogue(bool is_lmtp = false);

  void sent(std::string_view octets, std::size_t step = 0);
  void received(const wire::Reply& reply);
  // The handshake behind a 220 is done: what was sent in clear behind STARTTLS is gone.
  void tls_established();

  // A turn is complete and not all of its replies have come.
  bool owes_reply() const { return !turns_.back().is_answered(); }
  // What the server waits for.
  bool expects_body() const { return state_ == State::body && !owes_reply(); }
  bool expects_sasl() const { return state_ == State::sasl && !owes_reply(); }
  bool expects_command() const { return state_ == State::command && !owes_reply() && buffer_.empty(); }
  // What is sent now is a command, for all that can be known: also while one is unanswered.
  bool reads_commands() const { return state_ == State::command && (buffer_.empty() || buffer_.ends_with("\r\n")); }
  bool expects_handshake() const { return state_ == State::handshake; }
  // A 421, or the 221 of QUIT: nothing more is owed.
  bool is_over() const { return state_ == State::over; }

  const std::vector<Turn>& turns() const { return turns_; }
  // A command's line; the first octets of anything else.
  std::string_view text_of(const Turn& turn) const {
    return std::string_view(texts_).substr(turn.text_begin, turn.text_octets);
  }
  // Turns that were sent whole and are not answered, or not wholly; 0 once it is over.
  std::size_t unanswered() const;
  // Replies that answer nothing; an unasked 421 is none (RFC 5321 §3.8).
  std::size_t surplus() const;
  bool is_sure() const { return is_sure_; }
  // The server may also wait for more, or owe nothing: silence and an end without a word prove nothing from there on. A
  // bare CR or LF within a line is no such place: the line's CRLF is due something.
  bool may_wait() const { return may_wait_; }
  // Something was begun and not finished, and the one reply that is left over may be about that: a server that hears no
  // more may refuse a message or a chunk, may go through all of an exchange, and whether it answers a line without its
  // CRLF is its affair.
  bool answers_the_end() const;
  // A message, finished or not, holds something that looks like its end.
  bool has_look_alike() const;
  // A 221 came before anybody had said QUIT: so some servers part from clients that do not speak SMTP.
  bool has_unasked_farewell() const { return has_unasked_farewell_; }
  // Octets that stood in clear behind STARTTLS when the handshake began.
  std::size_t injected_octets() const { return injected_octets_; }
  std::optional<std::uint64_t> advertised_size() const { return advertised_size_; }  // none, or 0: no limit is known
  bool offers_pipelining() const { return offers_pipelining_; }
  const Standing& standing() const { return standing_; }
  int last_code() const { return last_code_; }
  std::size_t replies() const { return replies_; }
  std::size_t refusals() const { return refusals_; }  // 5yz

 private:
  enum class State { command, body, sasl, handshake, over };

  void advance();
  void lose_track() { is_sure_ = false, may_wait_ = true; }
  bool read_turn();  // false: nothing whole is there
  bool read_command();
  bool read_body();
  void begin_turn(const Turn& turn, std::string_view text, std::size_t octets);
  void take(const wire::Reply& reply);
  void answered(const Turn& turn, const wire::Reply& reply);
  void command_answered(const Turn& turn, const wire::Reply& reply);
  void reset_transaction(wire::Verb by);

  bool is_lmtp_;
  State state_ = State::command;
  bool is_sure_ = true;
  bool may_wait_ = false;
  std::string buffer_;        // sent, and not yet part of a turn
  std::size_t consumed_ = 0;  // octets that were
  std::size_t sent_ = 0;      //
  // Both are short and taken from at the front; an empty deque would have octets of its own.
  std::vector<std::pair<std::size_t, std::size_t>> sections_;  // where a step's octets end, and which step
  std::vector<wire::Reply> waiting_;                           // came, and answers nothing yet
  std::vector<Turn> turns_;
  std::string texts_;  // of all turns
  Standing standing_;
  std::optional<std::uint64_t> advertised_size_;
  bool offers_chunking_ = false;
  bool offers_pipelining_ = false;
  bool has_said_quit_ = false;
  bool has_unasked_farewell_ = false;
  std::size_t injected_octets_ = 0;
  int last_code_ = -1;
  std::size_t replies_ = 0;
  std::size_t refusals_ = 0;
};

}  // namespace smtpspec::fuzz
