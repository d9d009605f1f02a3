// write_manual man|bash|zsh|fish FILE: what the build installs beside the program.
#include <fstream>
#include <iostream>
#include <map>
#include <string_view>

#include <CLI/CLI.hpp>

#include "harness/cli/manual.h"
#include "harness/cli/program.h"

int main(int argc, char** argv) {
  using namespace smtpspec::cli;
  const std::map<std::string_view, void (*)(const CLI::App&, std::ostream&)> writers{{"man", write_man_page},
                                                                                     {"bash", write_bash_completion},
                                                                                     {"zsh", write_zsh_completion},
                                                                                     {"fish", write_fish_completion}};
  const auto writer = argc == 3 ? writers.find(argv[1]) : writers.end();
  if (writer == writers.end()) {
    std::cerr << "usage: write_manual man|bash|zsh|fish FILE\n";
    return 3;
  }
  CLI::App program;
  Chosen chosen;
  build_program(program, chosen, "");
  std::ofstream out(argv[2], std::ios::binary);
  writer->second(program, out);
  return out.flush() ? 0 : 4;
}
