#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/base/clock.h"
#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/cli/run_options.h"
#include "harness/cli/waivers.h"
#include "harness/verdict/gate.h"
#include "harness/verdict/merge.h"
#include "harness/verdict/waiver.h"

namespace smtpspec::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> waiver_files;
  std::vector<std::string> reports;
  bool verbose = false;
};

int merge_shards(const Options& options) {
  const auto usage_error = [](const std::string& message) {
    std::cerr << "smtpspec: " << message << '\n';
    return static_cast<int>(verdict::kExitUsage);
  };
  const auto report_files = parse_reports(options.reports);
  if (!report_files) return usage_error(report_files.error());
  std::vector<verdict::RunRecord> shards;
  for (const auto& file : options.files) {
    auto record = read_record_file(file);
    if (!record) return usage_error(record.error());
    shards.push_back(std::move(*record));
  }
  auto whole = verdict::merge(std::move(shards));
  if (!whole) return usage_error("these are not the shards of one run: " + base::escape(whole.error()));
  if (whole->conditions.waivers > 0 && options.waiver_files.empty())
    return usage_error(
        "the shards were run with waivers; name their files with --waivers, so that one that is stale is found");
  const auto waivers = load_waivers(options.waiver_files);
  if (!waivers) {
    std::cerr << waivers.error();
    return verdict::kExitUsage;
  }
  const bool is_whole_suite = whole->conditions.select.empty() && whole->conditions.exclude.empty();
  const auto complaints = verdict::apply_waivers(*whole, *waivers, base::SystemClock().wall(), is_whole_suite);
  for (const auto& complaint : complaints) std::cerr << "smtpspec: " << base::escape(complaint) << '\n';
  whole->conditions.waivers = static_cast<int>(waivers->size());
  whole->conditions.policy.stale_waivers = static_cast<int>(complaints.size());
  whole->gate = verdict::decide_gate(*whole, whole->conditions.policy);
  return tell(*whole, *report_files, options.verbose);
}

}  // namespace

void add_merge_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "merge",
      "Put the records of all shards together and judge the whole.\n\n"
      "  smtpspec merge shard-*.json --report json:run.json --report junit:r.xml\n\n"
      "A shard that is missing, or of another suite, is refused (3); else the exit codes of smtpspec run.");
  command->add_option("SHARD", options->files, "Run records of smtpspec run --shard")->required();
  command->add_option("--waivers", options->waiver_files, "The waiver files that the shards were run with, repeatable");
  command->add_option("--report", options->reports,
                      "FORMAT:PATH, repeatable; json:PATH is the whole's record; formats: " + reports::format_names());
  command->add_flag("-v,--verbose", options->verbose, "Tell of every scenario");
  command->callback([options, &chosen] { chosen = [options] { return merge_shards(*options); }; });
}

}  // namespace smtpspec::cli
