#include "fuzz/campaign/campaign.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "fuzz/mutator/scenario_form.h"
#include "fuzz/mutator/shrink.h"
#include "fuzz/oracles/differ.h"
#include "fuzz/oracles/features.h"
#include "harness/base/octets.h"

namespace smtpspec::fuzz {

namespace {

// Plays that minimising may cost: silence is slow, a death costs a start.
constexpr std::size_t kShrinkPlays = 400;
constexpr std::size_t kShrinkDeaths = 120;
constexpr std::size_t kShrinkHangs = 24;
constexpr std::chrono::milliseconds kOverTime{10'000};
constexpr std::uint64_t kMemoryWindow = 512;  // sessions
constexpr int kImpatience = 10;               // the part of the hang time that is waited where a hang is known

std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xCBF29CE484222325ULL;  // FNV-1a
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return value;
}

// What was said in the smallest session that shows it: verbs, and the classes of the replies.
std::string signature(const Talk& talk) {
  std::string text;
  for (const ConnectionTalk& one : talk.connections)
    for (const Turn& turn : one.dialogue.turns())
      text += fmt::format("{}:{}:{} ", static_cast<int>(turn.kind), wire::to_string(turn.verb), turn.code / 100);
  return text;
}

// Without the steps that were refused: behind many refusals an end of the connection proves nothing.
Input without_refused(const Input& input, const Talk& talk) {
  std::vector<bool> is_refused(input.steps.size(), false);
  for (const ConnectionTalk& one : talk.connections)
    for (const Turn& turn : one.dialogue.turns())
      if (turn.kind != TurnKind::greeting && turn.code / 100 == 5 && turn.step < is_refused.size())
        is_refused[turn.step] = true;
  Input kept;
  for (std::size_t at = 0; at < input.steps.size(); ++at)
    if (!is_refused[at]) kept.steps.push_back(input.steps[at]);
  return kept;
}

std::uint64_t accepted_octets(const Talk& talk) {
  std::uint64_t octets = 0;
  for (const ConnectionTalk& one : talk.connections)
    for (const Turn& turn : one.dialogue.turns())
      if ((turn.kind == TurnKind::body || turn.kind == TurnKind::chunk) && turn.code / 100 == 2) octets += turn.octets;
  return octets;
}

std::size_t most_plays(Oracle oracle) {
  if (oracle == Oracle::hang) return kShrinkHangs;
  return oracle == Oracle::server_died ? kShrinkDeaths : kShrinkPlays;
}

}  // namespace

std::string id_of(const Finding& finding) {
  return fmt::format("{}-{:08x}", to_string(finding.oracle), hash(finding.key) & 0xFFFFFFFFU);
}

Campaign::Campaign(transport::EventLoop& loop, Player& player, CampaignOptions options, OnFound on_found)
    : loop_(loop),
      player_(player),
      options_(std::move(options)),
      on_found_(std::move(on_found)),
      began_(loop.now()),
      told_(options_.known),
      features_(kFeatures) {
  player_.set_reply_time(options_.hang_time);
}

Status Campaign::status() const {
  Status now = status_;
  now.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - began_);
  return now;
}

bool Campaign::is_over() const {
  if (is_interrupted_ || !trouble_.empty()) return true;
  if (options_.stops_at_first && status_.findings > 0) return true;
  if (options_.max_sessions > 0 && status_.sessions >= options_.max_sessions) return true;
  return options_.duration.count() > 0 && loop_.now() - began_ >= options_.duration;
}

// A finding of the last second is still looked into, but not for ever.
base::SteadyTime Campaign::latest() const {
  if (options_.duration.count() == 0) return base::SteadyTime::max();
  return began_ + options_.duration * 5 / 4 + kOverTime;
}

bool Campaign::is_late() const { return loop_.now() >= latest(); }

// What was shown is not given up for want of time: the last word is always said.
bool Campaign::may_play() const { return trouble_.empty() && !is_interrupted_ && (is_saying_last_word_ || !is_late()); }

Mode Campaign::mode_of(std::string_view input) const {
  if (other_ != nullptr) return Mode::lock_step;
  if (options_.mode) return *options_.mode;
  constexpr Mode kModes[] = {Mode::blast, Mode::lock_step, Mode::blast, Mode::grouped};
  return kModes[hash(input) % 4];
}

void Campaign::keep_rate() {
  if (options_.max_rate <= 0) return;
  const auto due = began_ + std::chrono::duration_cast<base::SteadyTime::duration>(std::chrono::duration<double>(
                                static_cast<double>(status_.sessions) / options_.max_rate));
  std::this_thread::sleep_until(due);
}

bool Campaign::run(std::string_view text, const std::function<void(std::size_t feature)>& count) {
  keep_rate();
  const Input input = decode(text);
  const Mode mode = mode_of(text);
  const Talk talk = play(input, mode, options_.session_time);
  ++status_.sessions;
  for (const ConnectionTalk& one : talk.connections) status_.replies += one.replies.size();
  // What killed the server is no good parent: its children would do nothing else.
  const bool is_parent = talk.death.empty();
  bool has_news = false;
  for_each_feature(talk, [&](std::size_t feature) {
    if (is_parent) count(feature);
    if (features_[feature]) return;
    features_[feature] = true;
    has_news = true;
    ++status_.features;
  });
  status_.inputs_with_news += has_news;
  if (!talk.death.empty() && !player_.can_restart() && judge(talk).empty()) trouble_ = "the server " + talk.death;
  const std::vector<Finding> findings = findings_of(input, talk, true);
  std::deque<Session> earlier;
  if (!findings.empty()) {
    earlier = history_.sessions();
    earlier.pop_back();
  }
  for (const Finding& finding : findings) {
    if (is_interrupted_ || is_late()) break;
    if (is_worth_a_look(finding)) look_into({input, mode}, finding, earlier);
  }
  look_at_memory(talk);
  const bool is_due = options_.restart == RestartPolicy::every && options_.restart_every > 0 &&
                      status_.sessions % options_.restart_every == 0;
  if ((is_due || !talk.death.empty()) && trouble_.empty()) make_fresh();
  return !is_over();
}

Talk Campaign::play(const Input& input, Mode mode, std::chrono::milliseconds longest) {
  history_.add({input, mode});
  return player_.play(input, mode, longest);
}

std::vector<Finding> Campaign::findings_of(const Input& input, const Talk& talk, bool counts_differences) {
  std::vector<Finding> findings = judge(talk);
  if (other_ == nullptr || !talk.death.empty()) return findings;
  const Talk others = other_->play(input, Mode::lock_step, options_.session_time);
  if (!others.death.empty()) {
    trouble_ = "the server that is compared with " + others.death;
    return findings;
  }
  Differences differences = differ(talk, others);
  if (counts_differences) status_.differences += differences.free;
  std::move(differences.findings.begin(), differences.findings.end(), std::back_inserter(findings));
  return findings;
}

bool Campaign::make_fresh() {
  if (!can_make_fresh()) return false;
  ++status_.restarts;
  history_.clear();
  // A free port may have been taken by somebody else in the meantime.
  constexpr int kTries = 3;
  for (int tries = 1;; ++tries) {
    const auto started = player_.restart();
    if (started) {
      memory_.clear();
      content_octets_ = sessions_since_start_ = 0;
      return true;
    }
    if (tries < kTries) continue;
    trouble_ = "the server does not start again: " + started.error();
    return false;
  }
}

std::optional<Finding> Campaign::shows(const Input& input, Mode mode, Oracle oracle, std::string* transcript) {
  if (!may_play()) return std::nullopt;
  const Talk talk = play(input, mode);
  if (!talk.death.empty() && !make_fresh()) trouble_ = "the server is gone, and is not ours to start again";
  for (Finding& finding : findings_of(input, talk, false)) {
    if (finding.oracle != oracle) continue;
    if (transcript) *transcript += transcript_of(talk);
    if (!is_told_by_key(oracle)) finding.key += " " + signature(talk);
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> Campaign::shows_behind(const std::vector<Session>& sessions, Oracle oracle,
                                              std::string* transcript) {
  make_fresh();
  for (std::size_t at = 0; at + 1 < sessions.size(); ++at) {
    if (!may_play()) return std::nullopt;
    const Talk talk = play(sessions[at].input, sessions[at].mode, options_.session_time);
    if (transcript) *transcript += transcript_of(talk) + "\n";
    if (talk.death.empty()) continue;
    // A death before its time is another story.
    if (!make_fresh()) trouble_ = "the server is gone, and is not ours to start again";
    return std::nullopt;
  }
  return shows(sessions.back().input, sessions.back().mode, oracle, transcript);
}

bool Campaign::is_worth_a_look(const Finding& finding) {
  if (is_told_by_key(finding.oracle) && told_.contains(id_of(finding))) return false;
  // The same key may hide different faults: it is looked at again when it has come twice as often.
  const std::uint64_t times = ++seen_[std::string(to_string(finding.oracle)) + " " + finding.key];
  return std::has_single_bit(times) && (!options_.claims || options_.claims(finding, times));
}

void Campaign::look_into(const Session& session, const Finding& seen, const std::deque<Session>& earlier) {
  Found found;
  found.finding = seen;
  found.input = session.input;
  found.session = status_.sessions;
  found.is_on_fresh_server = can_make_fresh();
  if (seen.oracle == Oracle::hang) player_.set_reply_time(options_.hang_time);
  // Blast says a message also to a server that refused DATA; who waits for 354 can only say its lines.
  const Input lines = with_messages_as_lines(session.input);
  std::vector<Session> ways{{session.input, Mode::lock_step}, {session.input, Mode::grouped}};
  if (lines != session.input) ways.push_back({lines, Mode::lock_step});
  if (!is_suspicion(seen.oracle)) ways.push_back(session);
  if (seen.oracle == Oracle::child_died || seen.oracle == Oracle::closed_unasked || seen.oracle == Oracle::hang)
    ways.push_back({without_refused(lines, play(lines, Mode::lock_step)), Mode::lock_step});
  bool is_first = true;
  for (const Session& way : ways) {
    const bool is_fresh = make_fresh();
    if (!is_fresh && is_first && seen.oracle == Oracle::server_died) break;
    is_first = false;
    found.mode = way.mode;
    found.input = way.input;
    found.plays = found.shown = 0;
    while (found.plays < options_.confirmations && trouble_.empty()) {
      ++found.plays;
      if (!shows(found.input, found.mode, seen.oracle)) break;
      ++found.shown;
    }
    found.is_confirmed = found.shown == options_.confirmations;
    if (found.is_confirmed) break;
  }
  if (found.is_confirmed) {
    const auto shrinks_until = std::min(loop_.now() + options_.shrink_time, latest());
    found.input = shrink(
        std::move(found.input),
        [&](const Input& smaller) {
          return loop_.now() < shrinks_until && shows(smaller, found.mode, seen.oracle).has_value();
        },
        most_plays(seen.oracle));
    say_the_last_word(found);
  }
  if (!found.is_confirmed) look_behind(found, session, ways, earlier);
  // Silence has been shown to cost time: from now on it is only noticed, not waited for.
  if (seen.oracle == Oracle::hang || seen.oracle == Oracle::lost_reply) {
    player_.set_reply_time(std::max(options_.hang_time / kImpatience, std::chrono::milliseconds(100)));
  }
  tell(std::move(found));
}

void Campaign::look_behind(Found& found, const Session& seen, const std::vector<Session>& ways,
                           const std::deque<Session>& earlier) {
  const Oracle oracle = found.finding.oracle;
  // The other server of a comparison has a history of its own.
  if (earlier.empty() || oracle == Oracle::differs) return;
  // What it shows alone as it was said, and only so, comes of how it was said, and not of what came before it.
  make_fresh();
  if (found.shown < options_.confirmations && shows(seen.input, seen.mode, oracle)) return;
  const auto ends = loop_.now() + options_.shrink_time;
  const auto shows_last = [&](const std::vector<Session>& sessions) {
    return loop_.now() < ends && shows_behind(sessions, oracle).has_value();
  };
  Behind behind = confirm_behind(earlier, ways, options_.confirmations, shows_last);
  if (behind.shown < options_.confirmations) return;
  behind.sessions = shrink_behind(std::move(behind.sessions), shows_last, most_plays(oracle));
  found.plays = behind.plays;
  found.shown = behind.shown;
  found.input = std::move(behind.sessions.back().input);
  found.mode = behind.sessions.back().mode;
  behind.sessions.pop_back();
  found.earlier = std::move(behind.sessions);
  found.is_confirmed = true;
  say_the_last_word(found);
  if (found.earlier.empty() || !found.is_confirmed) return;
  found.finding.key += " behind earlier sessions";
  std::string& evidence = found.finding.evidence;
  evidence.insert(
      std::min(evidence.find('\n'), evidence.size()),
      fmt::format(", behind {} earlier session{}", found.earlier.size(), found.earlier.size() == 1 ? "" : "s"));
}

void Campaign::say_the_last_word(Found& found) {
  const Oracle oracle = found.finding.oracle;
  std::vector<Session> sessions = found.earlier;
  sessions.push_back({found.input, found.mode});
  // A scenario cannot tell what a server that refused STARTTLS makes of what stood behind it, unless it is said apart.
  if (Input apart = with_starttls_apart(found.input); apart != found.input) {
    sessions.back().input = apart;
    if (sessions.size() > 1 ? shows_behind(sessions, oracle) : shows(apart, found.mode, oracle))
      found.input = std::move(apart);
    sessions.back().input = found.input;
  }
  // The last word has the smallest input, on a fresh server. That a server is silent for long is said only here: each
  // play costs all that time.
  if (oracle == Oracle::hang) player_.set_reply_time(options_.confirmed_hang_time);
  is_saying_last_word_ = true;
  const bool was_shown = found.is_confirmed;
  found.is_confirmed = false;
  for (int tries = 0; tries < 3 && !found.is_confirmed && may_play(); ++tries) {
    found.transcript.clear();
    auto last = shows_behind(sessions, oracle, &found.transcript);
    found.is_confirmed = last.has_value();
    if (last) found.finding = std::move(*last);
  }
  // Who is interrupted, or cannot start the server again, has not shown the contrary.
  if (!may_play() && oracle != Oracle::hang) found.is_confirmed = was_shown;
  is_saying_last_word_ = false;
}

void Campaign::tell(Found found) {
  found.id = id_of(found.finding);
  // A suspicion that was not shown does not hide one that is.
  if (told_.contains(found.id) || !told_.insert(found.is_confirmed ? found.id : "unconfirmed " + found.id).second)
    return;
  // What shows only now and then, or only where nothing waits for anything, proves nothing.
  if (found.is_confirmed) ++status_.findings;
  else ++status_.unconfirmed;
  on_found_(found);
}

void Campaign::look_at_memory(const Talk& talk) {
  if (!watches_memory_) return;
  ++sessions_since_start_;
  content_octets_ += accepted_octets(talk);
  if (sessions_since_start_ % kMemoryWindow != 0) return;
  memory_.push_back({sessions_since_start_, player_.resident_octets(), content_octets_});
  if (memory_.back().resident_octets == 0 || !player_.can_restart()) watches_memory_ = false;
  else if (grows(memory_)) look_into_memory();
}

std::vector<MemorySample> Campaign::repeat(const Input& input, std::uint64_t window) {
  std::vector<MemorySample> samples;
  if (!make_fresh()) return samples;
  std::uint64_t content = 0;
  // The first window only warms it up.
  for (std::uint64_t session = 1; session <= (kMemoryWindows + 2) * window; ++session) {
    if (!may_play()) return {};
    const Talk talk = play(input, Mode::grouped, options_.session_time);
    if (!talk.death.empty()) return {};
    content += accepted_octets(talk);
    if (session % window == 0 && session > window) samples.push_back({session, player_.resident_octets(), content});
  }
  return samples;
}

void Campaign::look_into_memory() {
  watches_memory_ = false;               // it has been looked into, whatever comes of it
  std::vector<Input> suspects{Input{}};  // a connection in which nothing is said
  for (const Session& one : history_.sessions()) suspects.insert(suspects.begin() + 1, one.input);
  for (const Input& input : suspects) {
    if (!grows(repeat(input, kMemoryWindow / 8))) continue;
    const std::vector<MemorySample> samples = repeat(input, kMemoryWindow);
    if (!grows(samples)) continue;
    Found found;
    found.input = input;
    found.mode = Mode::grouped;
    found.is_confirmed = true;
    found.plays = found.shown = 2;
    found.session = status_.sessions;
    const MemorySample& first = samples.front();
    const MemorySample& last = samples.back();
    found.finding = {
        Oracle::memory_growth,
        "sessions",
        fmt::format("resident memory goes from {} to {} KiB in {} sessions that are all the same",
                    first.resident_octets / 1024, last.resident_octets / 1024, last.sessions - first.sessions),
        {},
        {}};
    return tell(std::move(found));
  }
}

std::string transcript_of(const Talk& talk) {
  constexpr std::size_t kShownOctets = 300;
  std::string text;
  for (std::size_t number = 1; number <= talk.connections.size(); ++number) {
    const ConnectionTalk& one = talk.connections[number - 1];
    const std::string mark = number == 1 ? "" : std::to_string(number);
    std::size_t reply = 0;
    for (const Turn& turn : one.dialogue.turns()) {
      if (turn.kind != TurnKind::greeting)
        text += fmt::format("C{}: {}\n", mark, base::escape(one.dialogue.text_of(turn).substr(0, kShownOctets)));
      for (std::size_t i = 0; i < turn.replies && reply < one.replies.size(); ++i, ++reply)
        text += fmt::format("S{}: {}\n", mark, base::escape(one.replies[reply].raw.substr(0, kShownOctets)));
    }
    for (; reply < one.replies.size(); ++reply)
      text += fmt::format("S{}: {}   (answers nothing)\n", mark,
                          base::escape(one.replies[reply].raw.substr(0, kShownOctets)));
    constexpr std::string_view kEnds[] = {"closed", "reset", "silent, and still open", "failed"};
    text += fmt::format("S{}: ({})\n", mark, kEnds[static_cast<std::size_t>(one.end)]);
  }
  if (!talk.death.empty()) text += "server: " + base::escape(talk.death.substr(0, 2000)) + "\n";
  return text;
}

std::string_view server_of(const Found& found) {
  return found.is_on_fresh_server ? "a fresh server" : "the running server";
}

std::string inputs_of(const Found& found) {
  std::string text;
  for (const Session& one : found.earlier) text += encode(one.input) + "\n";
  return text + encode(found.input);
}

std::string scenario_of(const Found& found, const std::string& reproduce) {
  ScenarioHead head;
  std::string name(to_string(found.finding.oracle));
  head.name = "fuzz." + name + "." + found.id.substr(found.id.rfind('-') + 1);
  head.title = expectation_of(found.finding.oracle);
  head.why = found.finding.evidence.substr(0, found.finding.evidence.find('\n'));
  head.comment =
      fmt::format("Found by smtpspec fuzz in session {}; {} of {} plays on {} showed it ({}).\n{}", found.session,
                  found.shown, found.plays, server_of(found), to_string(found.mode), reproduce);
  if (found.finding.oracle == Oracle::memory_growth)
    head.comment += "\nOnce, it passes: its server's memory grows when it is said again and again.";
  Demands demands;
  if (found.finding.step && !found.finding.demand.empty()) demands[*found.finding.step] = found.finding.demand;
  std::vector<Input> earlier;
  for (const Session& one : found.earlier) earlier.push_back(one.input);
  return to_scenario(earlier, found.input, head, demands);
}

}  // namespace smtpspec::fuzz
