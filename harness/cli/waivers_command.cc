#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/cli/report_files.h"
#include "harness/verdict/gate.h"
#include "reports/waiver_list.h"

namespace smtpspec::cli {
namespace {

struct Options {
  std::string file;
  std::string output;
  std::string expires;
  std::vector<std::string> verdicts;
};

bool is_date(const std::string& text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : !base::is_digit(text[i])) return false;
  return true;
}

int write_waivers(const Options& options) {
  const auto usage_error = [](const std::string& message) {
    std::cerr << "smtpspec: " << message << '\n';
    return static_cast<int>(verdict::kExitUsage);
  };
  if (!options.expires.empty() && !is_date(options.expires))
    return usage_error("--expires takes a day, such as 2027-06-30");
  // The reasons in it are somebody's work.
  if (!options.output.empty() && std::filesystem::exists(options.output))
    return usage_error("--output: " + base::escape(options.output) + " is there already and is left as it is");
  const auto record = read_record_file(options.file);
  if (!record) return usage_error(record.error());
  reports::WaiverListOptions list;
  list.expires = options.expires;
  for (const auto& word : options.verdicts) list.verdicts.push_back(*verdict::parse_verdict(word));
  int count = 0;
  if (options.output.empty()) {
    count = reports::write_waiver_list(*record, list, std::cout);
    if (!std::cout.flush()) return verdict::kExitUnavailable;
  } else {
    if (const auto writable = check_writable(options.output); !writable)
      return usage_error("--output: " + writable.error());
    std::ofstream stream(options.output, std::ios::binary);
    count = reports::write_waiver_list(*record, list, stream);
    stream.close();
    if (!stream) return verdict::kExitUnavailable;
  }
  std::cerr << "smtpspec: " << count << (count == 1 ? " waiver" : " waivers") << ", each in want of a reason\n";
  return verdict::kExitGateMet;
}

}  // namespace

void add_waivers_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "waivers",
      "Write a waiver file for what a run found, with the reasons left to fill in.\n\n"
      "  smtpspec waivers run.json --output waivers.toml\n\n"
      "A file that is there already is never overwritten, and a run refuses a waiver whose reason is empty.");
  command->add_option("RUN.json", options->file, "Run record, as --report json:PATH wrote it")->required();
  command->add_option("--output", options->output, "File to write; default: stdout");
  command->add_option("--include", options->verdicts, "Beside fails also warn or inconclusive, repeatable")
      ->check(CLI::IsMember({"warn", "inconclusive"}));
  command->add_option("--expires", options->expires, "Last day on which they count, as 2027-06-30");
  command->callback([options, &chosen] { chosen = [options] { return write_waivers(*options); }; });
}

}  // namespace smtpspec::cli
