// What a conversation makes of replies, and of their absence.
#include <algorithm>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/engine/conversation.h"

namespace smtpspec::engine {

using verdict::Cause;
using verdict::Verdict;

namespace {

// How long a further reply may take once the server has answered something else than the fence.
constexpr base::Microseconds kExtraReplyTimeout = std::chrono::seconds(3);
constexpr base::Microseconds kAfterBound = std::chrono::seconds(5);

bool is_fence_reply(scenario::FenceKind kind, const wire::Reply& reply) {
  switch (kind) {
    case scenario::FenceKind::quit:
      return reply.code == 221;
    case scenario::FenceKind::ehlo:
      return reply.code == 250 && reply.lines.size() > 1;
    case scenario::FenceKind::verb:
      return reply.code == 500 || reply.code == 502;
    case scenario::FenceKind::automatic:
      break;
  }
  return false;
}

}  // namespace

Conversation::Turn Conversation::play_expect(const scenario::Expectation& expectation) {
  Observation observation;
  const base::Microseconds asked = std::max(link().last_sent(), base::Microseconds{0});
  if (link().has_reply()) {
    AnsweredReply answered = link().take_reply();
    observation.kind = Observation::Kind::reply;
    observation.reply = std::move(answered.reply);
    observation.context = answered.context;
    observation.waited = std::max(answered.at - asked, base::Microseconds{0});
  } else if (link().is_over()) {
    observation.kind = Observation::Kind::closed;
    observation.was_reset = link().state() == Link::State::reset;
    observation.was_notified = link().was_notified();
    observation.waited = now_ - asked;
  } else {
    base::Microseconds patience = link().next_answer().kind == ReplyContext::Kind::end_of_data
                                      ? settings_.end_of_data_timeout
                                      : settings_.reply_timeout;
    if (expectation.after)
      patience = std::max(patience, base::Microseconds(*expectation.after) + settings_.reply_timeout);
    if (expectation.within) patience = std::max(patience, base::Microseconds(*expectation.within) + kAfterBound);
    const base::Microseconds deadline = progress_.began + patience;
    if (now_ < deadline && !link().has_given_up()) return ask(Await{deadline});
    observation.kind = Observation::Kind::timed_out;
    observation.waited = now_ - asked;
  }
  judge(expectation, observation);
  return std::nullopt;
}

void Conversation::judge(const scenario::Expectation& expectation, const Observation& observation) {
  latest_[op().connection] = observation;
  if (!expectation.known_as.empty()) named_[expectation.known_as] = observation;
  const std::string got = to_string(observation);
  const Comparison comparison =
      compare(expectation, observation, link().capabilities(), variables_, {settings_.time_scale, round_trip_});
  const bool accepted_malformed = observation.context.was_malformed && observation.is_acceptance();

  if (comparison.is_match) {
    for (const auto& [name, value] : comparison.captures) variables_.set(name, value);
    for (const auto& check : op().checks) {
      if (!check.pattern || matches(*check.pattern, observation)) {
        ledger_.pass(check, got);
        continue;
      }
      // A policy that the first pattern lets pass as an answer is no answer to the second either.
      if (const auto cause = policy_behind(expectation, observation)) return set_aside(*cause, observation);
      ledger_.miss(check, got, fmt::format("expected {}, got {}", check.pattern->text, got), accepted_malformed);
    }
    if (ledger_.is_failing()) is_over_ = true;
    return;
  }
  if (ended_early_as_allowed(observation)) return;
  if (const auto cause = policy_behind(expectation, observation)) return set_aside(*cause, observation);
  std::string reason = fmt::format("expected {}, got {}", expectation.pattern.text, got);
  if (!comparison.mismatch.empty()) reason += ": " + comparison.mismatch;
  if (!comparison.expected.empty())
    for (const auto& check : op().checks)
      if (!check.pattern) ledger_.add_expectation(check, comparison.expected);
  missed(got, reason, accepted_malformed);
}

// The cause that takes this miss out of judgement, if there is one (design of fairness: a refusal for reasons of
// policy, a temporary refusal where the rule speaks of something else, a step that only leads to the point).
std::optional<Cause> Conversation::policy_behind(const scenario::Expectation& expectation,
                                                 const Observation& observation) const {
  const bool is_bound = !op().checks.empty();
  if (observation.kind == Observation::Kind::timed_out)
    return is_bound ? std::nullopt : std::optional(Cause::setup_timeout);
  if (observation.kind == Observation::Kind::closed) return is_bound ? std::nullopt : std::optional(Cause::unknown);
  const auto is_in = [&](const std::vector<scenario::ReplyPattern>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const auto& pattern) { return matches(pattern, observation); });
  };
  const Cause cause = classify(observation.reply, observation.context);
  if (is_in(expectation.unless)) return cause == Cause::unknown ? Cause::policy : cause;
  if (is_in(expectation.answers)) return is_bound ? std::nullopt : std::optional(cause);
  if (is_policy_everywhere(observation.reply) || cause == Cause::announced_limit) return cause;
  if (observation.context.kind == ReplyContext::Kind::greeting && observation.is_refusal()) return cause;
  return is_bound ? std::nullopt : std::optional(cause);
}

void Conversation::set_aside(Cause cause, const Observation& observation) {
  const std::string got = to_string(observation);
  for (const auto& check : op().checks) ledger_.set_aside(check, got);
  const std::string subject =
      observation.kind == Observation::Kind::reply ? to_string(observation.context) : std::string(op().step->source);
  end(Verdict::inconclusive, cause, fmt::format("{} was answered by {}", subject, got));
}

void Conversation::missed(const std::string& got, const std::string& reason, bool accepted_malformed) {
  for (const auto& check : op().checks) ledger_.miss(check, got, reason, accepted_malformed);
  is_over_ = true;
}

void Conversation::passed(const std::string& got) {
  for (const auto& check : op().checks) ledger_.pass(check, got);
}

// Within a `refusable` block these ends are what its bindings allow, and the scenario is done.
bool Conversation::ended_early_as_allowed(const Observation& observation) {
  if (op().refusable < 0) return false;
  const auto& refusable = program_.refusables[static_cast<std::size_t>(op().refusable)];
  if (!matches(refusable.block->pattern, observation)) return false;
  for (const auto& check : refusable.checks) ledger_.pass(check, to_string(observation));
  ran_to_end_ = true;
  is_over_ = true;
  return true;
}

// A fence proves that nothing else was queued: a command whose reply cannot be mistaken for another is sent, and its
// reply must be the next. Where the next reply is not recognisable, QUIT follows and the replies are counted.
Conversation::Turn Conversation::play_fence(scenario::FenceKind kind) {
  if (kind == scenario::FenceKind::automatic) {
    const bool is_telling = link().capabilities() && !link().answered_ehlo_in_one_line();
    kind = is_telling ? scenario::FenceKind::ehlo : scenario::FenceKind::quit;
  }
  const auto say = [&](std::string line) -> Turn {
    ++progress_.commands;
    progress_.texts.push_back(line);
    return send(std::move(line), {}, false);
  };
  const auto fence_line = [&]() -> std::string {
    if (kind == scenario::FenceKind::quit) return "QUIT\r\n";
    if (kind == scenario::FenceKind::verb) return "FENCE\r\n";
    return *variables_.find("ehlo") + " " + variables_.find("client").value_or("localhost") + "\r\n";
  };
  for (;;) {
    switch (progress_.phase) {
      case 0:  // before the fence
        if (link().has_reply()) {
          const AnsweredReply extra = link().take_reply();
          const Observation observation{Observation::Kind::reply, extra.reply, extra.context};
          // A server that closes says so unasked (RFC 5321 §3.8), after too many errors, say.
          if (observation.reply.code == 421) set_aside(classify(observation.reply, observation.context), observation);
          else fence_judged(false, "one more reply: " + to_string(observation));
          return std::nullopt;
        }
        if (!link().is_open()) {
          fence_judged(true, "connection closed");
          return std::nullopt;
        }
        if (link().is_reading_message()) {
          end(Verdict::error, Cause::none, "a fence while the server reads a message");
          return std::nullopt;
        }
        progress_.phase = 1;
        return say(fence_line());
      case 1:  // the command has been written
      case 3:
        link().sent(progress_.texts.back(), false, now_);
        progress_.began = now_;
        ++progress_.phase;
        break;
      case 2: {  // its reply is due
        if (link().has_reply()) {
          Observation observation{Observation::Kind::reply, {}, {}, false, false, now_ - progress_.began};
          AnsweredReply answered = link().take_reply();
          observation.reply = std::move(answered.reply);
          observation.context = answered.context;
          ++progress_.replies_before;
          if (is_fence_reply(kind, observation.reply)) {
            fence_judged(true, to_string(observation));
            return std::nullopt;
          }
          if (observation.reply.code == 421) {
            set_aside(classify(observation.reply, observation.context), observation);
            return std::nullopt;
          }
          latest_[op().connection] = std::move(observation);
          if (kind == scenario::FenceKind::quit || !link().is_open()) {
            progress_.began = now_;
            progress_.phase = 4;
            break;
          }
          progress_.phase = 3;
          return say("QUIT\r\n");
        }
        if (link().is_over()) {
          fence_judged(true, "connection closed");
          return std::nullopt;
        }
        const base::Microseconds deadline = progress_.began + settings_.reply_timeout;
        if (now_ < deadline) return ask(Await{deadline});
        fence_judged(false, "no reply to the fence");
        return std::nullopt;
      }
      default: {  // counting what still comes
        while (link().has_reply()) {
          link().take_reply();
          ++progress_.replies_before;
        }
        const auto expected = static_cast<std::size_t>(progress_.commands);
        if (progress_.replies_before > expected) {
          fence_judged(false, fmt::format("{} replies to {} commands, the first {}", progress_.replies_before, expected,
                                          to_string(latest_[op().connection])));
          return std::nullopt;
        }
        const base::Microseconds deadline = progress_.began + kExtraReplyTimeout;
        if (link().is_open() && now_ < deadline) return ask(Await{deadline});
        fence_judged(true, to_string(latest_[op().connection]));
        return std::nullopt;
      }
    }
  }
}

void Conversation::fence_judged(bool is_silent, const std::string& got) {
  if (is_silent) return passed(got);
  if (op().checks.empty()) {
    end(Verdict::inconclusive, Cause::unknown, "the fence met " + got);
    return;
  }
  missed(got, "expected nothing more than the reply to the fence, got " + got, false);
}

}  // namespace smtpspec::engine
