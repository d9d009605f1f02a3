#include "tests/kill_matrix/matrix.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <limits>
#include <numeric>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "harness/cli/suite.h"
#include "harness/cli/target_options.h"
#include "harness/runner/runner.h"
#include "harness/scenario/walk.h"
#include "harness/server/dormant_defects.h"

namespace smtpspec::kill_matrix {
namespace {

using verdict::Outcome;

// The server is in this process: a reply that is not there by now will not come.
constexpr base::Microseconds kReplyTimeout = std::chrono::milliseconds(2500);
// A message of ten megabytes takes its time, eight runs at once.
constexpr base::Microseconds kEndOfDataTimeout = std::chrono::seconds(10);
// And a message that is not stored by then is lost.
constexpr base::Microseconds kMailboxTimeout = std::chrono::milliseconds(1000);
constexpr int kScenariosAtATime = 64;

// What is not about the broken rules is there to show that it goes on passing. One scenario in four shows that, other
// ones for each defect; where it is in doubt, all are played.
constexpr std::size_t kOneInSoMany = 4;

// Of the ids of the findings about the form of all replies.
constexpr std::string_view kWirePrefix = "wire.";

// What these do depends on other connections: on those that are open beside it, or on the one before it (faults of the
// greeting in their dormant form). With many scenarios at a time it would befall whichever is next, and not the one
// that has the other connection in its script.
constexpr std::string_view kShownByOneScenarioAtATime[] = {
    "greeting-missing",
    "greeting-waits-for-client",
    "greeting-closes",
    "greeting-answers-250",
    "greeting-sent-twice",
    "next-connection-reset",
    "simultaneous-connection-not-greeted",
    "simultaneous-connection-closed",
    "simultaneous-mail-refused",
    "lost-connection-stops-service",
    "connection-lost-in-transaction-blocks-mail",
    "connection-lost-in-data-stops-service",
    "connection-lost-in-transaction-resets-next-one",
    "transaction-leaks-into-next-session",
    "sender-of-other-session-taken",
    "text-of-other-session-taken",
    "rset-of-other-session-drops-recipients",
    "end-of-other-session-drops-recipients",
};

int scenarios_at_a_time(const DefectRun& run) {
  const auto& alone = kShownByOneScenarioAtATime;
  const std::string_view defect = run.defect->name;
  if (run.has_dormant_twin()) return kScenariosAtATime;
  return std::find(std::begin(alone), std::end(alone), defect) == std::end(alone) ? kScenariosAtATime : 1;
}

std::string primary_id(std::string_view id) {
  const auto* entry = scenario::built_in_catalogue().primary(id);
  return std::string(entry ? entry->id : id);
}

bool is_missed(Outcome outcome) { return outcome == Outcome::violated || outcome == Outcome::warned; }

bool waits(const scenario::Steps& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const scenario::Step& step) {
    const auto* inner = scenario::inner_steps(step);
    return std::holds_alternative<scenario::Wait>(step.body) || (inner && waits(*inner));
  });
}

// In the order in which a scenario is looked for a server: it is played on the first that it is for.
constexpr scenario::Role kRoles[] = {scenario::Role::mx, scenario::Role::submission, scenario::Role::lmtp};

bool is_played_as(scenario::Role role, const scenario::Scenario& scenario) {
  const auto* const first =
      std::find_if(std::begin(kRoles), std::end(kRoles), [&](scenario::Role r) { return scenario.is_for(r); });
  return first != std::end(kRoles) && *first == role;
}

// The outcomes of each check over all instances of its scenario.
using Outcomes = std::map<Check, std::vector<Outcome>>;

Outcomes outcomes_of(const verdict::RunRecord& record) {
  Outcomes outcomes;
  for (const auto& scenario : record.scenarios) {
    const std::string name = scenario.id.substr(0, scenario.id.find('['));
    for (const auto& check : scenario.checks) {
      if (check.level == verdict::Level::may || check.requirement.empty()) continue;
      outcomes[{name, primary_id(check.requirement)}].push_back(check.outcome);
    }
  }
  for (const auto& finding : record.wire_findings)
    outcomes[{finding.id, primary_id(finding.requirement)}].push_back(finding.outcome);
  return outcomes;
}

bool is_about(const scenario::Scenario& scenario, const std::set<std::string>& requirements) {
  return std::any_of(scenario.checks.begin(), scenario.checks.end(),
                     [&](const std::string& id) { return requirements.contains(primary_id(id)); });
}

bool is_heavy(const scenario::Scenario& scenario) { return scenario.impact == scenario::Impact::stress; }

// What a run is made with: nothing, or a defect that breaks `broken`.
struct Setting {
  std::vector<std::string> defects;
  std::set<std::string> broken;  // primary ids
  int jobs = 1;
  bool has_dormant_defects = false;
  std::size_t every = 1;  // of the scenarios that are not about the broken rules, each that has
  std::size_t shift = 0;  // this remainder by its place in the suite

  // Of what is not about the broken rules one instance will do, and none of what is heavy. Seven scenarios of 10 MB and
  // more are a quarter of the work.
  std::size_t most_instances_of(const scenario::Scenario& scenario, std::size_t place) const {
    if (defects.empty() || is_about(scenario, broken)) return std::numeric_limits<std::size_t>::max();
    return is_heavy(scenario) || place % every != shift ? 0 : 1;
  }
};

// The scenarios that are played against the reference server in `role`.
verdict::RunRecord run_as(scenario::Role role, const cli::Suite& suite, const Setting& setting, std::string& trouble) {
  runner::Plan plan;
  plan.catalogue = &scenario::built_in_catalogue();
  std::size_t place = 0;
  for (const auto& scenario : suite.scenarios()) {
    const std::size_t most = setting.most_instances_of(scenario, place++);
    if (most == 0 || waits(scenario.steps) || !is_played_as(role, scenario)) continue;
    auto instances = scenario::instances_of(scenario);
    instances.resize(std::min(instances.size(), most));
    std::move(instances.begin(), instances.end(), std::back_inserter(plan.instances));
  }
  if (plan.instances.empty()) return {};
  transport::EventLoop loop;
  cli::TargetOptions options;
  options.role = to_string(role);
  options.defects = setting.defects;
  options.has_dormant_defects = setting.has_dormant_defects;
  auto site = cli::open_site(loop, options);
  if (!site) {
    trouble = site.error();
    return {};
  }
  cli::apply_site(*site, plan);
  plan.offer.impact = scenario::Impact::stress;
  plan.offer.includes_slow = true;  // slow with other servers: this one does not slow down after many commands
  plan.settings.reply_timeout = kReplyTimeout;
  plan.settings.end_of_data_timeout = kEndOfDataTimeout;
  plan.settings.mailbox_timeout = kMailboxTimeout;
  plan.retry.confirmations = 0;
  plan.retry.retries = 0;
  plan.jobs = setting.jobs;
  runner::Observer observer;
  runner::Runner runner(loop, *site->target, site->all_mail(), std::move(plan), observer);
  auto record = runner.run(base::SystemClock());
  if (record.target.reachability != verdict::Reachability::answers) trouble = record.target.reachability_reason;
  return record;
}

// The whole suite, each scenario on a server of the first role that it is for. What the form of all replies came to is
// told by each of these runs; a rule that one of them breaks is broken.
verdict::RunRecord run_suite(const cli::Suite& suite, const Setting& setting, std::string& trouble) {
  verdict::RunRecord all;
  for (const auto role : kRoles) {
    auto record = run_as(role, suite, setting, trouble);
    std::move(record.scenarios.begin(), record.scenarios.end(), std::back_inserter(all.scenarios));
    std::move(record.wire_findings.begin(), record.wire_findings.end(), std::back_inserter(all.wire_findings));
  }
  return all;
}

bool is_passing(const std::vector<Outcome>& outcomes) {
  return std::none_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) {
    return is_missed(outcome) || outcome == Outcome::inconclusive || outcome == Outcome::not_reached;
  });
}

// The steady checks that a run with `setting` plays and that are bound to other rules than the broken ones.
std::set<Check> other_checks(const cli::Suite& suite, const Setting& setting, const std::set<Check>& steady) {
  std::set<std::string> left_out;
  std::size_t place = 0;
  for (const auto& scenario : suite.scenarios())
    if (setting.most_instances_of(scenario, place++) == 0) left_out.insert(scenario.name);
  std::set<Check> others;
  for (const auto& check : steady)
    if (!setting.broken.contains(check.requirement) && !left_out.contains(check.scenario)) others.insert(check);
  return others;
}

// Fills `run` in, which has its defect and its form.
void judge(DefectRun& run, const std::set<std::string>& broken, const std::set<Check>& others, const Matrix& matrix,
           const verdict::RunRecord& record, std::string trouble) {
  // Who greets nobody cannot be judged, and the run says so itself.
  run.is_given_up = run.has_dormant_twin() && !trouble.empty();
  if (!run.is_given_up) run.trouble = std::move(trouble);
  run.has_checks = std::any_of(matrix.checks.begin(), matrix.checks.end(),
                               [&](const Check& check) { return broken.contains(check.requirement); });
  run.other_checks = static_cast<int>(others.size());
  for (const auto& [check, outcomes] : outcomes_of(record)) {
    const bool is_caught = std::any_of(outcomes.begin(), outcomes.end(), is_missed);
    if (is_caught) run.missed.insert(check);
    if (broken.contains(check.requirement)) {
      if (is_caught) run.killed.insert(check);
      continue;
    }
    if (!others.contains(check)) continue;
    run.other_checks_passing += is_passing(outcomes);
    run.other_checks_missed += is_caught;
  }
}

Setting setting_of(const DefectRun& run) {
  Setting setting;
  setting.defects = {std::string(run.defect->name)};
  for (const auto id : run.defect->requirements) setting.broken.insert(primary_id(id));
  setting.jobs = scenarios_at_a_time(run);
  setting.has_dormant_defects = run.form == Form::dormant;
  return setting;
}

// `run` has its defect and its form.
DefectRun played(const cli::Suite& suite, const Setting& setting, const Matrix& matrix, DefectRun run) {
  std::string trouble;
  const auto record = run_suite(suite, setting, trouble);
  judge(run, setting.broken, other_checks(suite, setting, matrix.steady), matrix, record, std::move(trouble));
  return run;
}

// Whether a check of the form of all replies is bound to a rule that is broken: any scenario can have the reply.
bool shows_anywhere(const Setting& setting, const Matrix& matrix) {
  return std::any_of(matrix.checks.begin(), matrix.checks.end(), [&](const Check& check) {
    return check.scenario.starts_with(kWirePrefix) && setting.broken.contains(check.requirement);
  });
}

// The same with a part of the other checks, the `turn`th one, if that is enough.
DefectRun played_in_part(const cli::Suite& suite, std::size_t turn, const Matrix& matrix, const DefectRun& run) {
  const Setting whole = setting_of(run);
  Setting part = whole;
  part.every = kOneInSoMany;
  part.shift = turn % kOneInSoMany;
  if (!shows_anywhere(whole, matrix)) {
    auto result = played(suite, part, matrix, run);
    if (result.share_passing() >= kClearlyMost) return result;
  }
  return played(suite, whole, matrix, run);
}

}  // namespace

Matrix play(const std::string& suite_root, int threads, const std::set<std::string>& only) {
  Matrix matrix;
  const cli::Suite suite = cli::load_suite(suite_root, cli::Linting::all);
  if (suite.has_errors()) {
    matrix.plain_misses.push_back("the suite has errors: " + suite.problem);
    return matrix;
  }
  std::string trouble;
  Setting plain_setting;
  plain_setting.jobs = kScenariosAtATime;
  const verdict::RunRecord plain = run_suite(suite, plain_setting, trouble);
  if (!trouble.empty()) matrix.plain_misses.push_back(trouble);
  for (const auto& scenario : plain.scenarios) {
    if (scenario.verdict == verdict::Verdict::pass || !verdict::is_in_lattice(scenario.verdict)) continue;
    matrix.plain_misses.push_back(
        fmt::format("{} {}: {}", verdict::to_string(scenario.verdict), scenario.id, scenario.reason));
  }
  std::set<std::string> heavy;
  for (const auto& scenario : suite.scenarios())
    if (is_heavy(scenario)) heavy.insert(scenario.name);
  for (const auto& [check, outcomes] : outcomes_of(plain)) {
    if (std::any_of(outcomes.begin(), outcomes.end(), is_missed) && check.scenario.starts_with(kWirePrefix))
      matrix.plain_misses.push_back(check.scenario + " is missed by the plain server");
    if (std::any_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return outcome == Outcome::passed; }))
      matrix.checks.insert(check);
    if (is_passing(outcomes) && !heavy.contains(check.scenario)) matrix.steady.insert(check);
  }
  for (const auto& defect : server::all_defects())
    if (only.empty() || only.contains(std::string(defect.name)))
      for (const Form form : {Form::plain, Form::dormant}) {
        if (form == Form::dormant && server::dormant_circumstance(defect.defect).empty()) continue;
        matrix.runs.emplace_back();
        matrix.runs.back().defect = &defect;
        matrix.runs.back().form = form;
      }

  // The long runs first, so that none of them is left over at the end: one scenario at a time, or waited for by a check
  // that gives a reply two minutes.
  constexpr std::string_view kGivesTwoMinutes = "RFC6409-5.3-01";
  const auto is_long = [&](const DefectRun& run) {
    const auto& broken = run.defect->requirements;
    return scenarios_at_a_time(run) == 1 || run.has_dormant_twin() ||
           std::find(broken.begin(), broken.end(), kGivesTwoMinutes) != broken.end();
  };
  std::vector<std::size_t> order(matrix.runs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](std::size_t at) { return is_long(matrix.runs[at]); });

  std::atomic<std::size_t> next{0};
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (std::size_t turn = next++; turn < order.size(); turn = next++) {
        DefectRun& run = matrix.runs[order[turn]];
        run = only.empty() ? played_in_part(suite, order[turn], matrix, run)
                           : played(suite, setting_of(run), matrix, run);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  return matrix;
}

double DefectRun::share_passing() const {
  return other_checks ? static_cast<double>(other_checks_passing) / other_checks : 0;
}

bool DefectRun::has_dormant_twin() const {
  return form == Form::plain && !server::dormant_circumstance(defect->defect).empty();
}

bool DefectRun::is_broad() const { return share_passing() < kMostOfTheOthers; }

std::set<Check> survivors(const Matrix& matrix) {
  std::set<Check> left = matrix.checks;
  for (const auto& run : matrix.runs) {
    if (run.is_broad()) continue;
    for (const auto& check : run.killed) left.erase(check);
  }
  return left;
}

std::set<Check> resting_on_dormant_forms(const Matrix& matrix) {
  std::set<Check> resting;
  for (const Form form : {Form::dormant, Form::plain}) {
    for (const auto& run : matrix.runs) {
      if (run.form != form || run.is_broad()) continue;
      for (const auto& check : run.killed) {
        if (form == Form::dormant) resting.insert(check);
        else resting.erase(check);
      }
    }
  }
  return resting;
}

}  // namespace smtpspec::kill_matrix
