#include "harness/cli/option_table.h"

#include <CLI/CLI.hpp>

namespace smtpspec::cli {
namespace {

// CLI11 shows a fixed set as "TEXT:{mx,submission,lmtp}".
std::vector<std::string> fixed_set(const std::string& type_name) {
  const auto open = type_name.find(":{");
  const auto close = type_name.find('}', open == std::string::npos ? 0 : open);
  std::vector<std::string> values;
  if (open == std::string::npos || close == std::string::npos) return values;
  for (auto from = open + 2; from < close;) {
    const auto comma = std::min(type_name.find(',', from), close);
    values.push_back(type_name.substr(from, comma - from));
    from = comma + 1;
  }
  return values;
}

}  // namespace

std::vector<OptionRow> option_rows(const CLI::App& command) {
  std::vector<OptionRow> rows;
  for (const CLI::Option* option : command.get_options()) {
    OptionRow row;
    if (!option->get_lnames().empty()) row.long_name = "--" + option->get_lnames().front();
    if (!option->get_snames().empty()) row.short_name = "-" + option->get_snames().front();
    if (row.long_name.empty()) row.positional = option->get_name(true);
    row.takes_value = option->get_items_expected_min() > 0;
    const std::string type = option->get_type_name();
    row.values = fixed_set(type);
    row.value_name = type.substr(0, type.find(':'));
    row.default_value = option->get_default_str();
    row.description = option->get_description();
    row.group = option->get_group();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string headline(const CLI::App& command) {
  const std::string text = command.get_description();
  return text.substr(0, text.find('\n'));
}

}  // namespace smtpspec::cli
