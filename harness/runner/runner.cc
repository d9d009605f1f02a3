#include "harness/runner/runner.h"

#include <algorithm>
#include <cassert>
#include <random>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/runner/conditions.h"
#include "harness/runner/left_waiting.h"
#include "harness/runner/runner_item.h"
#include "harness/runner/token.h"

namespace smtpspec::runner {

using verdict::Cause;
using verdict::Verdict;

namespace {

constexpr int kMaxTurnedAway = 8;
// A greeting may be late once.
constexpr int kProofsOfOneAtATime = 2;
// Tries without a greeting that end a run, where few are played at a time.
constexpr int kLeastPatience = 8;
// Far above what conversations come to; a hundred thousand scenarios of a hostile server stay within 210 MiB.
constexpr std::size_t kLogShare = 2 * 1024;
constexpr std::size_t kCommonLog = 8 * 1024 * 1024;

}  // namespace

Runner::Runner(transport::EventLoop& loop, target::Target& target, target::Mailbox* mailbox, Plan plan,
               Observer& observer)
    : loop_(loop),
      target_(target),
      mailbox_(mailbox),
      plan_(std::move(plan)),
      observer_(observer),
      schedule_(0, plan_.jobs),
      patience_(std::max(kLeastPatience, 2 * plan_.jobs)),
      log_budget_(kLogShare, kCommonLog) {
  if (!mailbox_ || plan_.is_mailbox_known) return;
  control_.emplace(plan_.variables, plan_.settings, plan_.seed);
  proven_mailbox_.emplace(loop_, *mailbox_, plan_.variables.recipients(),
                          [this](const std::string& recipient, std::function<void(const ProvenMailbox::Sent&)> done) {
                            control_->send(surroundings(), recipient, std::move(done));
                          });
}

Runner::~Runner() = default;

verdict::RunRecord Runner::run(const base::Clock& clock) {
  const base::WallTime started = clock.wall();
  const base::SteadyTime began = clock.now();
  for (const auto& instance : plan_.instances) {
    items_.emplace_back();
    items_.back().instance = &instance;
  }
  loop_.post([this] { begin(); });
  loop_.run();
  verdict::RunRecord made = take_record();
  made.started = started;
  made.duration = std::chrono::duration_cast<base::Microseconds>(clock.now() - began);
  return made;
}

void Runner::interrupt() {
  if (is_interrupted_ || is_finished_) return;
  is_interrupted_ = true;
  schedule_.drop_queued();
  running_.clear();
  preflight_play_.reset();
  finish();
}

// ---- before the first scenario --------------------------------------------------------------------------------------

void Runner::begin() {
  if (is_interrupted_) return;
  if (auto tls = transport::ClientTls::make(plan_.tls)) tls_ = std::move(*tls);
  else observer_.notice("no TLS in this run: " + tls.error());
  target_.start(loop_.now() + kStartTimeout, [this](const target::StartResult& started) {
    if (is_interrupted_) return;
    if (started.is_ready) return preflight();
    preflight_.reachability = verdict::Reachability::unreachable;
    preflight_.reason = "the target could not be started: " + started.error;
    if (!started.output_tail.empty()) observer_.notice("its output was: " + started.output_tail);
    finish();
  });
}

void Runner::preflight() {
  static const scenario::Catalogue no_catalogue{{}};
  const bool with_tls = plan_.looks_behind_starttls && tls_ != nullptr && !plan_.implicit_tls;
  const scenario::Instance instance{"preflight", &preflight_scenario(with_tls), {}};
  preflight_program_ = engine::compile(instance, no_catalogue);
  preflight_play_ = std::make_unique<Play>(surroundings(), preflight_program_, plan_.variables, plan_.settings);
  preflight_play_->start([this] { preflight_ended(); });
}

void Runner::preflight_ended() {
  verdict::ScenarioResult result;
  preflight_play_->conversation().conclude(result);
  preflight_ = read_preflight(preflight_play_->conversation(), result);
  reply_forms_.add(preflight_play_->conversation().reply_form(), "preflight");
  part(std::move(preflight_play_));
  if (preflight_.reachability == verdict::Reachability::silent && target_.can_restart())
    preflight_.reason = "it greeted when it was started, and answers nothing since then";
  if (preflight_.reachability != verdict::Reachability::answers) return finish();
  plan_.offer.advertised = preflight_.plain;
  plan_.offer.advertised_in_tls = preflight_.tls;
  plan_.offer.has_implicit_tls = tls_ != nullptr && plan_.implicit_tls;
  if (preflight_.refuses_ehlo) {
    const bool is_lmtp = plan_.offer.role == scenario::Role::lmtp;
    observer_.notice(is_lmtp ? "LHLO is refused; the role lmtp is for servers of LMTP"
                             : "EHLO is refused; a server of LMTP needs the role lmtp (--role lmtp)");
  }
  if (const auto missing = declared_in_vain(plan_.offer); !missing.empty())
    observer_.notice(fmt::format("the profile declares {}, and EHLO does not offer {}", fmt::join(missing, ", "),
                                 missing.size() == 1 ? "it" : "them"));
  decide_applicability();
  pump();
}

void Runner::decide_applicability() {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Applicability applicability = decide(*items_[i].instance, plan_.offer);
    if (applicability.verdict == Verdict::none) {
      order.push_back(i);
      continue;
    }
    items_[i].result = blank_result(*items_[i].instance);
    items_[i].result->verdict = applicability.verdict;
    items_[i].result->reason = applicability.reason;
  }
  reported_ = order;
  if (plan_.shuffle) {
    std::mt19937_64 random(plan_.seed);
    std::shuffle(order.begin(), order.end(), random);
  }
  // Long ones first, so that none of them is left over at the end.
  std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    return items_[a].instance->scenario->has_tag("slow") > items_[b].instance->scenario->has_tag("slow");
  });
  schedule_.reorder(order);
  observer_.run_begins(static_cast<int>(order.size()));
}

// ---- scenarios ------------------------------------------------------------------------------------------------------

void Runner::pump() {
  if (is_finished_ || is_interrupted_) return;
  if (is_recovering_) {
    if (schedule_.is_idle()) recover();
    return;
  }
  if (!suspects_.empty()) {
    if (!schedule_.is_idle()) return;
    const std::size_t index = suspects_.back();
    suspects_.pop_back();
    schedule_.start_alone();
    return start_item(index);
  }
  if (schedule_.is_alone() && !schedule_.is_idle()) return;
  while (const auto index = schedule_.next(loop_.now())) start_item(*index);
  if (schedule_.is_done()) return look_once_more();
  if (const auto when = schedule_.wake_up()) wake_up_ = loop_.call_at(*when, [this] { pump(); });
}

void Runner::start_item(std::size_t index) {
  Item& item = items_[index];
  ++item.attempts;
  if (!item.program && plan_.complete) plan_.complete(*item.instance->scenario);
  if (!item.program)
    item.program = std::make_unique<engine::Program>(engine::compile(*item.instance, *plan_.catalogue));
  running_.emplace_back();
  Running& running = running_.back();
  running.index = index;
  running.play =
      std::make_unique<Play>(surroundings(), *item.program, variables_for(index, item.attempts), plan_.settings);
  running.play->start([this, &running] { ended(running); });
}

void Runner::ended(Running& running) {
  const std::size_t index = running.index;
  verdict::ScenarioResult result = blank_result(*items_[index].instance);
  engine::Conversation& conversation = running.play->conversation();
  conversation.conclude(result);
  result.likely_causes = engine::likely_causes(result);
  result.token = token_of(plan_.seed, index, items_[index].attempts);
  reply_forms_.add(conversation.reply_form(), result.id);
  patience_.heard(result, conversation.reply_form().replies);
  part(std::move(running.play));
  running_.remove_if([&](const Running& candidate) { return &candidate == &running; });

  look_for_end(index, std::move(result));
}

void Runner::judge_end(std::size_t index, verdict::ScenarioResult result) {
  if (is_finished_ || is_interrupted_) return;
  if (patience_.is_exhausted() && !is_recovering_) return give_up("the server " + patience_.complaint());
  Item& item = items_[index];
  if (is_recovering_) {  // the server died under it: what it saw says nothing
    suspect(index);
    schedule_.ended();
    return pump();
  }
  if (was_turned_away(result) && item.turned_away < kMaxTurnedAway) {
    const auto pause = std::chrono::milliseconds(50 << std::min(item.turned_away++, 5));
    const int before = schedule_.limit();
    schedule_.turned_away(index, loop_.now() + pause);
    if (schedule_.limit() < before)
      observer_.notice(fmt::format("{} connections at a time from now on", schedule_.limit()));
    return pump();
  }
  if (makes_way_for_others(index, result)) return pump();
  const bool is_in_vain = wants_two_at_a_time(result);
  item.history.push_back(std::move(result));
  const engine::NextTry next = is_in_vain ? engine::NextTry{} : engine::decide_next_try(item.history, plan_.retry);
  if (next.try_again) {
    schedule_.again(index, loop_.now() + next.pause);
    return pump();
  }
  item.repeats.push_back(engine::combine(std::exchange(item.history, {})));
  if (static_cast<int>(item.repeats.size()) < plan_.repeat) {
    schedule_.again(index, loop_.now());
    return pump();
  }
  schedule_.ended();
  finish_item(index);
  pump();
}

void Runner::finish_item(std::size_t index) {
  Item& item = items_[index];
  item.result = engine::agree(std::exchange(item.repeats, {}));
  keep_log(*item.result);
  item.program.reset();
  observer_.scenario_ends(*item.result, ++done_, static_cast<int>(reported_.size()));
  recently_ended_.push_back(index);
  if (recently_ended_.size() > static_cast<std::size_t>(plan_.jobs)) recently_ended_.pop_front();
}

void Runner::keep_log(verdict::ScenarioResult& result) {
  if (!plan_.keeps_whole_logs) log_budget_.keep_within(result.wire);
}

// No octet of ours was sent, and the server would have none of it, by word or without one: too many connections at a
// time, most likely. Without a word it is believed only where there are others.
bool Runner::was_turned_away(const verdict::ScenarioResult& result) const {
  const auto holds = [&](verdict::WireKind kind) { return verdict::holds(result.wire, kind); };
  if (holds(verdict::WireKind::client)) return false;
  if (result.verdict == Verdict::inconclusive && (result.cause == Cause::connect || result.cause == Cause::rate_limit))
    return true;
  return schedule_.limit() > 1 && !holds(verdict::WireKind::server) &&
         (holds(verdict::WireKind::peer_closed) || holds(verdict::WireKind::reset));
}

// Was it not greeted because others were served? Then it is tried again when fewer are: no more than are served now,
// and fewer than so far unless it began when there were more.
bool Runner::makes_way_for_others(std::size_t index, const verdict::ScenarioResult& result) {
  const int before = schedule_.limit();
  if (before == 1 || left_waiting(result.wire) != LeftWaiting::behind_others) return false;
  const auto served = static_cast<int>(std::count_if(running_.begin(), running_.end(), [](const Running& running) {
    return running.play->conversation().reply_form().replies > 0;
  }));
  const bool began_among_more = std::ssize(running_) + 1 > before;
  schedule_.limit_to(began_among_more ? served : std::min(served, before - 1));
  schedule_.again(index, loop_.now());
  if (schedule_.limit() < before)
    observer_.notice(
        fmt::format("the server greets some only when others have left; {} at a time from now on", schedule_.limit()));
  return true;
}

// Two connections of its own at a time are more than the server serves, which is told by a check of its own
// (RFC5321-4.5.4.2-02): to try again would be in vain.
bool Runner::wants_two_at_a_time(verdict::ScenarioResult& result) {
  if (result.verdict != Verdict::inconclusive || left_waiting(result.wire) != LeftWaiting::behind_itself) return false;
  if (++left_behind_itself_ < kProofsOfOneAtATime) return false;
  if (left_behind_itself_ == kProofsOfOneAtATime) {
    schedule_.limit_to(1);
    observer_.notice("the server serves one connection at a time");
  }
  result.cause = Cause::rate_limit;
  result.reason = "the server serves one connection at a time, and this needs two: " + result.reason;
  return true;
}

void Runner::give_up(const std::string& why) {
  given_up_ = why;
  observer_.notice(why + "; the run is given up");
  schedule_.drop_queued();
  running_.clear();
  finish();
}

// ---- the end --------------------------------------------------------------------------------------------------------

void Runner::part(std::unique_ptr<Play> play) {
  parting_.push_back(std::move(play));
  Play& leaving = *parting_.back();
  leaving.say_farewell([this, &leaving] {
    parting_.remove_if([&](const std::unique_ptr<Play>& candidate) { return candidate.get() == &leaving; });
  });
}

void Runner::finish() {
  if (is_finished_) return;
  is_finished_ = true;
  wake_up_.cancel();
  target_.stop([this] { loop_.stop(); });
}

verdict::ScenarioResult Runner::blank_result(const scenario::Instance& instance) const {
  const scenario::Scenario& scenario = *instance.scenario;
  verdict::ScenarioResult result;
  result.id = instance.id;
  result.title = scenario.title;
  result.why = scenario.why;
  result.file = scenario.file;
  result.line = scenario.position.line;
  result.requirements = scenario.checks;
  result.tags = scenario.tags;
  return result;
}

engine::Variables Runner::variables_for(std::size_t index, int attempt) const {
  engine::Variables variables = plan_.variables;
  variables.set("token", token_of(plan_.seed, index, attempt));
  for (const auto& [name, value] : items_[index].instance->values) variables.set(name, value);
  return variables;
}

Surroundings Runner::surroundings() {
  return {
      loop_, target_, proven_mailbox_ ? &*proven_mailbox_ : mailbox_, tls_, plan_.tls_server_name, plan_.implicit_tls};
}

void Runner::tell_why_not_played(verdict::ScenarioResult& result) const {
  result.verdict = Verdict::inconclusive;
  if (is_interrupted_) {
    result.verdict = Verdict::skipped;
    result.reason = "the run was interrupted";
  } else if (preflight_.reachability != verdict::Reachability::answers) {
    result.cause = Cause::connect;
    result.reason = preflight_.reason;
  } else if (!given_up_.empty()) {
    result.cause = Cause::setup_timeout;
    result.reason = "the run was given up: " + given_up_;
  } else {
    result.cause = Cause::connect;
    result.reason = "the server was gone";
  }
}

verdict::RunRecord Runner::take_record() {
  verdict::RunRecord made;
  made.seed = plan_.seed;
  made.was_interrupted = is_interrupted_;
  made.given_up = given_up_;
  made.conditions = conditions_of(plan_);
  describe(preflight_, made.target);
  made.target.address = target_.description();
  made.target.role = to_string(plan_.offer.role);
  for (auto& item : items_) {
    if (item.result) {
      made.scenarios.push_back(std::move(*item.result));
      continue;
    }
    verdict::ScenarioResult missing = blank_result(*item.instance);
    tell_why_not_played(missing);
    made.scenarios.push_back(std::move(missing));
  }
  made.requirements = roll_up(made.scenarios, *plan_.catalogue);
  made.wire_findings = reply_forms_.findings(*plan_.catalogue);
  made.crashes = crashes_;
  // One that a scenario is known for is not told a second time for those that were under way beside it.
  std::erase_if(made.crashes, [this](const verdict::CrashResult& crash) {
    return !crash.confirmed && std::any_of(crashes_.begin(), crashes_.end(), [&](const auto& other) {
      return other.confirmed && other.kind == crash.kind;
    });
  });
  made.summary = summarize(made);
  return made;
}

}  // namespace smtpspec::runner
