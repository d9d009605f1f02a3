#include <map>
#include <optional>
#include <string>

#include "harness/base/octets.h"
#include "harness/scenario/lint_rules.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

using base::Severity;

// What is known of a connection while the steps are walked over.
struct Turn {
  bool is_open = false;
  std::optional<std::size_t> owed = 0;  // replies; nothing: nobody can tell
  bool is_in_text = false;              // a 354 is expected and the text not yet ended
  bool sent_last = false;               // the step before was a send on this connection
  bool operator==(const Turn&) const = default;
};
using Turns = std::map<int, Turn>;

class TurnRules {
 public:
  TurnRules(const Scenario& scenario, Findings& findings)
      : scenario_(scenario),
        findings_(findings),
        // Behind a message for several. What is for SMTP too has one reply there, so that it names one recipient.
        may_answer_often_(scenario.roles == std::vector<Role>{Role::lmtp}) {}

  void run() { visit(scenario_.steps); }

 private:
  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      if (inner_steps(step) != nullptr) visit_block(step);
      else visit_step(step);
    }
  }

  void visit_block(const Step& step) {
    const Turns before = turns_;
    const Steps& inner = *inner_steps(step);
    const bool is_early = std::holds_alternative<Early>(step.body);
    if (is_early || std::holds_alternative<Pipeline>(step.body)) {
      int& depth = is_early ? early_depth_ : pipeline_depth_;
      // A pipeline block is one write: it too waits for what is owed before it.
      if (!is_early && !inner.empty() && std::holds_alternative<Send>(inner.front().body))
        before_writing(inner.front(), false);
      ++depth;
      visit(inner);
      --depth;
    } else if (const auto* repeat = std::get_if<Repeat>(&step.body)) {
      visit(inner);
      for (auto& [connection, turn] : turns_) play_again(turn, before, connection, repeat->times);
    } else if (const auto* when = std::get_if<When>(&step.body)) {
      if (when->kind == When::Kind::reply) turns_[step.connection].is_in_text = asks_for_text(when->reply);
      visit(inner);
      for (auto& [connection, turn] : turns_) {
        const auto other = before.find(connection);
        if (other == before.end() || other->second.owed != turn.owed) turn.owed.reset();
      }
    } else {
      visit(inner);
      for (auto& [connection, turn] : turns_) turn.owed.reset();
    }
    forget_adjacency();
  }

  // What one round of a `repeat` adds to the replies owed, the others add too.
  static void play_again(Turn& turn, const Turns& before, int connection, std::size_t times) {
    const auto other = before.find(connection);
    const auto start = other == before.end() ? std::optional<std::size_t>(0) : other->second.owed;
    if (!start || !turn.owed) turn.owed.reset();
    else if (*turn.owed >= *start) turn.owed = *start + (*turn.owed - *start) * times;
    else turn.owed = 0;
  }

  void visit_step(const Step& step) {
    Turn& turn = turns_[step.connection];
    if (const auto* send = std::get_if<Send>(&step.body)) return visit_send(step, *send);
    if (const auto* message = std::get_if<Message>(&step.body)) {
      before_writing(step, turn.sent_last);
      if (message->is_raw || may_answer_often_) turn.owed.reset();
      else if (turn.owed) ++*turn.owed;
      turn.is_in_text = false;
    } else if (const auto* expect = std::get_if<Expect>(&step.body)) {
      visit_expect(step, expect->expectation.pattern);
    } else if (std::holds_alternative<Connect>(step.body)) {
      turn = Turn{true, 1, false, false};
    } else if (const auto* fence = std::get_if<Fence>(&step.body)) {
      before_writing(step, false);
      turn = Turn{fence->kind != FenceKind::quit, std::nullopt, false, false};
      if (fence->kind == FenceKind::ehlo || fence->kind == FenceKind::verb) turn.owed = 0;
    } else if (std::holds_alternative<Auth>(step.body)) {
      before_writing(step, false);
      turn.owed = 0;
    } else if (std::holds_alternative<StartTls>(step.body)) {
      turn.owed = 0;  // what was owed in clear is lost with it
    } else if (std::holds_alternative<Close>(step.body) || std::holds_alternative<Reset>(step.body)) {
      turn = Turn{};
    } else if (std::holds_alternative<ExpectSilence>(step.body)) {
      turn.owed.reset();  // its fence may be QUIT
    }
    forget_adjacency();
  }

  void visit_send(const Step& step, const Send& send) {
    Turn& turn = turns_[step.connection];
    // Without `connect` the engine opens the connection and reads the greeting.
    if (!turn.is_open) turn = Turn{true, 0, false, false};
    if (!turn.is_in_text) before_writing(step, turn.sent_last);
    count(turn, send);
    forget_adjacency();
    turn.sent_last = send.adds_crlf;
  }

  void count(Turn& turn, const Send& send) {
    const auto fixed = size_of(send.payload) <= kMaxFileOctets ? fixed_octets(send.payload) : std::nullopt;
    if (turn.is_in_text) {
      if (!send.adds_crlf) return turn.owed.reset();
      if (!fixed || *fixed != ".") return;
      turn.is_in_text = false;
      if (may_answer_often_) turn.owed.reset();
      else if (turn.owed) ++*turn.owed;
      return;
    }
    if (!turn.owed) return;
    const bool is_bdat = fixed && base::starts_with_ignoring_case(*fixed, "BDAT");
    if (send.adds_crlf && !is_bdat && fixed != "") {
      ++*turn.owed;
      return;
    }
    // Raw octets may hold any number of commands, or half of one.
    turn.owed.reset();
  }

  void visit_expect(const Step& step, const ReplyPattern& pattern) {
    Turn& turn = turns_[step.connection];
    if (!turn.is_open) turn = Turn{true, 1, false, false};
    turn.is_in_text = asks_for_text(pattern);
    if (pattern.closed || names_421(pattern)) turn.owed.reset();
    if (!turn.owed) return;
    if (*turn.owed > 0) {
      --*turn.owed;
    } else if (!may_answer_often_) {
      findings_.at_step(Severity::warning, step, "no reply is owed here: every line sent has its answer above");
    }
  }

  void before_writing(const Step& step, bool is_adjacent) {
    const Turn& turn = turns_[step.connection];
    if (!turn.owed || *turn.owed == 0 || is_adjacent || early_depth_ > 0 || pipeline_depth_ > 0) return;
    findings_.at_step(Severity::error, step, "a reply to an earlier line is still owed here",
                      "expect it first; to write all the same, use a 'pipeline' or 'early' block");
  }

  static bool asks_for_text(const ReplyPattern& pattern) {
    return !pattern.any && !pattern.negated && pattern.matches_code(354);
  }

  // 421 comes unasked for.
  static bool names_421(const ReplyPattern& pattern) {
    return !pattern.any && !pattern.negated && pattern.matches_code(421);
  }

  void forget_adjacency() {
    for (auto& [connection, turn] : turns_) turn.sent_last = false;
  }

  const Scenario& scenario_;
  Findings& findings_;
  bool may_answer_often_;
  Turns turns_;
  int early_depth_ = 0;
  int pipeline_depth_ = 0;
};

}  // namespace

void lint_turns(const Scenario& scenario, Findings& findings) { TurnRules(scenario, findings).run(); }

}  // namespace smtpspec::scenario
