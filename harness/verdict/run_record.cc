#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

Summary summarize(const RunRecord& record) {
  Summary summary;
  for (const auto& scenario : record.scenarios) {
    if (scenario.is_flaky) ++summary.flaky;
    if (scenario.is_waived) {
      ++summary.waived;
      continue;
    }
    switch (scenario.verdict) {
      case Verdict::none:
        break;
      case Verdict::pass:
        ++summary.pass;
        break;
      case Verdict::warn:
        ++summary.warn;
        break;
      case Verdict::inconclusive:
        ++summary.inconclusive;
        break;
      case Verdict::fail:
        ++summary.fail;
        break;
      case Verdict::error:
        ++summary.error;
        break;
      case Verdict::not_applicable:
        ++summary.not_applicable;
        break;
      case Verdict::skipped:
        ++summary.skipped;
        break;
    }
  }
  summary.crash = static_cast<int>(record.crashes.size());
  return summary;
}

}  // namespace smtpspec::verdict
