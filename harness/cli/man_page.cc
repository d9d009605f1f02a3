// man(7): a dot or an apostrophe at the beginning of a line begins a macro, a backslash an escape, and a bare hyphen is
// not the minus sign that people copy.
#include <ostream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "harness/cli/manual.h"
#include "harness/cli/option_table.h"
#include "harness/cli/version.h"

namespace smtpspec::cli {
namespace {

std::string roff(std::string_view text) {
  std::string out;
  bool at_line_start = true;
  for (const char c : text) {
    if (at_line_start && (c == '.' || c == '\'')) out += "\\&";
    at_line_start = c == '\n';
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c;
  }
  return out;
}

// Lines that begin with two blanks are examples, the others prose; an empty line begins a paragraph.
void write_prose(std::string_view text, std::ostream& out) {
  bool in_example = false;
  bool is_paragraph_due = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_example = line.starts_with("  ");
    if (in_example && !is_example) out << ".EE\n.RE\n";
    if (line.empty()) {
      is_paragraph_due = true;
      in_example = false;
      continue;
    }
    if (is_example && !in_example) out << ".PP\n.RS 4\n.EX\n";
    else if (!is_example && (is_paragraph_due || in_example)) out << ".PP\n";
    in_example = is_example;
    is_paragraph_due = false;
    out << roff(is_example ? line.substr(2) : line) << '\n';
  }
  if (in_example) out << ".EE\n.RE\n";
}

void write_option(const OptionRow& row, std::ostream& out) {
  out << ".TP\n";
  if (!row.positional.empty()) {
    out << "\\fI" << roff(row.positional) << "\\fR\n";
  } else {
    out << "\\fB" << roff(row.long_name) << "\\fR";
    if (!row.short_name.empty()) out << ", \\fB" << roff(row.short_name) << "\\fR";
    if (row.takes_value) {
      out << " \\fI";
      std::string_view separator;
      for (const auto& value : row.values) out << std::exchange(separator, "|") << roff(value);
      if (row.values.empty()) out << roff(row.value_name);
      out << "\\fR";
    }
    out << '\n';
  }
  out << roff(row.description);
  if (!row.default_value.empty()) out << " (default: " << roff(row.default_value) << ')';
  out << ".\n";
}

void write_command(const CLI::App& command, std::ostream& out) {
  out << ".SS smtpspec " << roff(command.get_name()) << '\n';
  write_prose(command.get_description(), out);
  std::string group;
  for (const auto& row : option_rows(command)) {
    if (row.long_name == "--help") continue;
    // "OPTIONS" and "POSITIONALS" are what CLI11 calls options of no group.
    if (row.group != group && row.group != "Options" && !row.group.empty())
      out << ".PP\n\\fI" << roff(row.group) << "\\fR\n";
    group = row.group;
    write_option(row, out);
  }
}

}  // namespace

void write_man_page(const CLI::App& program, std::ostream& out) {
  out << ".TH SMTPSPEC 1 \"\" \"smtpspec " << kVersion << "\" \"User Commands\"\n"
      << ".SH NAME\nsmtpspec \\- conformance testing for SMTP servers\n"
      << ".SH SYNOPSIS\n\\fBsmtpspec\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]...\n"
      << ".SH DESCRIPTION\n";
  write_prose(program.get_description(), out);
  out << ".SH COMMANDS\n";
  for (const CLI::App* command : program.get_subcommands({})) write_command(*command, out);
  out << ".SH EXIT STATUS\n"
      << ".TP\n0\nThe gate is met.\n"
      << ".TP\n1\nA fail, a crash, a greeting that is not SMTP, or a waiver that no longer fits.\n"
      << ".TP\n2\nNo fail, but too little was judged, or nothing ran.\n"
      << ".TP\n3\nUsage, a bad scenario or a bad profile.\n"
      << ".TP\n4\nThe target was not reached, or a fault of this program.\n"
      << ".SH ENVIRONMENT\n"
      << ".TP\nNO_COLOR\nIf it is set and not empty, the terminal gets no colours.\n"
      << ".TP\nTMPDIR\nWhere folders for messages and for servers that are started are made.\n";
}

}  // namespace smtpspec::cli
