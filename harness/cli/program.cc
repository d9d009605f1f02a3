#include "harness/cli/program.h"

#include <string>

#include <CLI/CLI.hpp>

#include "harness/cli/version.h"

namespace smtpspec::cli {

void build_program(CLI::App& program, Chosen& chosen, std::string_view sound_digest) {
  program.name("smtpspec");
  program.description(
      "Conformance testing for SMTP servers.\n"
      "\n"
      "  smtpspec run                               test the built-in reference server\n"
      "  smtpspec run --target mail.example.org:25  test a server that runs\n"
      "  smtpspec run --spawn 'myserver -p {port}'  start a server and test it\n");
  program.set_version_flag("--version", std::string("smtpspec ") + kVersion);
  program.require_subcommand(1);
  add_run_command(program, chosen, sound_digest);
  add_replay_command(program, chosen);
  add_list_command(program, chosen);
  add_lint_command(program, chosen);
  add_explain_command(program, chosen);
  add_coverage_command(program, chosen);
  add_serve_command(program, chosen);
  add_doctor_command(program, chosen);
  add_fuzz_command(program, chosen);
  add_report_command(program, chosen);
  add_diff_command(program, chosen);
  add_merge_command(program, chosen);
  add_waivers_command(program, chosen);
  add_rejudge_command(program, chosen);
  add_certify_command(program, chosen);
  add_verify_command(program, chosen);
  add_matrix_command(program, chosen);
}

}  // namespace smtpspec::cli
