// One connection of a session of the player, as calls that wait. For the sources of this room only.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/oracles/judge.h"
#include "harness/target/target.h"
#include "harness/transport/connection.h"

namespace smtpspec::fuzz {

using std::chrono::milliseconds;

class Line {
 public:
  Line(transport::EventLoop& loop, target::Target& target, std::shared_ptr<transport::ClientTls> tls, bool is_lmtp);

  // Connects; what is_open() tells then.
  void open(milliseconds time, bool is_implicit_tls);
  // Reads until the greeting is there. False: there is none.
  bool await_greeting(milliseconds time);
  bool is_open() const { return is_open_; }
  bool is_tls() const { return connection_.is_tls(); }
  // How long to wait where nobody knows whether a reply is due.
  void set_patience(milliseconds time) { patience_ = time; }
  bool was_refused() const { return was_refused_; }

  // A peer that is gone is noticed by the next receive().
  void send(std::string octets, std::size_t step, milliseconds time);
  // Octets once; false: the end, or nothing in this time (is_silent()).
  bool receive(milliseconds time);
  // Until nothing is owed, the end, or so long without an octet.
  void await_reply(milliseconds time);
  // To the end of the connection.
  void drain(milliseconds time);
  // The same, behind our last word: what came is read by finish(), when nobody waits for it.
  void drain_unread(milliseconds time);
  void handshake(milliseconds time);
  void half_close();
  bool is_half_closed() const { return is_half_closed_; }

  bool is_silent() const { return is_silent_; }
  void break_silence() { is_silent_ = false; }
  Dialogue& dialogue() { return talk_.dialogue; }
  void mark_half_closed() { talk_.has_half_closed = true; }
  ConnectionTalk finish();

 private:
  template <class Begin>
  void wait(Begin begin);
  bool receive_unread(milliseconds time);
  void take_replies();

  transport::EventLoop& loop_;
  target::Target& target_;
  std::shared_ptr<transport::ClientTls> tls_;
  transport::Connection connection_;
  wire::ReplyParser parser_;
  ConnectionTalk talk_;
  bool is_open_ = false;
  bool was_refused_ = false;
  bool is_silent_ = false;
  bool is_half_closed_ = false;
  milliseconds patience_{100};  // where nobody knows whether a reply is due
};

}  // namespace smtpspec::fuzz
