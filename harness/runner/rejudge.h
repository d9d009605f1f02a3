// A recorded run judged anew, offline: the scenarios of a suite, the recorded one or a newer, over the recorded wire
// logs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

struct NotRejudged {
  std::string scenario;
  std::string reason;  // one sentence
  bool operator==(const NotRejudged&) const = default;
};

struct Rejudged {
  verdict::RunRecord record;              // what could not be judged anew has its recorded verdict
  int judged = 0;                         // scenarios whose recording was played back to its end
  std::vector<NotRejudged> not_rejudged;  // recorded as played, and not judged anew
  std::vector<std::string> not_recorded;  // scenarios of the suite that the recording has not
  std::vector<std::string> not_in_suite;  // and the other way round; they are no longer in the record
};

// Scenarios that were not played (not applicable, skipped) stay so; flaky ones stay inconclusive, because of several
// tries one is recorded; those that compute with the password (SCRAM) stay as they were. Findings on the form of
// replies and crashes are those of the recording. A scenario whose verdict changes loses its waiver. Requirements and
// summary are made anew; suite and gate are the caller's. `complete` as in Plan; may be empty. `instances`: of the
// suite, selected as the recorded run was.
Rejudged rejudge(const verdict::RunRecord& recorded, const std::vector<scenario::Instance>& instances,
                 const scenario::Catalogue& catalogue, const std::function<void(const scenario::Scenario&)>& complete);

}  // namespace smtpspec::runner
