#include <ostream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "harness/cli/manual.h"
#include "harness/cli/option_table.h"

namespace smtpspec::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::string command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return joined(names);
}

// As one word of sh, zsh and fish alike.
std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += "'\\''";
    else out += c;
  }
  return out + "'";
}

// Within the brackets of zsh's _arguments.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

void write_bash_completion(const CLI::App& program, std::ostream& out) {
  out << "# bash completion for smtpspec; generated\n"
         "_smtpspec() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    mapfile -t COMPREPLY < <(compgen -W '"
      << command_names(program)
      << " --help --version' -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case $command$before in\n";
  for (const CLI::App* command : program.get_subcommands({}))
    for (const auto& row : option_rows(*command))
      if (!row.values.empty())
        out << "    " << command->get_name() << row.long_name << ") words='" << joined(row.values) << "' ;;\n";
  out << "  esac\n"
         "  if [[ -z $words && $word == -* ]]; then\n"
         "    case $command in\n";
  for (const CLI::App* command : program.get_subcommands({})) {
    std::vector<std::string> names;
    for (const auto& row : option_rows(*command))
      if (!row.long_name.empty()) names.push_back(row.long_name);
    out << "      " << command->get_name() << ") words='" << joined(names) << "' ;;\n";
  }
  out << "    esac\n"
         "  fi\n"
         "  if [[ -n $words ]]; then mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
         "  else mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); fi\n"
         "}\n"
         "complete -o filenames -F _smtpspec smtpspec\n";
}

void write_zsh_completion(const CLI::App& program, std::ostream& out) {
  out << "#compdef smtpspec\n# generated\n"
         "local -a commands\ncommands=(\n";
  for (const CLI::App* command : program.get_subcommands({}))
    out << "  " << single_quoted(command->get_name() + ":" + zsh_text(headline(*command))) << '\n';
  out << ")\n"
         "if (( CURRENT == 2 )); then\n"
         "  _describe command commands\n"
         "  return\n"
         "fi\n"
         "local command=$words[2]\n"
         "shift words\n"
         "(( CURRENT-- ))\n"
         "case $command in\n";
  for (const CLI::App* command : program.get_subcommands({})) {
    out << "  " << command->get_name() << ")\n    _arguments";
    for (const auto& row : option_rows(*command)) {
      if (row.long_name.empty()) continue;
      std::string word = row.long_name + "[" + zsh_text(row.description) + "]";
      if (!row.values.empty()) word += ":value:(" + joined(row.values) + ")";
      else if (row.takes_value) word += ":value:_files";
      out << " \\\n      " << single_quoted("*" + word);
    }
    out << " \\\n      '*:file:_files' ;;\n";
  }
  out << "esac\n";
}

void write_fish_completion(const CLI::App& program, std::ostream& out) {
  out << "# fish completion for smtpspec; generated\n";
  for (const CLI::App* command : program.get_subcommands({})) {
    out << "complete -c smtpspec -n __fish_use_subcommand -f -a " << command->get_name() << " -d "
        << single_quoted(headline(*command)) << '\n';
    for (const auto& row : option_rows(*command)) {
      if (row.long_name.empty()) continue;
      out << "complete -c smtpspec -n '__fish_seen_subcommand_from " << command->get_name() << "' -l "
          << row.long_name.substr(2);
      if (!row.short_name.empty()) out << " -s " << row.short_name.substr(1);
      if (row.takes_value) out << " -r";
      if (!row.values.empty()) out << " -f -a " << single_quoted(joined(row.values));
      out << " -d " << single_quoted(row.description) << '\n';
    }
  }
}

}  // namespace smtpspec::cli
