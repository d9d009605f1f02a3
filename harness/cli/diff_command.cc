#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/gate.h"
#include "reports/comparison.h"

namespace smtpspec::cli {
namespace {

struct Options {
  std::string before;
  std::string after;
  std::string format = "text";
  std::string fail_on = "fail";
};

int diff(const Options& options) {
  const auto before = read_record_file(options.before);
  const auto after = read_record_file(options.after);
  for (const auto* record : {&before, &after})
    if (!*record) std::cerr << "smtpspec: " << record->error() << '\n';
  if (!before || !after) return verdict::kExitUsage;
  const auto comparison = verdict::compare(*before, *after);
  (options.format == "json" ? reports::write_comparison_json : reports::write_comparison_text)(comparison, std::cout);
  if (!std::cout.flush()) return verdict::kExitUnavailable;
  if (!comparison.newly_failing.empty()) return verdict::kExitFail;
  const bool has_lost = !comparison.newly_inconclusive.empty() || !comparison.no_longer_judged.empty();
  if (options.fail_on == "inconclusive" && has_lost) return verdict::kExitGateNotMet;
  return verdict::kExitGateMet;
}

}  // namespace

void add_diff_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "diff",
      "Compare two run records.\n\n"
      "  smtpspec diff main.json branch.json\n\n"
      "Exit codes: 0 nothing fails that did not, 1 something does, 2 with --fail-on inconclusive, 3 usage.");
  command->add_option("A", options->before, "Run record, the older")->required();
  command->add_option("B", options->after, "Run record, the newer")->required();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command
      ->add_option("--fail-on", options->fail_on,
                   "What is red beside a new fail: inconclusive, what was judged and no longer is")
      ->check(CLI::IsMember({"fail", "inconclusive"}))
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return diff(*options); }; });
}

}  // namespace smtpspec::cli
