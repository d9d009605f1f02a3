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
constexpr std::size_t kAroundStep = 8;      // octets that the wire form adds to a step's own, or less
constexpr std::size_t kUsuallySaid = 1000;  // octets, by the server in one connection

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
       Played& played)
      : number_(number),
        played_(&played),
        session_(config, environment, info(number, options)),
        talk_{Dialogue(options.is_lmtp), {}, {}} {
    said_.reserve(kUsuallySaid);
    note(Told::Kind::opened);
    take(session_.start());
  }

  Dialogue& dialogue() { return talk_.dialogue; }

  void say(const Step& step, std::size_t place) {
    if (!is_open_) return;
    std::string& told = played_->told.octets;
    const std::size_t begin = told.size();
    append_wire_form(told, step);
    const std::string_view octets = std::string_view(told).substr(begin);
    if (octets.empty()) return;
    note(Told::Kind::octets, octets.size());
    talk_.dialogue.sent(octets, place);
    // A copy of its own: a sanitizer then sees who reads beyond it.
    const std::vector<char> copy(octets.begin(), octets.end());
    take(session_.feed({copy.data(), copy.size()}));
  }

  void half_close() {
    if (!std::exchange(is_open_, false)) return;
    talk_.has_half_closed = true;
    note(Told::Kind::half_closed);
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
  void note(Told::Kind kind, std::size_t octets = 0) { played_->told.events.push_back({kind, number_, octets}); }

  void take(const server::Output& output) {
    said_ += output.octets;
    parser_.feed(output.octets);
    while (parser_.next(reply_)) {
      talk_.dialogue.received(reply_);
      played_->messages_granted += reply_.code == 250;
      if (!reply_.deviations.empty()) talk_.replies.push_back(reply_);
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
  Played* played_;
  server::Session session_;
  wire::ReplyParser parser_;
  wire::Reply reply_;  // the last
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
  std::size_t octets = 0;
  for (const Step& step : input.steps) octets += step.octets.size() + kAroundStep;
  played.told.octets.reserve(octets);
  played.told.events.reserve(input.steps.size() + 2 * kConnections + 1);
  std::array<std::optional<Line>, kConnections> lines;  // in the order in which they are opened
  lines[0].emplace(config, environment, options, 0, played);
  std::size_t current = 0;
  for (std::size_t at = 0; at < input.steps.size(); ++at) {
    const Step& step = input.steps[at];
    if (step.kind == StepKind::connection) {
      current = step.number == 2 ? 1 : 0;
      if (!lines[current]) lines[current].emplace(config, environment, options, current, played);
    } else if (step.kind == StepKind::half_close) {
      lines[current]->half_close();
    } else {
      lines[current]->say(step, at);
    }
  }
  for (auto& line : lines) {
    if (!line) continue;
    if (options.last == LastEvent::client_leaves && line->dialogue().reads_commands())
      line->say({StepKind::line, "QUIT"}, input.steps.size());
    played.talk.connections.push_back(line->finish(played.octets.emplace_back(), options.last));
  }
  return played;
}

std::vector<std::string> play_in_pieces(const Told& told, const server::Config& config, StillEnvironment& environment,
                                        PlayOptions options) {
  std::vector<server::Session> sessions;
  sessions.reserve(kConnections);
  std::vector<std::string> said;
  std::vector<bool> is_open;
  const auto take = [&](std::size_t connection, const server::Output& output) {
    said[connection] += output.octets;
    is_open[connection] = goes_on(output.then);
    return output.then;
  };
  std::string_view octets = told.octets;
  for (const Told::Event& one : told.events) {
    const std::string_view of_this = octets.substr(0, one.octets);
    octets.remove_prefix(one.octets);
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
      for (const std::string_view piece : pieces_of(of_this)) {
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
