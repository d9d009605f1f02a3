#include <fstream>
#include <iostream>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/disk_files.h"
#include "harness/verdict/gate.h"
#include "reports/registry.h"
#include "reports/run_record_json.h"

namespace smtpspec::cli {
namespace {

constexpr std::size_t kMaxRecordOctets = 512UL * 1024 * 1024;

int report(const std::string& file, const std::string& format_name, const std::string& output) {
  const auto format = reports::find_format(format_name);
  if (!format) {
    std::cerr << "smtpspec: --format: " << format.error() << '\n';
    return verdict::kExitUsage;
  }
  const auto text = read_file(file, kMaxRecordOctets);
  if (!text) {
    std::cerr << "smtpspec: " << text.error() << '\n';
    return verdict::kExitUsage;
  }
  const auto record = reports::read_run_record(*text);
  if (!record) {
    std::cerr << "smtpspec: " << file << " is no run record: " << record.error() << '\n';
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
  command->add_option("--format", options->format, "console, junit or json")->capture_default_str();
  command->add_option("--output", options->output, "File to write; default: stdout");
  command->callback(
      [options, &chosen] { chosen = [options] { return report(options->file, options->format, options->output); }; });
}

}  // namespace smtpspec::cli
