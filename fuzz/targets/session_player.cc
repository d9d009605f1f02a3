#include "fuzz/targets/session_player.h"

#include <optional>
#include <utility>

#include "fuzz/targets/splits.h"
#include "harness/server/session.h"

namespace smtpspec::fuzz {

namespace {

constexpr std::size_t kConnections = 2;

class Line {
 public:
  Line(const server::Config& config, server::Environment& environment, PlayOptions options, std::size_t number)
      : options_(options), session_(config, environment, info(number)) {
    talk_.dialogue = Dialogue(options.is_lmtp);
    take(session_.start());
  }

  bool is_open() const { return is_open_; }
  Dialogue& dialogue() { return talk_.dialogue; }

  void say(std::string_view octets, std::size_t step) {
    if (!is_open_ || octets.empty()) return;
    talk_.dialogue.sent(octets, step);
    if (!options_.splits_input) return take(session_.feed(octets));
    for (const std::string_view piece : pieces_of(octets)) {
      if (!is_open_) return;
      // Between the 220 and the handshake there is nobody to read what comes in clear.
      if (std::exchange(is_handshake_due_, false)) return finish_handshake();
      const server::Output output = session_.feed(piece);
      said_ += output.octets;
      if (!read(output)) return;
    }
    if (std::exchange(is_handshake_due_, false)) finish_handshake();
  }

  void half_close() {
    if (!std::exchange(is_open_, false)) return;
    talk_.has_half_closed = true;
    session_.connection_lost();
  }

  ConnectionTalk finish(std::string& octets) {
    half_close();
    octets = std::move(said_);
    talk_.partial_reply = parser_.take_pending();
    return std::move(talk_);
  }

 private:
  static server::SessionInfo info(std::size_t number) {
    server::SessionInfo info;
    info.other_sessions = static_cast<int>(number);
    return info;
  }

  void take(const server::Output& output) {
    said_ += output.octets;
    if (read(output) && std::exchange(is_handshake_due_, false)) finish_handshake();
  }

  // False: the session is over.
  bool read(const server::Output& output) {
    parser_.feed(output.octets);
    while (auto reply = parser_.next()) {
      talk_.dialogue.received(*reply);
      talk_.replies.push_back(std::move(*reply));
    }
    is_handshake_due_ = is_handshake_due_ || output.then == server::Then::start_tls;
    if (output.then == server::Then::keep_open || output.then == server::Then::start_tls) return true;
    talk_.end = output.then == server::Then::close ? End::closed : End::reset;
    is_open_ = false;
    return false;
  }

  void finish_handshake() {
    if (talk_.dialogue.expects_handshake()) talk_.dialogue.tls_established();
    else talk_.has_tls_trouble = true;
    take(session_.tls_established({"TLSv1.3", "TLS_AES_256_GCM_SHA384"}));
  }

  PlayOptions options_;
  server::Session session_;
  wire::ReplyParser parser_;
  ConnectionTalk talk_;
  std::string said_;
  bool is_open_ = true;
  bool is_handshake_due_ = false;
};

}  // namespace

server::Config fuzzed_server() {
  server::Config config;
  config.users = {{"alice", "correct horse"}};
  config.max_message_octets = 20'000;
  config.max_recipients = 100;
  return config;
}

Played play(const Input& input, const server::Config& config, StillEnvironment& environment, PlayOptions options) {
  std::vector<Line> lines;
  lines.reserve(kConnections);  // a session stays where it is
  lines.emplace_back(config, environment, options, 0);
  std::size_t current = 0;
  for (std::size_t at = 0; at < input.steps.size(); ++at) {
    const Step& step = input.steps[at];
    if (step.kind == StepKind::connection) {
      current = step.number == 2 ? 1 : 0;
      if (current == 1 && lines.size() == 1) lines.emplace_back(config, environment, options, 1);
    } else if (step.kind == StepKind::half_close) {
      lines[current].half_close();
    } else {
      lines[current].say(wire_form(step), at);
    }
  }
  Played played;
  for (Line& line : lines) {
    if (line.dialogue().reads_commands()) line.say("QUIT\r\n", input.steps.size());
    played.talk.connections.push_back(line.finish(played.octets.emplace_back()));
  }
  return played;
}

}  // namespace smtpspec::fuzz
