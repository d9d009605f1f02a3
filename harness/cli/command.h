// A subcommand: adds its options to the program and, when chosen, does its work and returns the exit code
// (verdict/gate.h).
#pragma once

#include <functional>
#include <string_view>

namespace CLI {
class App;
}

namespace smtpspec::cli {

// What the chosen subcommand will do; set by the parser.
using Chosen = std::function<int()>;

// `sound_digest`: of the suite that is known to have no mistakes.
void add_run_command(CLI::App& program, Chosen& chosen, std::string_view sound_digest);
void add_replay_command(CLI::App& program, Chosen& chosen);
void add_list_command(CLI::App& program, Chosen& chosen);
void add_lint_command(CLI::App& program, Chosen& chosen);
void add_explain_command(CLI::App& program, Chosen& chosen);
void add_coverage_command(CLI::App& program, Chosen& chosen);
void add_serve_command(CLI::App& program, Chosen& chosen);
void add_doctor_command(CLI::App& program, Chosen& chosen);
void add_fuzz_command(CLI::App& program, Chosen& chosen);
void add_report_command(CLI::App& program, Chosen& chosen);
void add_diff_command(CLI::App& program, Chosen& chosen);
void add_merge_command(CLI::App& program, Chosen& chosen);
void add_waivers_command(CLI::App& program, Chosen& chosen);
void add_rejudge_command(CLI::App& program, Chosen& chosen);
void add_certify_command(CLI::App& program, Chosen& chosen);
void add_verify_command(CLI::App& program, Chosen& chosen);
void add_matrix_command(CLI::App& program, Chosen& chosen);

}  // namespace smtpspec::cli
