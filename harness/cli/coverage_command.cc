#include <algorithm>
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/cli/suite.h"
#include "harness/runner/roll_up.h"
#include "harness/scenario/coverage.h"
#include "harness/verdict/gate.h"
#include "reports/coverage.h"

namespace smtpspec::cli {
namespace {

struct Options {
  std::string format = "text";
  std::string specification;
  std::string record;
  std::string suite;
  bool is_open_only = false;
};

// "rfc5321" is "RFC 5321" too.
std::string spelt_alike(std::string_view specification) {
  std::string word = base::to_upper(specification);
  std::erase(word, ' ');
  return word;
}

// False: there is no such specification, and the user has been told which there are.
bool keep_specification(verdict::Coverage& coverage, const std::string& wanted) {
  std::vector<std::string> known;
  for (const auto& group : verdict::by_document(coverage)) known.push_back(group.name);
  std::erase_if(coverage.requirements,
                [&](const auto& requirement) { return spelt_alike(requirement.document) != spelt_alike(wanted); });
  if (!coverage.requirements.empty()) return true;
  std::cerr << fmt::format("smtpspec: --spec: the catalogue has no '{}'; it has {}\n", base::escape(wanted),
                           fmt::join(known, ", "));
  return false;
}

int report_coverage(const Options& options) {
  const Suite suite = load_suite(options.suite, Linting::foreign_only);
  if (!suite.problem.empty()) {
    std::cerr << "smtpspec: " << suite.problem << '\n';
    return verdict::kExitUsage;
  }
  print_diagnostics(suite.diagnostics);
  if (suite.has_errors()) return verdict::kExitUsage;
  verdict::Coverage coverage = scenario::coverage(suite.scenarios(), runner::run_level_rules(),
                                                  scenario::built_in_untested(), scenario::built_in_catalogue());
  if (!options.record.empty()) {
    const auto record = read_record_file(options.record);
    if (!record) {
      std::cerr << "smtpspec: --record: " << record.error() << '\n';
      return verdict::kExitUsage;
    }
    verdict::add_outcomes(coverage, *record);
  }
  if (!options.specification.empty() && !keep_specification(coverage, options.specification))
    return verdict::kExitUsage;
  const auto listing = options.is_open_only ? reports::CoverageListing::open : reports::CoverageListing::all;
  if (options.format == "json") reports::write_coverage_json(coverage, listing, std::cout);
  else if (options.format == "markdown") reports::write_coverage_markdown(coverage, listing, std::cout);
  else reports::write_coverage_text(coverage, listing, std::cout);
  return std::cout.flush() ? verdict::kExitGateMet : verdict::kExitUnavailable;
}

}  // namespace

void add_coverage_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("coverage",
                             "Say which requirements the suite covers, which it does not and why.\n\n"
                             "  smtpspec coverage --spec 'RFC 5321' --open\n\n"
                             "Counted are the rules that bind a server and that a tester can see, each once.");
  command->add_option("--format", options->format, "How it is written")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  command->add_option("--spec", options->specification, "Only this specification: 'RFC 5321'");
  command->add_flag("--open", options->is_open_only, "List only what is neither covered nor explained");
  command->add_option("--record", options->record, "Run record: add what each requirement came to in that run");
  command->add_option("--suite", options->suite, "Folder of scenarios; default: the suite of this program");
  command->callback([options, &chosen] { chosen = [options] { return report_coverage(*options); }; });
}

}  // namespace smtpspec::cli
