// The options of a command as documentation needs them. For this room's sources.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace smtpspec::cli {

struct OptionRow {
  std::string long_name;   // "--jobs"; empty: a positional
  std::string short_name;  // "-v"; may be empty
  std::string positional;  // "FILE"
  bool takes_value = false;
  std::vector<std::string> values;  // the fixed set, if there is one
  std::string value_name;           // "UINT", "TEXT"
  std::string default_value;        // "8"
  std::string description;          // one line
  std::string group;                // heading in --help
};

// In the order in which they were added; --help first.
std::vector<OptionRow> option_rows(const CLI::App& command);

// The first line of a command's description.
std::string headline(const CLI::App& command);

}  // namespace smtpspec::cli
