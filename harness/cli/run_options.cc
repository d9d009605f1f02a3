#include "harness/cli/run_options.h"

#include <csignal>
#include <iostream>
#include <random>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "harness/base/clock.h"
#include "harness/base/octets.h"
#include "harness/cli/disk_files.h"
#include "harness/cli/progress.h"
#include "harness/cli/report_files.h"
#include "harness/cli/selected.h"
#include "harness/cli/shard_option.h"
#include "harness/cli/shell.h"
#include "harness/cli/unseen_defects.h"
#include "harness/cli/version.h"
#include "harness/cli/waivers.h"
#include "harness/runner/runner.h"
#include "harness/verdict/gate.h"
#include "harness/verdict/waiver.h"
#include "reports/console.h"
#include "reports/registry.h"

namespace smtpspec::cli {
namespace {

using base::make_unexpected;
using base::Result;

int usage_error(const std::string& message) {
  // Diagnostics of a file begin with its name, for editors to find.
  const bool is_rendered = message.ends_with('\n');
  std::cerr << (is_rendered ? "" : "smtpspec: ") << message << (is_rendered ? "" : "\n");
  return verdict::kExitUsage;
}

// What may be done to a server: everything on one's own machine, nothing that delivers elsewhere unless it is asked
// for, and nothing that stresses without the owner's word.
Result<scenario::Impact, std::string> allowed_impact(const RunOptions& options, const Site& site, bool is_authorized) {
  if (options.impact.empty()) return site.is_loopback ? scenario::Impact::stress : scenario::Impact::probe;
  const scenario::Impact impact = *scenario::parse_impact(options.impact);
  if (impact == scenario::Impact::stress && !site.is_loopback && !is_authorized)
    return make_unexpected(std::string(
        "--impact stress on a server that is not on loopback needs --i-am-authorized: its owner has agreed"));
  return impact;
}

reports::ConsoleOptions console_options(bool verbose) {
  reports::ConsoleOptions console;
  const char* no_color = std::getenv("NO_COLOR");
  console.color = isatty(STDOUT_FILENO) == 1 && (!no_color || *no_color == '\0');
  console.verbose = verbose;
  return console;
}

}  // namespace

void RunOptions::add_to(CLI::App& command) {
  const std::string what = "What to run";
  command
      .add_option("--select", select, "Only these: ids with *, tag:T, RFC5321-4.1*, section:S, level:MUST, extension:E")
      ->join(',')
      ->group(what);
  command.add_option("--exclude", exclude, "Not these; as --select")->join(',')->group(what);
  command.add_option("--impact", impact, "The most that may be done: probe (nothing is delivered), deliver, stress")
      ->check(CLI::IsMember({"probe", "deliver", "stress"}))
      ->group(what);
  command.add_flag("--slow", slow, "Also scenarios that wait 10 s or more")->group(what);
  command
      .add_option("--shard", shard,
                  "I/N: the I-th of N parts, or auto: as the CI system or Kubernetes says; smtpspec merge puts the "
                  "records together")
      ->group(what);
  const std::string how = "How";
  command.add_option("--jobs", jobs, "Conversations at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str()
      ->group(how);
  command.add_option("--seed", seed, "Of every random choice; printed in the record")->group(how);
  command.add_flag("--shuffle", shuffle, "Run in random order")->group(how);
  command.add_option("--repeat", repeat, "Play each scenario so often; differing verdicts are flaky")
      ->check(CLI::Range(1, 1000))
      ->group(how);
  command.add_option("--confirm", confirm, "Fresh tries that must repeat a fail")
      ->check(CLI::Range(0, 20))
      ->capture_default_str()
      ->group(how);
  command.add_option("--timeout", timeout_seconds, "Seconds to wait for a reply")
      ->check(CLI::Range(0.1, 3600.0))
      ->group(how);
  command.add_option("--time-scale", time_scale, "Widens every bound on time")
      ->check(CLI::Range(0.1, 100.0))
      ->group(how);
  const std::string gate = "What to make of it";
  command.add_option("--waivers", waiver_files, "TOML file of accepted deviations, repeatable; default: the profile's")
      ->group(gate);
  command.add_option("--fail-on", fail_on, "What closes the gate beside a fail: warn, inconclusive (and warn)")
      ->check(CLI::IsMember({"fail", "warn", "inconclusive"}))
      ->group(gate);
  command.add_option("--min-conclusive", min_conclusive, "Percent of the applicable scenarios that must be judged")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str()
      ->group(gate);
  command.add_option("--report", reports, "FORMAT:PATH, repeatable; formats: " + reports::format_names())->group(gate);
  command.add_flag("-v,--verbose", verbose, "Tell of every scenario")->group(gate);
}

Result<verdict::RunRecord, int> play_scenarios(const Suite& suite, const TargetOptions& target_options,
                                               const RunOptions& options, bool is_whole_suite,
                                               const std::string& command_name) {
  const auto usage_error = [](const std::string& message) { return make_unexpected(cli::usage_error(message)); };
  print_diagnostics(suite.diagnostics);
  if (!suite.problem.empty()) return usage_error(suite.problem);
  if (suite.has_errors()) return make_unexpected(static_cast<int>(verdict::kExitUsage));
  verdict::Shard shard;
  if (!options.shard.empty()) {
    const auto parsed = parse_shard(options.shard, process_environment());
    if (!parsed) return usage_error("--shard: " + parsed.error());
    shard = *parsed;
  }

  transport::EventLoop loop;
  auto site = open_site(loop, target_options);
  if (!site) return usage_error(site.error());
  std::vector<std::string> waiver_files = options.waiver_files;
  if (options.ignores_expected_deviations) waiver_files.clear();
  else if (waiver_files.empty() && !site->profile.expected_file.empty())
    waiver_files.push_back(site->profile.expected_file);
  auto waivers = load_waivers(waiver_files);
  if (!waivers) return usage_error(waivers.error());
  const auto impact = allowed_impact(options, *site, target_options.is_authorized);
  if (!impact) return usage_error(impact.error());

  runner::Plan plan;
  plan.catalogue = &scenario::built_in_catalogue();
  if (suite.sound) plan.complete = [&suite](const scenario::Scenario& scenario) { suite.sound->complete(scenario); };
  auto instances = selected_instances(suite, options.select, options.exclude);
  if (!instances) return usage_error(instances.error());
  plan.instances = *std::move(instances);
  keep_shard(shard, plan.instances);
  const bool is_selected = !options.select.empty() || !options.exclude.empty();
  const bool is_part = is_selected || shard.total > 1;
  if (plan.instances.empty()) {
    std::cerr << "smtpspec: nothing is selected, so nothing is judged\n";
    return make_unexpected(static_cast<int>(verdict::kExitGateNotMet));
  }
  apply_site(*site, plan);
  plan.offer.impact = *impact;
  plan.offer.includes_slow = options.slow || options.select.find("tag:slow") != std::string::npos;
  plan.jobs = std::min(plan.jobs, options.jobs);
  plan.seed = options.seed.value_or(std::random_device{}());
  plan.shuffle = options.shuffle;
  plan.repeat = options.repeat;
  plan.retry.confirmations = options.confirm;
  plan.keeps_whole_logs = options.keeps_whole_logs;
  plan.settings.time_scale = options.time_scale;
  if (options.timeout_seconds > 0)
    plan.settings.reply_timeout =
        base::Microseconds(static_cast<base::Microseconds::rep>(options.timeout_seconds * 1e6));

  verdict::RunRecord record;
  {
    Progress progress(options.verbose);
    runner::Runner runner(loop, *site->target, site->all_mail(), std::move(plan), progress);
    const transport::SignalWatch watch = loop.on_signals({SIGINT, SIGTERM}, [&](int) { runner.interrupt(); });
    record = runner.run(base::SystemClock());
  }
  record.tool_version = kVersion;
  record.suite_version = kSuiteVersion;
  record.suite_digest = suite.digest;
  record.target.is_built_in = site->is_built_in;
  record.target.profile = site->profile.name;
  record.target.profile_digest = site->profile_digest;
  record.reproduce = command_name + site->reproduce_options + (is_whole_suite ? " --select {scenario}" : "");

  record.conditions.select = options.select;
  record.conditions.exclude = options.exclude;
  record.conditions.shard = shard;
  record.conditions.defects = static_cast<int>(target_options.defects.size());
  record.conditions.waivers = static_cast<int>(waivers->size());
  const auto complaints =
      verdict::apply_waivers(record, *waivers, base::SystemClock().wall(), is_whole_suite && !is_part);
  // A waiver that is of no use to one shard may be of use to another: merge finds out.
  const bool counts_complaints = shard.total == 1;
  for (const auto& complaint : complaints)
    if (counts_complaints) std::cerr << "smtpspec: " << base::escape(complaint) << '\n';
  verdict::GatePolicy& policy = record.conditions.policy;
  policy.fail_on = verdict::parse_fail_on(options.fail_on).value_or(verdict::FailOn::fail);
  policy.min_conclusive_percent = options.min_conclusive;
  if (counts_complaints) policy.stale_waivers = static_cast<int>(complaints.size());
  if (site->profile.limits.minimum_judged > 0 && !is_selected)
    policy.minimum_judged = site->profile.limits.minimum_judged;
  if (!is_selected) policy.maximum_not_applicable_percent = site->profile.limits.maximum_not_applicable_percent;
  verdict::GatePolicy now = policy;
  if (shard.total > 1) {  // what the whole has to reach, a part need not
    now.minimum_judged.reset();
    now.maximum_not_applicable_percent.reset();
  }
  record.gate = verdict::decide_gate(record, now);
  return record;
}

int run_scenarios(const Suite& suite, const TargetOptions& target_options, const RunOptions& options,
                  bool is_whole_suite, const std::string& command_name) {
  auto report_files = parse_reports(options.reports);
  if (!report_files) return usage_error(report_files.error());
  const auto record = play_scenarios(suite, target_options, options, is_whole_suite, command_name);
  if (!record) return record.error();
  const int exit_code = tell(*record, *report_files, options.verbose);
  for (const auto& sentence : unseen_defects(*record, target_options.defects))
    std::cerr << "smtpspec: " << sentence << '\n';
  return exit_code;
}

int tell(const verdict::RunRecord& record, const std::vector<ReportFile>& report_files, bool is_verbose) {
  reports::write_console(record, std::cout, console_options(is_verbose));
  std::cout.flush();
  if (!write_reports(record, report_files)) return verdict::kExitUnavailable;
  return record.gate.exit_code;
}

}  // namespace smtpspec::cli
