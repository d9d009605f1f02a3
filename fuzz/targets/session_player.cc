#include "fuzz/targets/session_player.h"

#include <array>
#include <optional>
#include <utility>

#include "fuzz/targets/splits.h"
#include "harness/base/quick_digests.h"
#include "harness/server/session.h"

namespace smtpspec::fuzz {

namespace {

constexpr std::size_t kConnections = 2;

const server::TlsInfo kTls{"TLSv1.3", "TLS_AES_256_GCM_SHA384"};

server::SessionInfo info(std::size_t number, PlayOptions options) {
  server::SessionInfo info;
  info.other_sessions = static_cast<int>(number);
  info.is_tls = options.is_tls;
  if (options.is_tls) info.tls = kTls;
  return info;
}

bool goes_on(server::Then then) { return then == server::Then::keep_open || then == server::Then::start_tls; }

class Line {
 public:
  Line(const server::Config& config, server::Environment& environment, PlayOptions options, std::size_t number,
       std::vector<Told>& told)
      : number_(number), told_(&told), session_(config, environment, info(number, options)) {
    talk_.dialogue = Dialogue(options.is_lmtp);
    told_->push_back({Told::Kind::opened, number_});
    take(session_.start());
  }

  Dialogue& dialogue() { return talk_.dialogue; }

  void say(std::string octets, std::size_t step) {
    if (!is_open_ || octets.empty()) return;
    talk_.dialogue.sent(octets, step);
    const server::Output output = session_.feed(octets);
    told_->push_back({Told::Kind::octets, number_, std::move(octets)});
    take(output);
  }

  void half_close() {
    if (!std::exchange(is_open_, false)) return;
    talk_.has_half_closed = true;
    told_->push_back({Told::Kind::half_closed, number_});
    session_.connection_lost();
  }

  ConnectionTalk finish(std::string& octets, LastEvent last) {
    if (is_open_ && last == LastEvent::time_passes) take(session_.timed_out());
    if (is_open_ && last == LastEvent::server_stops) take(session_.shutdown());
    half_close();
    octets = std::move(said_);
    talk_.partial_reply = parser_.take_pending();
    return std::move(talk_);
  }

 private:
  void take(const server::Output& output) {
    said_ += output.octets;
    parser_.feed(output.octets);
    while (auto reply = parser_.next()) {
      talk_.dialogue.received(*reply);
      talk_.replies.push_back(std::move(*reply));
    }
    if (!goes_on(output.then)) {
      talk_.end = output.then == server::Then::close ? End::closed : End::reset;
      is_open_ = false;
    } else if (output.then == server::Then::start_tls) {
      if (talk_.dialogue.expects_handshake()) talk_.dialogue.tls_established();
      else talk_.has_tls_trouble = true;
      take(session_.tls_established(kTls));
    }
  }

  std::size_t number_;
  std::vector<Told>* told_;
  server::Session session_;
  wire::ReplyParser parser_;
  ConnectionTalk talk_;
  std::string said_;
  bool is_open_ = true;
};

}  // namespace

const base::KeyedDigests* StillEnvironment::digests() { return &base::quick_digests(); }

server::Config fuzzed_server() {
  server::Config config;
  config.users = {{"alice", "correct horse"}};
  config.max_message_octets = 20'000;
  config.max_recipients = 100;
  return config;
}

Played play(const Input& input, const server::Config& config, StillEnvironment& environment, PlayOptions options) {
  Played played;
  std::array<std::optional<Line>, kConnections> lines;  // in the order in which they are opened
  lines[0].emplace(config, environment, options, 0, played.told);
  std::size_t current = 0;
  for (std::size_t at = 0; at < input.steps.size(); ++at) {
    const Step& step = input.steps[at];
    if (step.kind == StepKind::connection) {
      current = step.number == 2 ? 1 : 0;
      if (!lines[current]) lines[current].emplace(config, environment, options, current, played.told);
    } else if (step.kind == StepKind::half_close) {
      lines[current]->half_close();
    } else {
      lines[current]->say(wire_form(step), at);
    }
  }
  for (auto& line : lines) {
    if (!line) continue;
    if (options.last == LastEvent::client_leaves && line->dialogue().reads_commands())
      line->say("QUIT\r\n", input.steps.size());
    played.talk.connections.push_back(line->finish(played.octets.emplace_back(), options.last));
  }
  return played;
}

std::vector<std::string> play_in_pieces(const std::vector<Told>& told, const server::Config& config,
                                        StillEnvironment& environment, PlayOptions options) {
  std::vector<server::Session> sessions;
  sessions.reserve(kConnections);
  std::vector<std::string> said;
  std::vector<bool> is_open;
  const auto take = [&](std::size_t connection, const server::Output& output) {
    said[connection] += output.octets;
    is_open[connection] = goes_on(output.then);
    return output.then;
  };
  for (const Told& one : told) {
    const std::size_t connection = one.connection;
    if (one.kind == Told::Kind::opened) {
      sessions.emplace_back(config, environment, info(connection, options));
      said.emplace_back();
      is_open.push_back(true);
      take(connection, sessions.back().start());
      continue;
    }
    if (one.kind == Told::Kind::half_closed) {
      if (is_open[connection]) sessions[connection].connection_lost();
      is_open[connection] = false;
    } else {
      for (const std::string_view piece : pieces_of(one.octets)) {
        if (!is_open[connection]) break;
        if (take(connection, sessions[connection].feed(piece)) != server::Then::start_tls) continue;
        // Between the 220 and the handshake there is nobody to read what comes in clear.
        take(connection, sessions[connection].tls_established(kTls));
        break;
      }
    }
  }
  for (std::size_t i = 0; i < sessions.size(); ++i)
    if (is_open[i] && options.last != LastEvent::client_leaves)
      take(i, options.last == LastEvent::time_passes ? sessions[i].timed_out() : sessions[i].shutdown());
  return said;
}

}  // namespace smtpspec::fuzz
