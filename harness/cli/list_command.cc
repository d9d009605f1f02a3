#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/cli/command.h"
#include "harness/cli/suite.h"
#include "harness/runner/selection.h"
#include "harness/verdict/gate.h"

namespace smtpspec::cli {

void add_list_command(CLI::App& program, Chosen& chosen) {
  struct Options {
    std::string suite;
    std::string select;
    bool long_form = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("list",
                                             "List the scenarios there are.\n\n"
                                             "  smtpspec list --select 'section:4.1.1'");
  command->add_option("--suite", options->suite, "Folder of scenarios; default: the suite of this program");
  command->add_option("--select", options->select, "Only these; as for run")->join(',');
  command->add_flag("-l,--long", options->long_form, "With titles and requirements");
  command->callback([options, &chosen] {
    chosen = [options]() -> int {
      const Suite suite = load_suite(options->suite, Linting::foreign_only);
      print_diagnostics(suite.diagnostics);
      if (!suite.problem.empty()) {
        std::cerr << "smtpspec: " << suite.problem << '\n';
        return verdict::kExitUsage;
      }
      if (suite.has_errors()) return verdict::kExitUsage;
      const auto selection = runner::Selection::parse(options->select.empty() ? "*" : options->select);
      if (!selection) {
        std::cerr << "smtpspec: --select: " << selection.error() << '\n';
        return verdict::kExitUsage;
      }
      for (const auto& sentence : selection->idle_terms(suite.scenarios(), scenario::built_in_catalogue()))
        std::cerr << "smtpspec: --select: " << sentence << '\n';
      int listed = 0;
      for (const auto& scenario : suite.scenarios()) {
        for (const auto& instance : scenario::instances_of(scenario)) {
          if (!selection->selects(instance, scenario::built_in_catalogue())) continue;
          ++listed;
          std::cout << instance.id << '\n';
          if (!options->long_form) continue;
          std::cout << fmt::format("    {}\n    {} ({}:{})\n", scenario.title, fmt::join(scenario.checks, " "),
                                   scenario.file, scenario.position.line);
        }
      }
      if (listed > 0) return verdict::kExitGateMet;
      std::cerr << "smtpspec: nothing is selected\n";
      return verdict::kExitGateNotMet;
    };
  });
}

void add_lint_command(CLI::App& program, Chosen& chosen) {
  struct Options {
    std::string suite;
    std::vector<std::string> files;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("lint",
                             "Say what is wrong with scenario files: syntax, grammar, bindings, fairness.\n\n"
                             "  smtpspec lint my.smtp\n\n"
                             "Without files, the suite is looked at.");
  command->add_option("FILE", options->files, "Scenario files");
  command->add_option("--suite", options->suite, "Folder of scenarios; default: the suite of this program");
  command->callback([options, &chosen] {
    chosen = [options]() -> int {
      const Suite suite = options->files.empty() ? load_suite(options->suite, Linting::all)
                                                 : load_loose_files(options->files, options->suite);
      print_diagnostics(suite.diagnostics);
      if (!suite.problem.empty()) std::cerr << "smtpspec: " << suite.problem << '\n';
      if (suite.has_errors()) return verdict::kExitUsage;
      std::cout << fmt::format("{} scenario{}, no errors\n", suite.scenarios().size(),
                               suite.scenarios().size() == 1 ? "" : "s");
      return verdict::kExitGateMet;
    };
  });
}

}  // namespace smtpspec::cli
