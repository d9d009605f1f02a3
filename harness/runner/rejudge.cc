#include "harness/runner/rejudge.h"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include "harness/engine/conversation.h"
#include "harness/engine/playback.h"
#include "harness/engine/policy.h"
#include "harness/engine/program.h"
#include "harness/runner/conditions.h"
#include "harness/runner/roll_up.h"

namespace smtpspec::runner {
namespace {

using verdict::ScenarioResult;
using verdict::Verdict;

// A step that computes what is expected out of the password.
bool needs_password(const engine::Program& program) {
  return std::any_of(program.ops.begin(), program.ops.end(), [](const engine::Op& op) {
    return op.step != nullptr && std::holds_alternative<scenario::Scram>(op.step->body);
  });
}

bool was_played(const ScenarioResult& result) {
  return verdict::is_in_lattice(result.verdict) && result.verdict != Verdict::none;
}

std::string why_not(const verdict::RunRecord& recorded, const ScenarioResult& result) {
  if (result.is_flaky) return "several tries did not agree, and one of them is recorded";
  if (result.wire.empty()) return "nothing was recorded: " + result.reason;
  if (recorded.conditions.reply_timeout == base::Microseconds{0} || result.token.empty())
    return "an earlier version made the record, without what the scenario was filled in with";
  return "";
}

}  // namespace

Rejudged rejudge(const verdict::RunRecord& recorded, const std::vector<scenario::Instance>& instances,
                 const scenario::Catalogue& catalogue, const std::function<void(const scenario::Scenario&)>& complete) {
  Rejudged made;
  made.record = recorded;
  made.record.scenarios.clear();
  std::map<std::string_view, const ScenarioResult*> results;
  for (const auto& result : recorded.scenarios) results.emplace(result.id, &result);
  std::set<std::string_view> in_suite;
  for (const auto& instance : instances) {
    in_suite.insert(instance.id);
    const auto found = results.find(instance.id);
    if (found == results.end()) {
      made.not_recorded.push_back(instance.id);
      continue;
    }
    const ScenarioResult& before = *found->second;
    ScenarioResult after = before;
    after.title = instance.scenario->title;
    after.why = instance.scenario->why;
    after.file = instance.scenario->file;
    after.line = instance.scenario->position.line;
    after.requirements = instance.scenario->checks;
    after.tags = instance.scenario->tags;
    std::string problem;
    if (was_played(before)) {
      problem = why_not(recorded, before);
      if (problem.empty()) {
        if (complete) complete(*instance.scenario);
        const engine::Program program = engine::compile(instance, catalogue);
        if (needs_password(program)) {
          made.not_rejudged.push_back({instance.id, "it computes with the password, which is not recorded"});
          made.record.scenarios.push_back(std::move(after));
          continue;
        }
        engine::Conversation conversation(program, variables_of(recorded.conditions, before, instance),
                                          settings_of(recorded.conditions));
        problem = engine::play_back(conversation, before.wire);
        ScenarioResult judged = after;
        if (problem.empty()) conversation.conclude(judged);
        if (problem.empty() && judged.verdict == Verdict::error) problem = judged.reason;
        if (problem.empty()) {
          judged.wire = before.wire;
          judged.duration = before.duration;
          judged.likely_causes = engine::likely_causes(judged);
          if (judged.verdict != before.verdict) {
            judged.is_waived = false;
            judged.waiver_reason.clear();
          }
          after = std::move(judged);
          ++made.judged;
        }
      }
    }
    if (!problem.empty()) made.not_rejudged.push_back({instance.id, problem});
    made.record.scenarios.push_back(std::move(after));
  }
  for (const auto& result : recorded.scenarios)
    if (!in_suite.contains(result.id)) made.not_in_suite.push_back(result.id);
  made.record.requirements = roll_up(made.record.scenarios, catalogue);
  made.record.summary = summarize(made.record);
  return made;
}

}  // namespace smtpspec::runner
