#include <fstream>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/command.h"
#include "harness/cli/record_file.h"
#include "harness/cli/report_files.h"
#include "harness/verdict/gate.h"
#include "reports/html/matrix.h"

namespace smtpspec::cli {
namespace {

// "postfix-3.7=run.json", or the file alone. A file that is there is no name, whatever is in its name.
base::Result<reports::MatrixRun, std::string> read_run(const std::string& argument) {
  const auto equals = argument.find('=');
  const bool is_named = equals != std::string::npos && equals > 0 && !std::ifstream(argument);
  auto record = read_record_file(is_named ? argument.substr(equals + 1) : argument);
  if (!record) return base::make_unexpected(record.error());
  return reports::MatrixRun{is_named ? argument.substr(0, equals) : "", std::move(*record)};
}

int matrix(const std::vector<std::string>& arguments, const std::string& output) {
  if (const auto writable = output.empty() ? base::Result<void, std::string>{} : check_writable(output); !writable) {
    std::cerr << "smtpspec: --output: " << writable.error() << '\n';
    return verdict::kExitUsage;
  }
  std::vector<reports::MatrixRun> runs;
  for (const auto& argument : arguments) {
    auto run = read_run(argument);
    if (!run) {
      std::cerr << "smtpspec: " << run.error() << '\n';
      return verdict::kExitUsage;
    }
    runs.push_back(std::move(*run));
  }
  if (output.empty()) {
    write_matrix(runs, std::cout);
    return std::cout.flush() ? verdict::kExitGateMet : verdict::kExitUnavailable;
  }
  std::ofstream stream(output, std::ios::binary | std::ios::trunc);
  if (stream) write_matrix(runs, stream);
  stream.close();
  if (stream) return verdict::kExitGateMet;
  std::cerr << "smtpspec: cannot write " << base::escape(output) << '\n';
  return verdict::kExitUnavailable;
}

}  // namespace

void add_matrix_command(CLI::App& program, Chosen& chosen) {
  struct Options {
    std::vector<std::string> runs;
    std::string output;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "matrix",
      "Show several run records side by side, as one HTML page: servers, or versions of one.\n\n"
      "  smtpspec matrix exim=exim.json postfix=postfix.json --output matrix.html\n\n"
      "Runs of the same profile are one server at different times: the page tells what changed.\n"
      "The exit code tells whether the page was made, not what it says.");
  command->add_option("[NAME=]RUN.json", options->runs, "Run records, as --report json:PATH wrote them")->required();
  command->add_option("--output", options->output, "File to write; default: stdout");
  command->callback([options, &chosen] { chosen = [options] { return matrix(options->runs, options->output); }; });
}

}  // namespace smtpspec::cli
