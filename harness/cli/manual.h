// The manual page and the completions of three shells, made from the table of options (program.h).
#pragma once

#include <iosfwd>

namespace CLI {
class App;
}

namespace smtpspec::cli {

// smtpspec(1), in the macros of man(7).
void write_man_page(const CLI::App& program, std::ostream& out);

// Subcommands, options, and the values of options that have a fixed set of them; file names everywhere else.
void write_bash_completion(const CLI::App& program, std::ostream& out);
void write_zsh_completion(const CLI::App& program, std::ostream& out);
void write_fish_completion(const CLI::App& program, std::ostream& out);

}  // namespace smtpspec::cli
