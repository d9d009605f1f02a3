#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/cli/rejudged_run.h"
#include "harness/cli/report_files.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/gate.h"
#include "reports/comparison.h"

namespace smtpspec::cli {
namespace {

struct Options {
  std::string file;
  std::string suite;
  std::vector<std::string> reports;
};

void tell_left_out(std::string_view title, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  std::cout << fmt::format("{}: {}\n", title, ids.size());
  for (const auto& id : ids) std::cout << "  " << base::escape(id) << '\n';
}

int rejudge(const Options& options) {
  const auto usage_error = [](const std::string& message) {
    std::cerr << "smtpspec: " << message << '\n';
    return static_cast<int>(verdict::kExitUsage);
  };
  const auto report_files = parse_reports(options.reports);
  if (!report_files) return usage_error(report_files.error());
  const auto recorded = read_record_file(options.file);
  if (!recorded) return usage_error(recorded.error());
  const Suite suite = load_suite(options.suite, Linting::foreign_only);
  print_diagnostics(suite.diagnostics);
  if (!suite.problem.empty()) return usage_error(suite.problem);
  if (suite.has_errors()) return verdict::kExitUsage;
  const auto made = rejudge_run(*recorded, suite);
  if (!made) return usage_error(made.error());

  reports::write_comparison_text(verdict::compare(*recorded, made->record), std::cout);
  tell_left_out("in the suite and not in the recording", made->not_recorded);
  tell_left_out("in the recording and not in the suite", made->not_in_suite);
  if (!made->not_rejudged.empty()) {
    std::cout << fmt::format("not judged anew, and left as recorded: {}\n", made->not_rejudged.size());
    for (const auto& [scenario, reason] : made->not_rejudged)
      std::cout << fmt::format("  {}\n      {}\n", base::escape(scenario), base::escape(reason));
  }
  std::cout << fmt::format("judged anew: {} of {} scenarios; gate: {}\n", made->judged, made->record.scenarios.size(),
                           made->record.gate.reason);
  std::cout.flush();
  if (!write_reports(made->record, *report_files)) return verdict::kExitUnavailable;
  return made->record.gate.exit_code;
}

}  // namespace

void add_rejudge_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "rejudge",
      "Judge a stored run again, without the server.\n\n"
      "  smtpspec rejudge run.json --suite my-scenarios --report json:again.json\n\n"
      "Plays the scenarios of this suite over the recorded conversations, tells which verdicts change and what the\n"
      "recording does not tell: where a scenario now sends something else, or waits for more than came.\n"
      "The exit code is that of the gate over the new verdicts.");
  command->add_option("RUN.json", options->file, "Run record, as --report json:PATH wrote it")->required();
  command->add_option("--suite", options->suite, "Folder of scenarios; default: the suite of this program");
  command->add_option("--report", options->reports, "FORMAT:PATH, repeatable; of the new verdicts");
  command->callback([options, &chosen] { chosen = [options] { return rejudge(*options); }; });
}

}  // namespace smtpspec::cli
