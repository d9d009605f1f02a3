#include "fuzz/campaign/player.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "fuzz/campaign/line.h"
#include "harness/base/octets.h"
#include "harness/wire/command.h"

namespace smtpspec::fuzz {

namespace {

// Between a refused connection and the news that the process has ended.
constexpr milliseconds kSettleTime{500};
// A dying server may still greet the next client: its end is to be blamed on the session that brought it.
constexpr milliseconds kShortSettleTime{50};
constexpr std::size_t kConnections = 2;
// Where nobody knows whether a reply is due, so many times what a greeting takes is waited for one: a tenth of a second
// for each such session would be half of a campaign against a quick server.
constexpr int kPatience = 20;
constexpr milliseconds kLeastPatience{2};
constexpr milliseconds kMostPatience{100};
constexpr milliseconds kLastWordTime{2000};

bool ends_group(const Step& step) {
  if (step.kind == StepKind::data) return false;
  if (step.kind != StepKind::line) return true;
  const wire::Verb verb = wire::split_command(step.octets).verb;
  return verb != wire::Verb::mail && verb != wire::Verb::rcpt && verb != wire::Verb::rset;
}

}  // namespace

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::blast:
      return "blast";
    case Mode::grouped:
      return "grouped";
    case Mode::lock_step:
      return "lock-step";
  }
  return {};
}

class Player::Implementation {
 public:
  Implementation(transport::EventLoop& event_loop, target::Target& server, PlayerOptions player_options)
      : loop(event_loop), target(server), options(player_options) {
    transport::TlsPolicy policy;
    policy.min_version = 10;
    tls = transport::ClientTls::make(policy).value_or(nullptr);
  }

  base::Result<void, std::string> start(bool is_again) {
    next.reset();
    target::StartResult started;
    const auto done = [&](const target::StartResult& result) {
      started = result;
      loop.stop();
    };
    const auto deadline = loop.now() + options.start_time;
    if (is_again) target.restart(deadline, done);
    else target.start(deadline, done);
    loop.run();
    if (!started.is_ready) return base::make_unexpected(started.error + started.output_tail);
    if (!prepare([] {}))
      return base::make_unexpected(
          std::string(was_refused ? "the connection was refused" : "it is ready, but greets nobody"));
    return {};
  }

  // The next connection, greeted. One more try where a busy server let it drop. `meanwhile` is done while the server
  // finds its greeting.
  template <class Meanwhile>
  bool prepare(Meanwhile meanwhile) {
    for (int tries = 0; tries < 2; ++tries) {
      next = std::make_unique<Line>(loop, target, tls, options.is_lmtp);
      const auto began = loop.now();
      next->open(options.greeting_time, options.is_implicit_tls);
      if (tries == 0) meanwhile();
      const bool is_greeted = next->await_greeting(options.greeting_time);
      slowest_greeting = std::max<base::SteadyTime::duration>(loop.now() - began, slowest_greeting * 31 / 32);
      next->set_patience(
          std::clamp(std::chrono::ceil<milliseconds>(kPatience * slowest_greeting), kLeastPatience, kMostPatience));
      if (is_greeted) return true;
      was_refused = next->was_refused();
      if (was_refused) break;
    }
    next.reset();
    return false;
  }

  std::string death(bool has_unexplained_end) {
    target::TargetState state = target.state();
    if (!next || has_unexplained_end) {
      target.settle(loop.now() + (next ? kShortSettleTime : kSettleTime), [&](target::TargetState settled) {
        state = settled;
        loop.stop();
      });
      loop.run();
    }
    if (auto crash = target.take_crash()) {
      const std::string& detail = crash->sanitizer_text.empty() ? crash->output_tail : crash->sanitizer_text;
      return crash->summary() + (detail.empty() ? "" : "\n" + detail);
    }
    if (state == target::TargetState::crashed) return "ended by a signal";
    if (state == target::TargetState::exited) return "exited";
    return next ? "" : "greets nobody any more";
  }

  // ---- one session ----

  Line& line() { return *lines[current]; }

  void flush(std::size_t step) {
    if (!pending.empty()) line().send(std::exchange(pending, {}), step, reply_time());
  }

  milliseconds reply_time() const { return options.reply_time; }

  void say(const Step& step, std::size_t at, Mode mode) {
    if (step.kind == StepKind::connection) return change_connection(step.number, at);
    if (step.kind == StepKind::half_close) {
      flush(at);
      line().half_close();
      line().mark_half_closed();
      return line().drain(reply_time());
    }
    if (mode == Mode::blast) return say_at_once(step, at);
    if (step.kind == StepKind::data && !line().dialogue().expects_body()) return;
    if (step.kind == StepKind::auth) return say_auth(step, at);
    const bool may_group = mode == Mode::grouped && line().dialogue().offers_pipelining() && !ends_group(step);
    if (may_group) {
      pending += wire_form(step);
      return;
    }
    flush(at);
    line().send(wire_form(step), at, reply_time());
    if (may_end_first(line()) && has_no_more_to_say(at)) line().half_close();
    line().await_reply(reply_time());
    if (line().dialogue().expects_handshake()) line().handshake(options.greeting_time);
  }

  // There are servers that wait a while for the end of the connection, and answer QUIT only then. But a QUIT with an
  // argument may be refused, and another one is due; what was due to be a QUIT may be the end of a chunk; and within
  // TLS the end of what we say ends what we hear (RFC 5246 §7.2.1).
  static bool may_end_first(Line& line) {
    if (line.is_tls() || line.dialogue().turns().empty()) return false;
    const Turn& last = line.dialogue().turns().back();
    return last.kind == TurnKind::command && base::equals_ignoring_case(line.dialogue().text_of(last), "QUIT");
  }

  // On this connection, behind step `at`.
  bool has_no_more_to_say(std::size_t at) const {
    std::size_t speaking = current;
    return std::none_of(steps.begin() + static_cast<std::ptrdiff_t>(at) + 1, steps.end(), [&](const Step& step) {
      if (step.kind == StepKind::connection) speaking = place_of(step.number);
      return speaking == current && step.kind != StepKind::connection && step.kind != StepKind::half_close;
    });
  }

  void say_at_once(const Step& step, std::size_t at) {
    // Steps are told apart in the dialogue; to the server it is one write where nothing is waited for.
    pending += wire_form(step);
    if (step.kind != StepKind::starttls) return;
    flush(at);
    line().await_reply(reply_time());
    if (line().dialogue().expects_handshake()) line().handshake(options.greeting_time);
  }

  void say_auth(const Step& step, std::size_t at) {
    flush(at);
    std::string_view rest = step.octets;
    for (bool is_first = true;; is_first = false) {
      const std::size_t end = rest.find("\r\n");
      line().send((is_first ? "AUTH " : "") + std::string(rest.substr(0, end)) + "\r\n", at, reply_time());
      line().await_reply(reply_time());
      if (end == std::string_view::npos || !line().dialogue().expects_sasl()) return;
      rest.remove_prefix(end + 2);
    }
  }

  static std::size_t place_of(int connection) { return connection == 2 ? 1 : 0; }

  void change_connection(int number, std::size_t at) {
    flush(at);
    current = place_of(number);
    if (lines[current]) return;
    lines[current] = std::make_unique<Line>(loop, target, tls, options.is_lmtp);
    lines[current]->open(options.greeting_time, options.is_implicit_tls);
    lines[current]->await_greeting(options.greeting_time);
  }

  void finish(Mode mode) {
    // In one write with the rest: a write more is a wake-up more of the server, which costs what a session costs.
    const bool has_quit = mode == Mode::blast && line().is_open() && !line().is_silent() && pending.ends_with("\r\n") &&
                          line().dialogue().reads_commands();
    if (has_quit) pending += "QUIT\r\n";
    flush(steps.size());
    for (const auto& one : lines) {
      if (!one || !one->is_open()) continue;
      const bool was_silent = one->is_silent();
      if (one->dialogue().reads_commands() && !one->is_half_closed() && !(has_quit && one == lines[current])) {
        // A reply that never came, and a QUIT that is answered all the same: then the reply was lost, and no hang.
        if (was_silent) one->break_silence();
        one->send("QUIT\r\n", steps.size(), reply_time());
        if (mode != Mode::blast && !was_silent && !may_end_first(*one)) one->await_reply(reply_time());
      }
      one->half_close();
      const bool is_short = was_silent || one->dialogue().may_wait();
      if (!one->is_silent()) one->drain_unread(is_short ? std::min(kLastWordTime, reply_time()) : reply_time());
    }
  }

  Talk play(const Input& input, Mode mode, milliseconds longest) {
    ++sessions;
    const auto late = loop.now() + longest;
    Talk talk;
    talk.is_lock_step = mode != Mode::blast;
    if (!next && !prepare([] {})) {
      talk.death = death(false);
      return talk;
    }
    lines[0] = std::move(next);
    current = 0;
    steps = input.steps;
    for (std::size_t at = 0; at < steps.size(); ++at)
      if (!line().is_silent() && loop.now() < late) say(steps[at], at, mode);
    finish(mode);
    // What the server has ended is read while it greets the next client. What it has not is closed first: there are
    // servers that have one client at a time.
    const bool is_ended =
        std::none_of(lines.begin(), lines.end(), [](const auto& one) { return one && one->is_open(); });
    const auto take_leave = [&] {
      for (auto& one : lines)
        if (one) talk.connections.push_back(std::exchange(one, nullptr)->finish());
    };
    if (!is_ended) take_leave();
    prepare(take_leave);
    loop.run_ready();
    const bool has_unexplained_end =
        std::any_of(talk.connections.begin(), talk.connections.end(), [](const ConnectionTalk& one) {
          return one.end != End::silent && one.dialogue.unanswered() > 0 && !one.dialogue.is_over();
        });
    talk.death = death(has_unexplained_end);
    return talk;
  }

  transport::EventLoop& loop;
  target::Target& target;
  PlayerOptions options;
  std::shared_ptr<transport::ClientTls> tls;
  std::unique_ptr<Line> next;
  std::array<std::unique_ptr<Line>, kConnections> lines;
  bool was_refused = false;  // the latest connection that was to be the next
  std::size_t current = 0;
  std::span<const Step> steps;                     // of the input that is played
  base::SteadyTime::duration slowest_greeting{0};  // of late
  std::string pending;
  std::uint64_t sessions = 0;
};

Player::Player(transport::EventLoop& loop, target::Target& target, PlayerOptions options)
    : implementation_(std::make_unique<Implementation>(loop, target, options)) {}
Player::~Player() = default;

base::Result<void, std::string> Player::start() { return implementation_->start(false); }
base::Result<void, std::string> Player::restart() { return implementation_->start(true); }
bool Player::can_restart() const { return implementation_->target.can_restart(); }

void Player::stop() {
  implementation_->next.reset();
  implementation_->target.stop([this] { implementation_->loop.stop(); });
  implementation_->loop.run();
}

Talk Player::play(const Input& input, Mode mode, milliseconds longest) {
  return implementation_->play(input, mode, longest);
}
void Player::set_reply_time(std::chrono::milliseconds time) { implementation_->options.reply_time = time; }
std::uint64_t Player::resident_octets() const { return implementation_->target.resident_octets(); }
std::uint64_t Player::sessions() const { return implementation_->sessions; }

}  // namespace smtpspec::fuzz
