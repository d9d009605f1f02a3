#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "harness/scenario/lint_rules.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

using base::Severity;

constexpr int kLowestCode = 100;
constexpr int kHighestCode = 999;

bool can_both_match(const ReplyPattern& one, const ReplyPattern& other) {
  if (one.closed && other.closed) return true;
  for (int code = kLowestCode; code <= kHighestCode; ++code) {
    if (one.matches_code(code) && other.matches_code(code)) return true;
  }
  return false;
}

bool expects_only_the_end(const ReplyPattern& pattern) {
  return pattern.closed && pattern.codes.empty() && !pattern.any && !pattern.negated;
}

// What is known of a connection while the steps are walked over.
struct Known {
  bool is_over = false;                 // the server has closed it
  std::optional<ReplyPattern> reply{};  // what the latest reply matched; nothing: nobody can tell
  bool operator==(const Known&) const = default;
};

class ReachRules {
 public:
  ReachRules(const Scenario& scenario, const Catalogue& catalogue, Findings& findings)
      : scenario_(scenario), catalogue_(catalogue), findings_(findings) {}

  void run() { visit(scenario_.steps); }

 private:
  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      if (const Steps* inner = inner_steps(step)) visit_block(step, *inner);
      else visit_step(step);
    }
  }

  void visit_block(const Step& step, const Steps& inner) {
    if (const auto* when = std::get_if<When>(&step.body)) check_condition(step, *when);
    const auto before = known_;
    if (std::holds_alternative<Repeat>(step.body)) forget_replies();
    visit(inner);
    // The block may have been left out, or played again.
    for (auto& [connection, known] : known_) {
      const auto other = before.find(connection);
      if (other == before.end() || !(other->second == known)) known = Known{};
    }
  }

  void check_condition(const Step& step, const When& when) {
    if (when.kind != When::Kind::reply) return;
    const auto& reply = known_[step.connection].reply;
    if (!reply || can_both_match(*reply, when.reply)) return;
    findings_.at_step(Severity::error, step, "this is never reached: the latest reply is " + reply->text);
  }

  void visit_step(const Step& step) {
    Known& known = known_[step.connection];
    if (std::holds_alternative<Connect>(step.body) || std::holds_alternative<Close>(step.body) ||
        std::holds_alternative<Reset>(step.body)) {
      known = Known{};
    } else if (const auto* expect = std::get_if<Expect>(&step.body)) {
      check_open(step, known);
      const auto& expectation = expect->expectation;
      known.is_over = expects_only_the_end(expectation.pattern);
      known.reply.reset();
      if (!goes_on_all_the_same(expectation)) known.reply = expectation.pattern;
    } else if (std::holds_alternative<Send>(step.body) || std::holds_alternative<Message>(step.body)) {
      check_open(step, known);
    } else if (std::holds_alternative<Fence>(step.body) || std::holds_alternative<Auth>(step.body) ||
               std::holds_alternative<StartTls>(step.body)) {
      check_open(step, known);
      known.reply.reset();  // by one that no line shows
    }
  }

  void check_open(const Step& step, Known& known) {
    if (!known.is_over) return;
    findings_.at_step(Severity::error, step, "the server has closed the connection above",
                      "write 'connect' for another one");
    known.is_over = false;
  }

  // A MAY is observed and ends nothing, whatever the reply.
  bool goes_on_all_the_same(const Expectation& expectation) const {
    return std::any_of(expectation.bindings.begin(), expectation.bindings.end(), [&](const Binding& binding) {
      const Requirement* requirement = catalogue_.primary(binding.requirement);
      return requirement != nullptr && requirement->level == verdict::Level::may;
    });
  }

  void forget_replies() {
    for (auto& [connection, known] : known_) known.reply.reset();
  }

  const Scenario& scenario_;
  const Catalogue& catalogue_;
  Findings& findings_;
  std::map<int, Known> known_;
};

}  // namespace

void lint_reach(const Scenario& scenario, const Catalogue& catalogue, Findings& findings) {
  ReachRules(scenario, catalogue, findings).run();
}

}  // namespace smtpspec::scenario
