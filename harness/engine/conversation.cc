#include "harness/engine/conversation.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/engine/marker.h"

namespace smtpspec::engine {

using verdict::Cause;
using verdict::Verdict;

namespace {

constexpr std::size_t kShownExampleOctets = 160;

// An address of each conversation's own: the next hop tells by it whom it has deferred already.
constexpr const char* kLaterVariable = "relayed_later";

// The word in the place of `{token}` is made from the token and is not the token, by which messages are found: other
// mail to the address is none of the conversation's.
std::string with_word(std::string address, const std::string& token) {
  constexpr std::string_view kPlace = "{token}";
  const auto at = address.find(kPlace);
  if (at != std::string::npos)
    address.replace(at, kPlace.size(), "l" + token.substr(std::min<std::size_t>(1, token.size())));
  return address;
}

// An empty argument stands for any.
bool advertises(const wire::Capabilities& capabilities, const std::string& keyword, const std::string& argument) {
  const wire::Capability* const found = capabilities.find(keyword);
  if (!found || argument.empty()) return found != nullptr;
  return std::any_of(found->parameters.begin(), found->parameters.end(),
                     [&](const std::string& offered) { return base::equals_ignoring_case(offered, argument); });
}

}  // namespace

Conversation::Conversation(const Program& program, Variables variables, Settings settings)
    : program_(program), variables_(std::move(variables)), settings_(settings), ledger_(program.checks) {
  const std::string token = variables_.find("token").value_or("");
  variables_.set(std::string(kMarkerVariable), marker_token(token));
  if (auto later = variables_.find(kLaterVariable)) variables_.set(kLaterVariable, with_word(std::move(*later), token));
  if (!variables_.find("ehlo")) variables_.set("ehlo", "EHLO");
  secrets_.add_password(variables_.find("password").value_or(""));
  evidence_.set_secrets(secrets_);
}

Action Conversation::next(const Event& event) {
  assert(!is_over_);
  take(event);
  event_ = &event;
  while (!is_over_ && counter_ < program_.ops.size()) {
    const std::size_t playing = counter_;
    if (auto action = play(op())) {
      event_ = nullptr;
      return std::move(*action);
    }
    event_ = nullptr;
    if (counter_ == playing) ++counter_;
    progress_ = Progress{};
    progress_.began = now_;
  }
  event_ = nullptr;
  ran_to_end_ = ran_to_end_ || !is_over_;  // an early end that the scenario allows is an end
  return done();
}

// What an event changes whatever op waits for it.
void Conversation::take(const Event& event) {
  now_ = std::max(now_, event.at);
  if (std::holds_alternative<TimedOut>(event.body)) now_ = std::max(now_, deadline_);
  const int line = counter_ < program_.ops.size() ? op().step->position.line : 0;
  evidence_.record(event, line);
  Link& link = links_[event.connection];
  if (const auto* closed = std::get_if<PeerClosed>(&event.body)) link.ended(false, closed->is_notified);
  if (std::holds_alternative<PeerReset>(event.body)) link.ended(true);
  if (const auto* fault = std::get_if<TesterFault>(&event.body)) end(Verdict::error, Cause::none, fault->reason);
  const auto* received = std::get_if<Received>(&event.body);
  if (!received) return;
  const bool is_reply_due = !link.is_tls_due();
  for (const wire::Reply& reply : link.received(received->octets, now_)) {
    if (!is_reply_due) continue;
    ++reply_form_.replies;
    for (const auto& deviation : reply.deviations)
      reply_form_.findings.push_back({deviation.kind,
                                      base::escape(secrets_.removed_from(reply.raw).substr(0, kShownExampleOctets)),
                                      reply_form_.replies});
  }
  for (auto& heard : link.take_advertisements()) advertisements_.push_back(std::move(heard));
  const std::size_t most = std::min(kMaxServerOctets + counter_ * kMaxServerOctetsPerStep, kMaxServerOctetsOfAll);
  if (evidence_.server_octets() > most)
    end(Verdict::fail, Cause::none, fmt::format("the server sent more than {} KiB without end", most / 1024));
}

Conversation::Turn Conversation::play(const Op& op) {
  if (const auto* connect = std::get_if<ConnectOp>(&op.body)) return play_connect(*connect);
  if (const auto* send = std::get_if<SendOp>(&op.body)) return play_send(*send);
  if (const auto* expect = std::get_if<ExpectOp>(&op.body)) return play_expect(*expect->expectation);
  if (const auto* fence = std::get_if<FenceOp>(&op.body)) return play_fence(fence->kind);
  if (const auto* jump = std::get_if<JumpUnlessOp>(&op.body)) {
    counter_ = holds(*jump, op.connection) ? counter_ + 1 : jump->target;
    return std::nullopt;
  }
  const scenario::StepBody& step = op.step->body;
  if (const auto* starttls = std::get_if<scenario::StartTls>(&step)) return play_starttls(*starttls);
  if (const auto* auth = std::get_if<scenario::Auth>(&step)) return play_auth(*auth);
  if (const auto* scram = std::get_if<scenario::Scram>(&step)) {
    play_scram(*scram);
    return std::nullopt;
  }
  if (const auto* wait = std::get_if<scenario::Wait>(&step)) {
    if (progress_.phase++ > 0) return std::nullopt;
    return ask(Pause{now_ + base::Microseconds(wait->duration)});
  }
  const auto by_us = [&](ActionBody body) -> Turn {
    if (progress_.phase++ > 0 || !link().is_open()) return std::nullopt;
    if (!std::holds_alternative<HalfCloseConnection>(body)) link().ended(false);
    return ask(body);
  };
  if (std::holds_alternative<scenario::HalfClose>(step)) return by_us(HalfCloseConnection{});
  if (std::holds_alternative<scenario::Close>(step)) return by_us(CloseConnection{});
  if (std::holds_alternative<scenario::Reset>(step)) return by_us(AbortConnection{});
  return play_check(step);
}

Conversation::Turn Conversation::play_connect(const ConnectOp& connect) {
  if (progress_.phase++ == 0) return ask(ConnectTo{connect.implicit_tls, now_ + settings_.connect_timeout});
  const EventBody& answer = event_->body;
  if (const auto* failed = std::get_if<ConnectFailed>(&answer))
    end(Verdict::inconclusive, Cause::connect, failed->reason);
  else if (const auto* tls = std::get_if<TlsFailed>(&answer))
    end(Verdict::inconclusive, Cause::tls_failed, tls->reason);
  else if (std::holds_alternative<TimedOut>(answer))
    end(Verdict::inconclusive, Cause::connect, "no connection in time");
  if (is_over_) return std::nullopt;
  link().opened(now_);
  if (const auto* tls = std::get_if<TlsUp>(&answer)) link().set_tls(*tls);
  round_trip_ = now_ - progress_.began;
  return std::nullopt;
}

// A handshake that comes about, or fails, is set-up unless the step binds it; where it fails, the connection is over.
Conversation::Turn Conversation::play_starttls(const scenario::StartTls& starttls) {
  if (progress_.phase++ == 0 && link().is_open())
    return ask(UpgradeToTls{now_ + settings_.connect_timeout, starttls.only_version});
  if (const auto* up = event_ ? std::get_if<TlsUp>(&event_->body) : nullptr) {
    link().entered_tls(*up);
    settle(!starttls.is_refused, up->description);
    return std::nullopt;
  }
  const auto* failed = event_ ? std::get_if<TlsFailed>(&event_->body) : nullptr;
  const bool is_late = event_ && std::holds_alternative<TimedOut>(event_->body);
  const std::string reason = failed    ? failed->reason
                             : is_late ? "no TLS handshake in time"
                                       : "the connection ended before the TLS handshake";
  link().ended(false);
  if (failed && failed->is_own_refusal) end(Verdict::inconclusive, Cause::tls_failed, reason);
  else if (starttls.is_refused && !is_late) passed(reason);
  else if (!ended_early_as_allowed({Observation::Kind::closed, {}, {}})) handshake_failed(reason);
  return std::nullopt;
}

void Conversation::handshake_failed(const std::string& reason) {
  if (op().checks.empty()) return end(Verdict::inconclusive, Cause::tls_failed, reason);
  missed(reason, "the TLS handshake failed: " + reason, false);
}

bool Conversation::holds(const JumpUnlessOp& jump, int connection) {
  const scenario::When& condition = *jump.condition;
  const wire::Capabilities* capabilities = links_[connection].capabilities();
  switch (condition.kind) {
    case scenario::When::Kind::advertised:
      return capabilities && advertises(*capabilities, condition.keyword, condition.argument);
    case scenario::When::Kind::not_advertised:
      return !capabilities || !advertises(*capabilities, condition.keyword, condition.argument);
    case scenario::When::Kind::demanded:
      if (condition.keyword == "AUTH") return settings_.demands_auth;
      return settings_.demands_tls && links_[connection].tls().version == 0;
    case scenario::When::Kind::reply: {
      if (jump.first == counter_) {
        const auto latest = latest_.find(connection);
        if (latest == latest_.end()) asked_about_.erase(jump.first);
        else asked_about_.insert_or_assign(jump.first, latest->second);
      }
      const auto it = asked_about_.find(jump.first);
      return it != asked_about_.end() && matches(condition.reply, it->second);
    }
  }
  return false;
}

Action Conversation::ask(ActionBody body, bool is_secret) {
  if (const auto* await = std::get_if<Await>(&body)) deadline_ = await->deadline;
  Action action{std::move(body), op().connection};
  evidence_.record(action, now_, op().step->position.line, is_secret);
  return action;
}

void Conversation::end(Verdict verdict, Cause cause, const std::string& reason) {
  ledger_.worsen(verdict, cause, reason, counter_ < program_.ops.size() ? op().step->position.line : 0);
  is_over_ = true;
}

Action Conversation::done() {
  is_over_ = true;
  ledger_.close(ran_to_end_);
  return {Done{}, 1};
}

bool Conversation::may_quit(int connection) const {
  const auto it = links_.find(connection);
  return it != links_.end() && it->second.is_between_commands();
}

const Observation* Conversation::named(const std::string& name) const {
  const auto it = named_.find(name);
  return it == named_.end() ? nullptr : &it->second;
}

void Conversation::conclude(verdict::ScenarioResult& result) {
  result.verdict = ledger_.verdict();
  result.cause = ledger_.cause();
  result.reason = secrets_.removed_from(ledger_.reason());
  result.reason_line = ledger_.reason_line();
  result.checks = ledger_.checks();
  for (auto& check : result.checks) check.got = secrets_.removed_from(std::move(check.got));
  result.wire = evidence_.take();
  result.duration = now_;
}

}  // namespace smtpspec::engine
