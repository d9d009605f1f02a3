// The program as its parser sees it: all subcommands with their options. What is said, completed and documented of the
// command line is made from this one table.
#pragma once

#include <string_view>

#include "harness/cli/command.h"

namespace smtpspec::cli {

// Fills a fresh app; `sound_digest` as in command.h.
void build_program(CLI::App& program, Chosen& chosen, std::string_view sound_digest);

}  // namespace smtpspec::cli
