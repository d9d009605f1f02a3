#include "fuzz/oracles/dialogue.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/base/line_end.h"
#include "harness/base/octets.h"
#include "harness/wire/capabilities.h"

namespace smtpspec::fuzz {

namespace {

using wire::Verb;

constexpr std::size_t kShownOctets = 80;
constexpr std::size_t kMostInExchange = 3;  // replies: one for a name, one for a password, and the refusal

bool is_not_understood(int code) { return code == 500 || code == 501 || code == 502; }

bool looks_alike(const wire::DataScan& scan) { return scan.bare_crs + scan.bare_lfs > 0 || scan.has_nul; }

std::optional<std::uint64_t> size_of(const wire::Reply& ehlo) {
  const auto size = wire::find_advertised(ehlo, "SIZE");
  if (!size) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(size->data(), size->data() + size->size(), value);
  if (error != std::errc() || end != size->data() + size->size()) return std::nullopt;
  return value;
}

// In any letter case.
bool mentions_quit(std::string_view octets) {
  for (const char first : {'Q', 'q'})
    for (std::size_t at = octets.find(first); at != std::string_view::npos; at = octets.find(first, at + 1))
      if (base::starts_with_ignoring_case(octets.substr(at), "QUIT")) return true;
  return false;
}

}  // namespace

Dialogue::Dialogue(bool is_lmtp) : is_lmtp_(is_lmtp) {
  constexpr std::size_t kUsualTurns = 32;
  constexpr std::size_t kUsualTexts = 500;   // octets
  constexpr std::size_t kUsualSections = 4;  // at one time
  turns_.reserve(kUsualTurns);
  texts_.reserve(kUsualTexts);
  sections_.reserve(kUsualSections);
  turns_.push_back({TurnKind::greeting});
}

void Dialogue::sent(std::string_view octets, std::size_t step) {
  if (octets.empty()) return;
  sent_ += octets.size();
  sections_.emplace_back(sent_, step);
  // What stood there was looked through; only its end may begin a word.
  const std::size_t known = buffer_.size() - std::min<std::size_t>(buffer_.size(), 3);
  buffer_ += octets;
  has_said_quit_ = has_said_quit_ || mentions_quit(std::string_view(buffer_).substr(known));
  advance();
}

void Dialogue::received(const wire::Reply& reply) {
  ++replies_;
  // A handshake is expected where by our count none can be: the server counts another way, and waits for TLS.
  if (reply.code == 220 && replies_ > 1 && turns_.back().verb != Verb::starttls) lose_track();
  has_unasked_farewell_ = has_unasked_farewell_ || (reply.code == 221 && !has_said_quit_);
  last_code_ = reply.code;
  refusals_ += reply.first_digit() == 5;
  if (waiting_.empty() && state_ != State::over && owes_reply()) take(reply);
  else waiting_.push_back(reply);
  advance();
}

void Dialogue::tls_established() {
  if (state_ != State::handshake) is_sure_ = false;
  injected_octets_ += buffer_.size();
  consumed_ += buffer_.size();
  buffer_.clear();
  // Replies that were in clear behind the 220 cannot be told from those to injected commands: they are surplus.
  state_ = State::command;
  reset_transaction(Verb::starttls);
  standing_.is_tls = true;
  standing_.is_authenticated = false;
  advertised_size_.reset();
  offers_chunking_ = false;
  offers_pipelining_ = false;
}

std::size_t Dialogue::unanswered() const {
  if (state_ == State::over) return 0;
  std::size_t count = owes_reply();
  if (state_ != State::command || count == 0) return count;
  // Lines behind the turn that waits; what a message or a chunk would take of them is unknown, so one at most counts.
  return count + (buffer_.find("\r\n") != std::string::npos);
}

bool Dialogue::has_look_alike() const {
  if (state_ == State::body) {
    wire::DataDecoder decoder;
    std::string content;
    decoder.feed(buffer_, content);
    if (looks_alike(decoder.scan())) return true;
  }
  return std::any_of(turns_.begin(), turns_.end(), [](const Turn& turn) { return turn.has_look_alike; });
}

bool Dialogue::answers_the_end() const {
  if (owes_reply()) return false;
  if (state_ == State::sasl && surplus() <= kMostInExchange) {
    return std::none_of(waiting_.begin(), waiting_.end(),
                        [](const wire::Reply& reply) { return reply.first_digit() == 2; });
  }
  if (surplus() != 1) return false;
  const bool is_chunk = state_ == State::command && buffer_.find("\r\n") != std::string::npos;
  if (state_ == State::body || is_chunk) return waiting_.front().first_digit() >= 4;
  return state_ == State::sasl || (state_ == State::command && !buffer_.empty());
}

std::size_t Dialogue::surplus() const {
  return static_cast<std::size_t>(
      std::count_if(waiting_.begin(), waiting_.end(), [](const wire::Reply& reply) { return reply.code != 421; }));
}

void Dialogue::advance() {
  while (state_ != State::over) {
    if (owes_reply()) {
      if (waiting_.empty()) return;
      const wire::Reply reply = std::move(waiting_.front());
      waiting_.erase(waiting_.begin());
      take(reply);
    } else if (!read_turn()) {
      // Unasked, and the last that comes.
      if (!waiting_.empty() && waiting_.front().code == 421) state_ = State::over;
      return;
    }
  }
}

bool Dialogue::read_turn() {
  switch (state_) {
    case State::command:
    case State::sasl:
      return read_command();
    case State::body:
      return read_body();
    case State::handshake:
    case State::over:
      return false;
  }
  return false;
}

// `text` may stand in the buffer, `octets` of which the turn has used up.
void Dialogue::begin_turn(const Turn& begun, std::string_view text, std::size_t octets) {
  Turn& turn = turns_.emplace_back(begun);
  turn.text_begin = texts_.size();
  turn.text_octets = text.size();
  texts_ += text;
  buffer_.erase(0, octets);
  consumed_ += octets;
  while (sections_.size() > 1 && sections_.front().first < consumed_) sections_.erase(sections_.begin());
  turn.step = sections_.empty() ? 0 : sections_.front().second;
  turn.before = standing_;
}

bool Dialogue::read_command() {
  std::size_t end = base::find_cr_or_lf(buffer_);
  if (end == std::string::npos) return false;
  if (!std::string_view(buffer_).substr(end).starts_with("\r\n")) {
    // A last CR may be half of a line's end.
    if (buffer_[end] == '\n' || end + 1 < buffer_.size()) is_sure_ = false;
    end = buffer_.find("\r\n", end);
    if (end == std::string::npos) return false;
  }
  const std::string_view line = std::string_view(buffer_).substr(0, end);
  if (line.empty() && state_ == State::command) lose_track();
  Turn turn;
  if (state_ == State::sasl) {
    turn.kind = TurnKind::sasl;
    turn.verb = Verb::auth;
    begin_turn(turn, line.substr(0, kShownOctets), end + 2);
    return true;
  }
  const wire::CommandLine command = wire::split_command(line);
  turn.verb = command.verb;
  std::size_t octets = end + 2;
  if (command.verb == Verb::bdat) {
    turn.kind = TurnKind::chunk;
    const auto chunk = wire::parse_bdat(command.argument);
    const bool is_whole = chunk && buffer_.size() - octets >= chunk->chunk_octets;
    // To a server that did not offer to take it the chunk may be commands.
    if (!offers_chunking_) lose_track();
    const bool is_refused_early = !waiting_.empty() && (!offers_chunking_ || is_not_understood(waiting_.front().code));
    if (is_whole) turn.octets = static_cast<std::size_t>(chunk->chunk_octets);
    else if (chunk && !is_refused_early) return false;
    else lose_track();  // nobody knows how many octets belong to it
    if (is_whole && chunk->is_last && is_lmtp_) {
      // One reply for each recipient, none without one (RFC 2033 §4.3); but many refuse the chunk once.
      lose_track();
      turn.due = standing_.recipients;
    }
    octets += turn.octets;
  }
  begin_turn(turn, line, octets);
  if (turn.due == 0) reset_transaction(Verb::unknown);
  return true;
}

bool Dialogue::read_body() {
  wire::DataDecoder decoder;
  std::string content;
  const std::size_t octets = decoder.feed(buffer_, content);
  if (!decoder.is_complete()) return false;
  Turn turn{TurnKind::body};
  turn.octets = content.size();
  turn.has_look_alike = looks_alike(decoder.scan());
  turn.due = is_lmtp_ ? standing_.recipients : 1;
  begin_turn(turn, std::string_view(buffer_).substr(0, kShownOctets), octets);
  state_ = State::command;
  if (turn.due == 0) reset_transaction(Verb::unknown);
  return true;
}

void Dialogue::reset_transaction(Verb by) {
  if (standing_.has_mail || by != Verb::unknown) {
    standing_.reset_by = by;
    standing_.reset_had_mail = standing_.has_mail;
    standing_.reset_recipients = standing_.recipients;
  }
  standing_.has_mail = false;
  standing_.recipients = 0;
}

void Dialogue::take(const wire::Reply& reply) {
  ++turns_.back().replies;
  turns_.back().code = reply.code;
  if (reply.code == 421) {
    state_ = State::over;
    return;
  }
  if (turns_.back().is_answered()) answered(turns_.back(), reply);
}

void Dialogue::answered(const Turn& turn, const wire::Reply& reply) {
  switch (turn.kind) {
    case TurnKind::greeting:
      return;
    case TurnKind::body:
      return reset_transaction(Verb::unknown);
    case TurnKind::sasl:
      if (reply.code == 334) return;
      state_ = State::command;
      standing_.is_authenticated = standing_.is_authenticated || reply.first_digit() == 2;
      return;
    case TurnKind::chunk:
      // Not understood: then what was sent as a chunk may have been read as commands.
      if (is_not_understood(reply.code)) lose_track();
      // What a refused one leaves of the transaction, nobody says for certain (RFC 3030 §2).
      if (const auto chunk = wire::parse_bdat(wire::split_command(text_of(turn)).argument);
          chunk && chunk->is_last && reply.first_digit() == 2) {
        reset_transaction(Verb::unknown);
      }
      return;
    case TurnKind::command:
      return command_answered(turn, reply);
  }
}

void Dialogue::command_answered(const Turn& turn, const wire::Reply& reply) {
  const bool is_granted = reply.first_digit() == 2;
  if (reply.first_digit() == 3 && turn.verb != Verb::data && turn.verb != Verb::auth) lose_track();
  switch (turn.verb) {
    case Verb::ehlo:
    case Verb::lhlo:
      if (is_granted) {
        advertised_size_ = size_of(reply);
        offers_chunking_ = wire::find_advertised(reply, "CHUNKING").has_value();
        offers_pipelining_ = wire::find_advertised(reply, "PIPELINING").has_value();
      }
      [[fallthrough]];
    case Verb::helo:
    case Verb::rset:
      if (is_granted) reset_transaction(turn.verb);
      return;
    case Verb::mail:
      standing_.has_mail = standing_.has_mail || is_granted;
      return;
    case Verb::rcpt:
      standing_.recipients += is_granted;
      return;
    case Verb::data:
      if (reply.code == 354) state_ = State::body;
      return;
    case Verb::auth:
      if (reply.code == 334) state_ = State::sasl;
      else standing_.is_authenticated = standing_.is_authenticated || is_granted;
      return;
    case Verb::starttls:
      if (reply.code == 220) state_ = State::handshake;
      return;
    case Verb::quit:
      if (reply.code == 221) state_ = State::over;
      return;
    case Verb::turn:
    case Verb::atrn:
    case Verb::burl:
    case Verb::unknown:
      // The roles are changed, a message is fetched, or a private extension is spoken; but for a farewell, which is
      // that or the reply to a QUIT that follows.
      if (is_granted && reply.code != 221) lose_track();
      return;
    case Verb::bdat:
    case Verb::vrfy:
    case Verb::expn:
    case Verb::help:
    case Verb::noop:
    case Verb::etrn:
      return;
  }
}

}  // namespace smtpspec::fuzz
