#include "harness/cli/run_options.h"

#include <csignal>
#include <iostream>
#include <random>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/octets.h"
#include "harness/cli/disk_files.h"
#include "harness/cli/progress.h"
#include "harness/cli/report_files.h"
#include "harness/cli/shell.h"
#include "harness/cli/unseen_defects.h"
#include "harness/cli/version.h"
#include "harness/runner/runner.h"
#include "harness/runner/selection.h"
#include "harness/target/waiver_file.h"
#include "harness/verdict/gate.h"
#include "harness/verdict/waiver.h"
#include "reports/console.h"
#include "reports/registry.h"

namespace smtpspec::cli {
namespace {

using base::make_unexpected;
using base::Result;

constexpr std::size_t kMaxWaiverFileOctets = 4 * 1024 * 1024;
constexpr std::string_view kSuiteVersion = "0.1.0";

int usage_error(const std::string& message) {
  // Diagnostics of a file begin with its name, for editors to find.
  const bool is_rendered = message.ends_with('\n');
  std::cerr << (is_rendered ? "" : "smtpspec: ") << message << (is_rendered ? "" : "\n");
  return verdict::kExitUsage;
}

Result<std::vector<verdict::Waiver>, std::string> load_waivers(const std::vector<std::string>& files) {
  std::vector<verdict::Waiver> waivers;
  std::string errors;
  for (const auto& file : files) {
    const auto text = read_file(file, kMaxWaiverFileOctets);
    if (!text) {
      errors += "smtpspec: --waivers: " + text.error() + "\n";
      continue;
    }
    auto parsed = target::parse_waivers(*text, file);
    if (parsed) waivers.insert(waivers.end(), parsed->begin(), parsed->end());
    else
      for (const auto& diagnostic : parsed.error()) errors += base::render(diagnostic);
  }
  if (!errors.empty()) return make_unexpected(errors);
  return waivers;
}

// A misspelt name would pass unseen beside others that select something.
void tell_idle(std::string_view option, const runner::Selection& selection, const Suite& suite) {
  for (const auto& sentence : selection.idle_terms(suite.scenarios(), scenario::built_in_catalogue()))
    std::cerr << "smtpspec: " << option << ": " << sentence << '\n';
}

Result<void, std::string> select(const Suite& suite, const RunOptions& options, runner::Plan& plan) {
  std::optional<runner::Selection> wanted;
  std::optional<runner::Selection> unwanted;
  if (!options.select.empty()) {
    auto parsed = runner::Selection::parse(options.select);
    if (!parsed) return make_unexpected("--select: " + parsed.error());
    wanted = std::move(*parsed);
    tell_idle("--select", *wanted, suite);
  }
  if (!options.exclude.empty()) {
    auto parsed = runner::Selection::parse(options.exclude);
    if (!parsed) return make_unexpected("--exclude: " + parsed.error());
    unwanted = std::move(*parsed);
    tell_idle("--exclude", *unwanted, suite);
  }
  for (const auto& scenario : suite.scenarios()) {
    for (auto& instance : scenario::instances_of(scenario)) {
      if (wanted && !wanted->selects(instance, *plan.catalogue)) continue;
      if (unwanted && unwanted->selects(instance, *plan.catalogue)) continue;
      plan.instances.push_back(std::move(instance));
    }
  }
  return {};
}

verdict::FailOn parse_fail_on(const std::string& text) {
  if (text == "warn") return verdict::FailOn::warn;
  return text == "inconclusive" ? verdict::FailOn::inconclusive : verdict::FailOn::fail;
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
      ->group(what);
  command.add_option("--exclude", exclude, "Not these; as --select")->group(what);
  command.add_option("--impact", impact, "The most that may be done: probe (nothing is delivered), deliver, stress")
      ->check(CLI::IsMember({"probe", "deliver", "stress"}))
      ->group(what);
  command.add_flag("--slow", slow, "Also scenarios that wait 10 s or more")->group(what);
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

int run_scenarios(const Suite& suite, const TargetOptions& target_options, const RunOptions& options,
                  bool is_whole_suite, const std::string& command_name) {
  print_diagnostics(suite.diagnostics);
  if (!suite.problem.empty()) return usage_error(suite.problem);
  if (suite.has_errors()) return verdict::kExitUsage;
  auto report_files = parse_reports(options.reports);
  if (!report_files) return usage_error(report_files.error());

  transport::EventLoop loop;
  auto site = open_site(loop, target_options);
  if (!site) return usage_error(site.error());
  std::vector<std::string> waiver_files = options.waiver_files;
  if (waiver_files.empty() && !site->profile.expected_file.empty()) waiver_files.push_back(site->profile.expected_file);
  auto waivers = load_waivers(waiver_files);
  if (!waivers) return usage_error(waivers.error());
  const auto impact = allowed_impact(options, *site, target_options.is_authorized);
  if (!impact) return usage_error(impact.error());

  runner::Plan plan;
  plan.catalogue = &scenario::built_in_catalogue();
  if (suite.sound) plan.complete = [&suite](const scenario::Scenario& scenario) { suite.sound->complete(scenario); };
  if (auto selected = select(suite, options, plan); !selected) return usage_error(selected.error());
  const bool is_selected = !options.select.empty() || !options.exclude.empty();
  if (plan.instances.empty()) {
    std::cerr << "smtpspec: nothing is selected, so nothing is judged\n";
    return verdict::kExitGateNotMet;
  }
  apply_site(*site, plan);
  plan.offer.impact = *impact;
  plan.offer.includes_slow = options.slow || options.select.find("tag:slow") != std::string::npos;
  plan.jobs = std::min(plan.jobs, options.jobs);
  plan.seed = options.seed.value_or(std::random_device{}());
  plan.shuffle = options.shuffle;
  plan.repeat = options.repeat;
  plan.retry.confirmations = options.confirm;
  plan.settings.time_scale = options.time_scale;
  if (options.timeout_seconds > 0)
    plan.settings.reply_timeout =
        base::Microseconds(static_cast<base::Microseconds::rep>(options.timeout_seconds * 1e6));

  verdict::RunRecord record;
  {
    Progress progress(options.verbose);
    runner::Runner runner(loop, *site->target, site->mailbox.get(), std::move(plan), progress);
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

  const auto complaints =
      verdict::apply_waivers(record, *waivers, base::SystemClock().wall(), is_whole_suite && !is_selected);
  for (const auto& complaint : complaints) std::cerr << "smtpspec: " << base::escape(complaint) << '\n';
  verdict::GatePolicy policy;
  policy.fail_on = parse_fail_on(options.fail_on);
  policy.min_conclusive_percent = options.min_conclusive;
  policy.stale_waivers = static_cast<int>(complaints.size());
  if (site->profile.limits.minimum_judged > 0 && !is_selected)
    policy.minimum_judged = site->profile.limits.minimum_judged;
  if (!is_selected) policy.maximum_not_applicable_percent = site->profile.limits.maximum_not_applicable_percent;
  record.gate = verdict::decide_gate(record, policy);

  reports::write_console(record, std::cout, console_options(options.verbose));
  std::cout.flush();
  for (const auto& sentence : unseen_defects(record, target_options.defects))
    std::cerr << "smtpspec: " << sentence << '\n';
  if (!write_reports(record, *report_files)) return verdict::kExitUnavailable;
  return record.gate.exit_code;
}

}  // namespace smtpspec::cli
