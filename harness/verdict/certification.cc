#include "harness/verdict/certification.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/verdict/gate.h"

namespace smtpspec::verdict {
namespace {

// What servers with few extensions, and a mailbox that can be looked into, judge at least.
constexpr int kMinimumMx = 400;
constexpr int kMinimumSubmission = 400;
constexpr int kMinimumLmtp = 350;

class Objections {
 public:
  void unless(bool holds, std::string sentence) {
    if (!holds) list_.push_back(std::move(sentence));
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
};

}  // namespace

int certified_minimum(std::string_view role) {
  if (role == "mx") return kMinimumMx;
  if (role == "submission") return kMinimumSubmission;
  if (role == "lmtp") return kMinimumLmtp;
  return 0;
}

std::vector<std::string> objections(const RunRecord& record) {
  const Conditions& c = record.conditions;
  const Summary s = summarize(record);
  Objections list;
  list.unless(c.reply_timeout.count() > 0, "the record does not tell under which conditions it was made");
  list.unless(c.select.empty() && c.exclude.empty(), "scenarios were selected");
  list.unless(c.shard.total == 1, "it is a part of a run");
  list.unless(c.defects == 0, "the built-in server was told to misbehave");
  list.unless(c.confirmations >= 1, "fails were not confirmed");
  list.unless(c.waivers == 0 && s.waived == 0, "waivers were given");
  list.unless(!record.was_interrupted, "the run was interrupted");
  list.unless(record.given_up.empty(), "the run was given up");
  list.unless(s == record.summary, "the summary is not that of the scenarios");
  list.unless(s.skipped == 0, fmt::format("{} scenarios were left out by choice", s.skipped));
  list.unless(s.flaky == 0, fmt::format("{} scenarios are flaky", s.flaky));

  GatePolicy policy;
  policy.min_conclusive_percent = kCertifiedConclusivePercent;
  const int minimum = certified_minimum(record.target.role);
  list.unless(minimum > 0, fmt::format("there is no certificate for the role {}", record.target.role));
  policy.minimum_judged = minimum;
  const Gate gate = decide_gate(record, policy);
  list.unless(gate.exit_code == kExitGateMet, gate.reason);
  const Judged judged = count_judged(record);
  list.unless(100.0 * judged.judged >= kCertifiedJudgedPercent * judged.applicable,
              fmt::format("{} of {} applicable requirements were judged, {:.0f} % are asked for", judged.judged,
                          judged.applicable, kCertifiedJudgedPercent));
  return list.take();
}

}  // namespace smtpspec::verdict
