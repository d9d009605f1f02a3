#include "reports/waiver_list.h"

#include <algorithm>
#include <ostream>
#include <string_view>

#include "reports/failure.h"
#include "reports/instant.h"
#include "reports/printable.h"
#include "reports/transcript.h"

namespace smtpspec::reports {
namespace {

using verdict::Outcome;
using verdict::Verdict;

// Comments are for whoever fills in the reasons.
void comment(std::ostream& out, std::string_view text) {
  if (!text.empty()) out << "# " << printable(text) << '\n';
}

class List {
 public:
  List(const WaiverListOptions& options, std::ostream& out) : options_(options), out_(out) {}

  bool wants(Verdict verdict) const {
    return std::find(options_.verdicts.begin(), options_.verdicts.end(), verdict) != options_.verdicts.end();
  }

  void entry(std::string_view id, Verdict verdict, std::string_view section, std::string_view reason) {
    out_ << "[[waiver]]\nscenario = " << toml_quoted(id) << '\n';
    if (verdict != Verdict::fail) out_ << "verdict = " << toml_quoted(to_string(verdict)) << '\n';
    out_ << "reason = " << toml_quoted(reason) << '\n';
    if (!section.empty()) out_ << "section = " << toml_quoted(section) << '\n';
    if (!options_.expires.empty()) out_ << "expires = " << options_.expires << '\n';
    out_ << '\n';
    ++count_;
  }
  int count() const { return count_; }

 private:
  const WaiverListOptions& options_;
  std::ostream& out_;
  int count_ = 0;
};

}  // namespace

int write_waiver_list(const verdict::RunRecord& record, const WaiverListOptions& options, std::ostream& out) {
  out << "# Deviations of " << printable(record.target.address) << ", found on " << format_instant(record.started)
      << ".\n# Every waiver needs a reason before a run takes this file; one that is no longer needed is red.\n\n";
  List list(options, out);
  for (const auto& scenario : record.scenarios) {
    if (!list.wants(scenario.verdict)) continue;
    const auto* check = deciding_check(scenario);
    const auto* rule = check != nullptr ? find_requirement(record, check->requirement) : nullptr;
    comment(out, scenario.title);
    if (check != nullptr)
      comment(out, "expected " + check->expected + ", got " + (check->got.empty() ? "nothing" : check->got));
    else comment(out, scenario.reason);
    list.entry(scenario.id, scenario.verdict, rule != nullptr ? rule->section : "", scenario.waiver_reason);
  }
  for (const auto& finding : record.wire_findings) {
    const bool is_violated = finding.outcome == Outcome::violated && list.wants(Verdict::fail);
    const bool is_warned = finding.outcome == Outcome::warned && list.wants(Verdict::warn);
    if (!is_violated && !is_warned) continue;
    comment(out, finding.summary);
    comment(out, "first: " + finding.example);
    list.entry(finding.id, is_violated ? Verdict::fail : Verdict::warn, finding.section, finding.waiver_reason);
  }
  return list.count();
}

}  // namespace smtpspec::reports
