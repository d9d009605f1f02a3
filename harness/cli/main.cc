// smtpspec: conformance testing for SMTP servers.
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"
#include "harness/cli/program.h"
#include "harness/cli/sound_suite.h"
#include "harness/verdict/gate.h"

namespace {

using namespace smtpspec;

// An empty value is an unset variable of somebody's CI: it must never select the built-in server and be green.
const CLI::Option* empty_option(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options())
    for (const auto& value : option->results())
      if (value.empty() && option->get_items_expected_min() > 0) return option;
  return nullptr;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

// To stderr, for a command or options that nobody knows.
void suggest_words(const CLI::App& program, const std::vector<std::string>& words) {
  constexpr std::size_t kLongestName = 64;  // edit distance is quadratic
  const auto suggest = [](const std::string& word, const std::vector<std::string>& known) {
    if (word.size() > kLongestName || std::find(known.begin(), known.end(), word) != known.end()) return;
    const std::string near = base::nearest_spelling(word, known);
    if (!near.empty()) std::cerr << "'" << base::escape(word) << "': did you mean '" << near << "'?\n";
  };
  const CLI::App* command = &program;
  for (const auto& word : words) {
    if (word == "--") return;
    if (word.starts_with("--")) {
      suggest(word.substr(0, word.find('=')), option_names(*command));
    } else if (command == &program && !word.starts_with('-')) {
      std::vector<std::string> names;
      for (const CLI::App* one : program.get_subcommands({})) {
        names.push_back(one->get_name());
        if (names.back() == word) command = one;
      }
      if (command == &program) return suggest(word, names);
    }
  }
}

int run(int argc, char** argv) {
  CLI::App program;
  cli::Chosen chosen;
  cli::build_program(program, chosen, cli::sound_suite_digest());
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (program.exit(error) == 0) return verdict::kExitGateMet;
    suggest_words(program, {argv + 1, argv + argc});
    return verdict::kExitUsage;
  }
  for (const CLI::App* command : program.get_subcommands()) {
    if (const CLI::Option* option = empty_option(*command)) {
      std::cerr << "smtpspec: " << option->get_name() << " has an empty value\n";
      return verdict::kExitUsage;
    }
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "smtpspec: a fault of this program, not of the server: " << error.what() << '\n';
    return verdict::kExitUnavailable;
  }
}
