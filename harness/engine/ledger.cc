#include "harness/engine/ledger.h"

#include <algorithm>

namespace smtpspec::engine {

using verdict::Cause;
using verdict::Level;
using verdict::Outcome;
using verdict::Verdict;

namespace {

// The turns of a `repeat` share one check: its worst outcome stays.
int severity(Outcome outcome) {
  switch (outcome) {
    case Outcome::not_reached:
      return 0;
    case Outcome::passed:
      return 1;
    case Outcome::observed:
      return 2;
    case Outcome::inconclusive:
      return 3;
    case Outcome::warned:
      return 4;
    case Outcome::violated:
      return 5;
  }
  return 0;
}

Outcome outcome_of_miss(Level level, bool accepted_malformed) {
  switch (level) {
    case Level::must:
    case Level::must_not:
    case Level::implied:
      return Outcome::violated;
    case Level::grammar:
      return accepted_malformed ? Outcome::warned : Outcome::violated;
    case Level::should:
    case Level::should_not:
      return Outcome::warned;
    case Level::may:
      return Outcome::observed;
  }
  return Outcome::violated;
}

}  // namespace

void Ledger::record(const PlannedCheck& check, Outcome outcome, const std::string& got) {
  auto& entry = checks_[check.index];
  if (severity(outcome) <= severity(entry.outcome)) return;
  entry.outcome = outcome;
  entry.got = got;
}

void Ledger::pass(const PlannedCheck& check, const std::string& got) {
  const bool is_optional = checks_[check.index].level == Level::may;
  record(check, is_optional ? Outcome::observed : Outcome::passed, got);
  worsen(Verdict::pass, Cause::none, {}, 0);
}

void Ledger::miss(const PlannedCheck& check, const std::string& got, const std::string& reason,
                  bool accepted_malformed) {
  const auto& entry = checks_[check.index];
  const Outcome outcome = outcome_of_miss(entry.level, accepted_malformed);
  record(check, outcome, got);
  if (outcome == Outcome::violated) worsen(Verdict::fail, Cause::none, reason, entry.line);
  else if (outcome == Outcome::warned) worsen(Verdict::warn, Cause::none, reason, entry.line);
  else worsen(Verdict::pass, Cause::none, {}, 0);
}

void Ledger::set_aside(const PlannedCheck& check, const std::string& got) { record(check, Outcome::inconclusive, got); }

void Ledger::add_expectation(const PlannedCheck& check, std::string_view what) {
  std::string& expected = checks_[check.index].expected;
  if (expected.find(what) == std::string::npos) (expected += ", ") += what;  // a turn of `repeat` may have said it
}

void Ledger::worsen(Verdict verdict, Cause cause, const std::string& reason, int line) {
  if (verdict <= verdict_) return;
  verdict_ = verdict;
  cause_ = cause;
  reason_ = reason;
  reason_line_ = line;
}

void Ledger::close(bool ran_to_end) {
  if (verdict_ >= Verdict::inconclusive) return;
  const auto is_open = [](const verdict::CheckResult& check) {
    return check.outcome == Outcome::not_reached && check.level != Level::may;
  };
  const auto open = std::find_if(checks_.begin(), checks_.end(), is_open);
  const bool judged_any = std::any_of(checks_.begin(), checks_.end(),
                                      [](const auto& check) { return check.outcome != Outcome::not_reached; });
  if (!judged_any) {
    worsen(Verdict::inconclusive, Cause::unknown, "no bound expectation was reached",
           open != checks_.end() ? open->line : 0);
  } else if (!ran_to_end && verdict_ != Verdict::warn && open != checks_.end()) {
    worsen(Verdict::inconclusive, Cause::unknown, "ended before its last expectations were due", open->line);
  }
}

}  // namespace smtpspec::engine
