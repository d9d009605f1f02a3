// From scenarios to requirements: what each requirement of the catalogue came to over all scenarios bound to it, and
// what the form of all replies came to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/conversation.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/coverage.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

// One entry for each requirement that a scenario is bound to, by id; `same_as` entries count for their primary.
// satisfied: judged, and nothing missed. violated: missed at any level above MAY. observed: MAY only. untested: bound
// but not judged in this run. not_applicable: every scenario bound to it is.
std::vector<verdict::RequirementResult> roll_up(const std::vector<verdict::ScenarioResult>& scenarios,
                                                const scenario::Catalogue& catalogue);

// What ReplyFormTally judges in every run, whatever is selected: each of its findings with the requirement behind it.
std::vector<scenario::RunLevelRule> run_level_rules();

// Collects the deviations of every reply of a run.
class ReplyFormTally {
 public:
  void add(const engine::ReplyForm& form, const std::string& scenario_id);
  // One finding for each rule on the form of replies, violated or not; none where no reply was seen.
  std::vector<verdict::WireFinding> findings(const scenario::Catalogue& catalogue) const;

 private:
  struct Seen {
    std::uint64_t count = 0;
    std::string example;
    std::string scenario;
  };
  std::uint64_t replies_ = 0;
  std::map<std::string_view, Seen> seen_;  // by rule
};

}  // namespace smtpspec::runner
