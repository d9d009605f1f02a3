#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/cli/report_files.h"
#include "harness/verdict/gate.h"
#include "reports/registry.h"

namespace smtpspec::cli {
namespace {

int report(const std::string& file, const std::string& format_name, const std::string& output) {
  const auto format = reports::find_format(format_name);
  if (!format) {
    std::cerr << "smtpspec: --format: " << format.error() << '\n';
    return verdict::kExitUsage;
  }
  if (const auto writable = output.empty() ? base::Result<void, std::string>{} : check_writable(output); !writable) {
    std::cerr << "smtpspec: --output: " << writable.error() << '\n';
    return verdict::kExitUsage;
  }
  const auto record = read_record_file(file);
  if (!record) {
    std::cerr << "smtpspec: " << record.error() << '\n';
    return verdict::kExitUsage;
  }
  if (output.empty()) {
    format->write(*record, std::cout);
    return std::cout.flush() ? verdict::kExitGateMet : verdict::kExitUnavailable;
  }
  std::ofstream stream(output, std::ios::binary | std::ios::trunc);
  if (stream) format->write(*record, stream);
  stream.close();
  if (stream) return verdict::kExitGateMet;
  std::cerr << "smtpspec: cannot write " << output << '\n';
  return verdict::kExitUnavailable;
}

}  // namespace

void add_report_command(CLI::App& program, Chosen& chosen) {
  struct Options {
    std::string file;
    std::string format = "console";
    std::string output;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("report",
                                             "Make a report from a run record, without the server.\n\n"
                                             "  smtpspec report run.json --format junit --output r.xml\n\n"
                                             "The exit code tells whether the report was made, not what it says.");
  command->add_option("RUN.json", options->file, "Run record, as --report json:PATH wrote it")->required();
  command->add_option("--format", options->format, "One of " + reports::format_names())->capture_default_str();
  command->add_option("--output", options->output, "File to write; default: stdout");
  command->callback(
      [options, &chosen] { chosen = [options] { return report(options->file, options->format, options->output); }; });
}

}  // namespace smtpspec::cli
