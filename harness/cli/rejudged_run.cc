#include "harness/cli/rejudged_run.h"

#include "harness/cli/selected.h"
#include "harness/cli/version.h"
#include "harness/verdict/gate.h"

namespace smtpspec::cli {

base::Result<runner::Rejudged, std::string> rejudge_run(const verdict::RunRecord& recorded, const Suite& suite) {
  const auto& conditions = recorded.conditions;
  auto instances = selected_instances(suite, conditions.select, conditions.exclude);
  if (!instances) return base::make_unexpected(instances.error());
  if (conditions.shard.total > 1 && conditions.shard.index >= 1) keep_shard(conditions.shard, *instances);
  std::function<void(const scenario::Scenario&)> complete;
  if (suite.sound) complete = [&suite](const scenario::Scenario& scenario) { suite.sound->complete(scenario); };
  auto made = runner::rejudge(recorded, *instances, scenario::built_in_catalogue(), complete);
  made.record.tool_version = kVersion;
  made.record.suite_version = kSuiteVersion;
  made.record.suite_digest = suite.digest;
  made.record.gate = verdict::decide_gate(made.record, conditions.policy);
  return made;
}

}  // namespace smtpspec::cli
