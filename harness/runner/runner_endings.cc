// A server that dies or hangs in a run: noticed, started anew, and the scenario found that did it.
#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/engine/secrets.h"
#include "harness/runner/runner_item.h"

namespace smtpspec::runner {

using verdict::Cause;
using verdict::Verdict;

namespace {

// Played alone so often at most: a scenario beside which the server ends again and again is perhaps not what ends it.
constexpr int kMaxSuspicions = 3;
// A run is given up behind so many ends of the server. A hang costs several deadlines.
constexpr int kMaxHangs = 8;
constexpr int kMaxDeaths = 50;
// How long a dying process may take to be noticed once its connections have broken.
constexpr auto kSettleTime = std::chrono::milliseconds(150);

bool has_broken_off(const verdict::ScenarioResult& result) {
  return verdict::holds(result.wire, verdict::WireKind::peer_closed) ||
         verdict::holds(result.wire, verdict::WireKind::reset) ||
         verdict::holds(result.wire, verdict::WireKind::connect_failed);
}

}  // namespace

// ---- deaths ---------------------------------------------------------------------------------------------------------

// Before a try is judged: did the server come to its end under it? One that was alone is looked at whatever came of it;
// it may have had its replies before.
void Runner::look_for_end(std::size_t index, verdict::ScenarioResult result) {
  const bool may_have_died = schedule_.is_alone() || result.verdict == Verdict::fail || has_broken_off(result);
  if (!target_.can_restart() || !may_have_died) return weigh_silence(index, std::move(result));
  target_.settle(loop_.now() + kSettleTime, [this, index, result = std::move(result)](target::TargetState) mutable {
    if (is_finished_ || is_interrupted_) return;
    const auto report = target_.take_crash();
    if (!report) return weigh_silence(index, std::move(result));
    if (schedule_.is_alone()) convict(index, crash_of(*report), std::move(result));
    else accuse({index}, crash_of(*report));
    schedule_.ended();
    pump();
  });
}

// When all has been played: what came last may have been the server's end, and nobody has noticed.
void Runner::look_once_more() {
  if (!target_.can_restart() || recently_ended_.empty() || std::exchange(has_looked_once_more_, true)) return finish();
  look_whether_it_lives([this](const std::optional<verdict::CrashResult>& crash) {
    if (!crash) return finish();
    accuse({}, *crash);
    pump();
  });
}

verdict::CrashResult Runner::crash_of(const target::CrashReport& report) const {
  verdict::CrashResult crash;
  crash.kind = report.summary();
  crash.output_tail = without_password(report.sanitizer_text.empty() ? report.output_tail : report.sanitizer_text);
  return crash;
}

// It was alone.
void Runner::convict(std::size_t index, verdict::CrashResult crash, verdict::ScenarioResult result) {
  Item& item = items_[index];
  crash.scenario = item.instance->id;
  crash.confirmed = true;
  std::erase_if(crashes_, [&](const auto& known) { return known.scenario == crash.scenario; });
  observer_.notice(fmt::format("{} alone has ended the server: {}", crash.scenario, crash.kind));
  result.verdict = Verdict::fail;
  result.cause = Cause::none;
  result.reason = "the server died or hung while this scenario ran alone: " + crash.kind;
  result.attempts = item.attempts;
  keep_log(result);
  item.result = std::move(result);
  observer_.scenario_ends(*item.result, ++done_, static_cast<int>(reported_.size()));
  crashes_.push_back(std::move(crash));
  is_recovering_ = true;
}

// Any of those under way may have done it, and any of those that have just ended. Not empty together.
void Runner::accuse(std::vector<std::size_t> under_way, verdict::CrashResult crash) {
  under_way.insert(under_way.end(), recently_ended_.rbegin(), recently_ended_.rend());
  recently_ended_.clear();
  crash.scenario = items_[under_way.front()].instance->id;
  observer_.notice(
      fmt::format("the server came to an end: {}; what was under way is played again, one at a time", crash.kind));
  for (const std::size_t index : under_way) suspect(index);
  crashes_.push_back(std::move(crash));
  is_recovering_ = true;
}

std::string Runner::without_password(const std::string& output) const {
  engine::Secrets secrets;
  secrets.add_password(plan_.variables.find("password").value_or(""));
  return secrets.removed_from(output);
}

// One that has been judged already is judged anew.
void Runner::suspect(std::size_t index) {
  Item& item = items_[index];
  if (std::count(suspects_.begin(), suspects_.end(), index) > 0) return;
  if (item.suspicions++ < kMaxSuspicions) {
    if (item.result) --done_;
    item.result.reset();
    suspects_.push_back(index);
  } else if (!item.result) {
    item.result = blank_result(*item.instance);
    item.result->verdict = Verdict::inconclusive;
    item.result->cause = Cause::connect;
    item.result->reason = fmt::format("the server came to an end {} times while this was under way", item.suspicions);
    observer_.scenario_ends(*item.result, ++done_, static_cast<int>(reported_.size()));
  }
}

// ---- hangs ----------------------------------------------------------------------------------------------------------

// Something was left unanswered, which may be this scenario's matter or that of a server that has hung. A greeting to
// somebody else tells the two apart; until it is there nothing is judged.
void Runner::weigh_silence(std::size_t index, verdict::ScenarioResult result) {
  const bool is_silent =
      result.verdict != Verdict::pass && (verdict::holds(result.wire, verdict::WireKind::timed_out) ||
                                          verdict::holds(result.wire, verdict::WireKind::connect_failed));
  if (is_recovering_ || !target_.can_restart() || (!is_silent && !schedule_.is_alone()))
    return judge_end(index, std::move(result));
  unanswered_.emplace_back(index, std::move(result));
  if (unanswered_.size() > 1) return;
  if (schedule_.is_alone())
    return look_whether_it_lives([this](const std::optional<verdict::CrashResult>& crash) {
      if (crash) has_ended(*crash);
      else judge_unanswered();
    });
  probe_greeting(plan_.settings.reply_timeout, [this](const std::string& in_its_place) {
    if (in_its_place.empty() || is_recovering_) return judge_unanswered();
    // It may be busy with the others, if it serves one client at a time: they leave, and it is asked again.
    leave_off();
    look_whether_it_lives([this](const std::optional<verdict::CrashResult>& crash) {
      if (crash) return has_ended(*crash);
      // Not `again()` first: a limit that is found now is one on all that were under way.
      judge_unanswered();
      for (const std::size_t left_off : std::exchange(left_off_, {})) schedule_.again(left_off, loop_.now());
      schedule_.lower_limit();
      observer_.notice(fmt::format("the server greets some only when others have left; {} at a time from now on",
                                   schedule_.limit()));
      pump();
    });
  });
}

void Runner::probe_greeting(base::Microseconds patience, std::function<void(const std::string&)> answered) {
  if (!greeting_probe_) greeting_probe_.emplace(plan_.variables, plan_.settings);
  greeting_probe_->ask(surroundings(), patience, [this, answered = std::move(answered)](const std::string& instead) {
    if (!is_finished_ && !is_interrupted_) answered(instead);
  });
}

// When nobody else is there. A server that serves one client at a time may greet each of those that have left first,
// and each takes as long as the first greeting of the run did.
void Runner::look_whether_it_lives(std::function<void(const std::optional<verdict::CrashResult>&)> answered) {
  const auto in_front = static_cast<int>(left_off_.size() + unanswered_.size() + parting_.size());
  const auto patience = plan_.settings.reply_timeout + 2 * in_front * preflight_.greeted_after;
  probe_greeting(patience, [this, answered = std::move(answered)](const std::string& in_its_place) {
    if (in_its_place.empty()) return answered(std::nullopt);
    target_.settle(loop_.now() + kSettleTime, [this, answered](target::TargetState) {
      if (is_finished_ || is_interrupted_) return;
      if (is_recovering_) return answered(std::nullopt);  // somebody else has told of its end
      if (const auto report = target_.take_crash()) return answered(crash_of(*report));
      ++hangs_;
      verdict::CrashResult crash;
      crash.kind = "hung: the process is there, and greets no new connection";
      crash.output_tail = without_password(target_.output_tail());
      answered(crash);
    });
  });
}

// What is under way is dropped, but keeps its place in the schedule.
void Runner::leave_off() {
  for (const Running& running : running_) left_off_.push_back(running.index);
  running_.clear();
}

void Runner::judge_unanswered() {
  for (auto& [index, result] : std::exchange(unanswered_, {})) judge_end(index, std::move(result));
}

void Runner::has_ended(const verdict::CrashResult& crash) {
  leave_off();
  auto unanswered = std::exchange(unanswered_, {});
  assert(!unanswered.empty());
  std::vector<std::size_t> under_way = std::exchange(left_off_, {});
  if (schedule_.is_alone()) {
    convict(unanswered.front().first, crash, std::move(unanswered.front().second));
    schedule_.ended();
    return pump();
  }
  for (const auto& [index, result] : unanswered) under_way.insert(under_way.begin(), index);
  for (std::size_t i = 0; i < under_way.size(); ++i) schedule_.ended();
  accuse(std::move(under_way), crash);
  pump();
}

void Runner::recover() {
  if (hangs_ >= kMaxHangs || std::ssize(crashes_) >= kMaxDeaths)
    return give_up(fmt::format("the server came to an end {} times", crashes_.size()));
  target_.restart(loop_.now() + kStartTimeout, [this](const target::StartResult& started) {
    if (is_interrupted_ || is_finished_) return;
    is_recovering_ = false;
    has_looked_once_more_ = false;
    if (proven_mailbox_) proven_mailbox_->forget_doubts();
    if (started.is_ready) return pump();
    observer_.notice("the server does not come up again: " + started.error);
    schedule_.drop_queued();
    finish();
  });
}

}  // namespace smtpspec::runner
