#include "fuzz/campaign/line.h"

#include <algorithm>
#include <utility>

namespace smtpspec::fuzz {

namespace {
constexpr std::size_t kReceiveOctets = 16 * 1024;
constexpr milliseconds kLittlePatience{2};
// So long a server is waited for without a turn of the loop, which is then to hear what its processes have to say.
constexpr milliseconds kWithoutLoop{2};

// A record of TLS, and no reply: the server takes what was said in clear for a handshake, and says what it thinks of
// it.
bool is_tls_record(std::string_view octets) {
  return !octets.empty() && octets.front() >= '\x14' && octets.front() <= '\x17';
}
}  // namespace

Line::Line(transport::EventLoop& loop, target::Target& target, std::shared_ptr<transport::ClientTls> tls, bool is_lmtp)
    : loop_(loop), target_(target), tls_(std::move(tls)), connection_(loop, kReceiveOctets) {
  talk_.dialogue = Dialogue(is_lmtp);
  if (!target.is_on_this_loop()) connection_.answer_at_once(kWithoutLoop);
}

// Every operation of a connection is answered exactly once, at once or by the loop.
template <class Begin>
void Line::wait(Begin begin) {
  bool is_done = false;
  bool is_waiting = false;
  begin([&] {
    is_done = true;
    if (is_waiting) loop_.stop();
  });
  if (is_done) return;
  is_waiting = true;
  loop_.run();
}

void Line::open(milliseconds time, bool is_implicit_tls) {
  const auto deadline = loop_.now() + time;
  wait([&](auto done) {
    target_.connect(connection_, deadline, [this, done](const transport::ConnectResult& result) {
      is_open_ = result.is_connected();
      was_refused_ = result.status == transport::ConnectStatus::refused;
      done();
    });
  });
  if (is_open_ && is_implicit_tls) handshake(time);
}

bool Line::await_greeting(milliseconds time) {
  if (is_open_) await_reply(time);
  return is_open_ && !talk_.dialogue.owes_reply();
}

void Line::send(std::string octets, std::size_t step, milliseconds time) {
  if (!is_open_ || octets.empty()) return;
  wait([&](auto done) {
    connection_.send(octets, loop_.now() + time, [done](const transport::SendResult&) { done(); });
  });
  // The server is at it meanwhile.
  talk_.dialogue.sent(octets, step);
}

bool Line::receive(milliseconds time) {
  const bool has_octets = receive_unread(time);
  if (has_octets) take_replies();
  return has_octets;
}

bool Line::receive_unread(milliseconds time) {
  if (!is_open_) return false;
  bool has_octets = false;
  wait([&](auto done) {
    connection_.receive(loop_.now() + time, [&, done](const transport::ReceiveResult& result) {
      switch (result.status) {
        case transport::ReceiveStatus::octets:
          parser_.feed(result.octets);
          has_octets = true;
          break;
        case transport::ReceiveStatus::timed_out:
          is_silent_ = true;
          break;
        case transport::ReceiveStatus::peer_closed:
          talk_.end = End::closed;
          is_open_ = false;
          break;
        case transport::ReceiveStatus::reset:
          talk_.end = End::reset;
          is_open_ = false;
          break;
        case transport::ReceiveStatus::failed:
          talk_.end = End::failed;
          is_open_ = false;
          break;
      }
      done();
    });
  });
  return has_octets;
}

void Line::take_replies() {
  while (auto reply = parser_.next()) {
    const auto& turns = talk_.dialogue.turns();
    const auto is_starttls = [](const Turn& turn) { return turn.verb == wire::Verb::starttls; };
    if (is_tls_record(reply->raw) && std::any_of(turns.begin(), turns.end(), is_starttls)) {
      talk_.has_tls_trouble = true;
      parser_.reset();
      return;
    }
    talk_.dialogue.received(*reply);
    talk_.replies.push_back(std::move(*reply));
  }
}

void Line::await_reply(milliseconds time) {
  while (is_open_ && !is_silent_ && talk_.dialogue.owes_reply()) {
    // Where nobody knows whether a reply is due, it is not waited for long, and its absence is no silence.
    const bool may_wait = talk_.dialogue.may_wait();
    if (receive(may_wait ? std::min(patience_, time) : time) || !may_wait) continue;
    // A server that reads a chunk will say nothing to the next commands either.
    patience_ = kLittlePatience;
    is_silent_ = false;
    return;
  }
}

void Line::drain(milliseconds time) {
  while (is_open_ && !is_silent_) receive(time);
}

void Line::drain_unread(milliseconds time) {
  while (is_open_ && !is_silent_) receive_unread(time);
}

void Line::handshake(milliseconds time) {
  if (!is_open_ || !tls_) return;
  bool is_ok = false;
  wait([&](auto done) {
    connection_.start_tls(tls_, "", loop_.now() + time, [&, done](const transport::TlsResult& result) {
      is_ok = result.is_ok;
      done();
    });
  });
  if (is_ok) {
    parser_.reset();
    if (talk_.dialogue.expects_handshake()) talk_.dialogue.tls_established();
    return;
  }
  talk_.has_tls_trouble = true;
  talk_.end = End::failed;
  is_open_ = false;
}

void Line::half_close() {
  if (is_open_ && !std::exchange(is_half_closed_, true)) connection_.half_close();
}

ConnectionTalk Line::finish() {
  if (is_open_ && is_silent_) talk_.end = End::silent;
  take_replies();
  talk_.partial_reply = parser_.take_pending();
  // FIN, and not RST, so that a server does not take our end for an accident.
  connection_.close();
  return std::move(talk_);
}

}  // namespace smtpspec::fuzz
