// What a conversation has come to so far: the outcome of each check and the verdict, which can only worsen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/expectation.h"
#include "harness/engine/program.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::engine {

class Ledger {
 public:
  explicit Ledger(std::vector<verdict::CheckResult> planned) : checks_(std::move(planned)) {}

  void pass(const PlannedCheck& check, const std::string& got);
  // The expectation was missed: fail, warn or observed, by the level of its requirement. `accepted_malformed`: a
  // malformed line was taken, which breaks a GRAMMAR requirement only mildly (accepting what nobody may send).
  void miss(const PlannedCheck& check, const std::string& got, const std::string& reason, bool accepted_malformed);
  void set_aside(const PlannedCheck& check, const std::string& got);
  // What was expected beside the reply code, where that was met and this was not.
  void add_expectation(const PlannedCheck& check, std::string_view what);

  void worsen(verdict::Verdict verdict, verdict::Cause cause, const std::string& reason, int line);

  // To be called once, at the end. `ran_to_end`: every step was played; then what was not reached was not due. A
  // scenario that judged nothing at all is inconclusive, never a pass.
  void close(bool ran_to_end);

  bool is_failing() const { return verdict_ >= verdict::Verdict::fail; }
  verdict::Verdict verdict() const { return verdict_; }
  verdict::Cause cause() const { return cause_; }
  const std::string& reason() const { return reason_; }
  int reason_line() const { return reason_line_; }
  const std::vector<verdict::CheckResult>& checks() const { return checks_; }

 private:
  void record(const PlannedCheck& check, verdict::Outcome outcome, const std::string& got);

  std::vector<verdict::CheckResult> checks_;
  verdict::Verdict verdict_ = verdict::Verdict::none;
  verdict::Cause cause_ = verdict::Cause::none;
  std::string reason_;
  int reason_line_ = 0;
};

}  // namespace smtpspec::engine
