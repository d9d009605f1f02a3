// Two runs side by side: what is worse in the second, what is better, and what the server advertises otherwise. Waived
// deviations are no failures on either side; scenarios are told by their ids, which stay for ever.
#pragma once

#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

struct VerdictChange {
  std::string id;  // of the scenario, of a finding on the form of replies, or "crash in SCENARIO"
  std::string title;
  std::string before;  // "pass", "fail", "waived", "absent", …
  std::string after;
  std::string reason;  // of the second run
};

// A keyword that EHLO was answered with in one run and not, or otherwise, in the other.
struct AdvertisementChange {
  std::string where;   // "plain", "tls", "auth"
  std::string before;  // "SIZE 1000"; empty: not there
  std::string after;
};

struct Comparison {
  std::vector<VerdictChange> newly_failing;       // a fail, a crash, a broken rule on the form of replies
  std::vector<VerdictChange> fixed;               // failed, and passes or warns
  std::vector<VerdictChange> newly_inconclusive;  // was judged, and is not: inconclusive or an error
  std::vector<VerdictChange> no_longer_judged;    // was judged, and does not apply any more or was skipped
  std::vector<VerdictChange> judged_again;        // was not judged, and passes or warns
  std::vector<VerdictChange> newly_warned;
  std::vector<VerdictChange> other;  // every other change of a verdict, and what is in one of the runs only
  std::vector<AdvertisementChange> advertisements;
  std::vector<std::string> remarks;  // what makes the two hard to compare: another suite, role, selection, server
  bool is_same() const;              // nothing in any of the lists of changes
};

Comparison compare(const RunRecord& before, const RunRecord& after);

}  // namespace smtpspec::verdict
