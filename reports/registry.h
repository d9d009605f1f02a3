// Every report format by its name on the command line, `--report FORMAT:PATH`. A new format is one line in the table.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct Format {
  std::string_view name;
  std::string_view description;  // a few words, for --help
  void (*write)(const verdict::RunRecord& record, std::ostream& out);
};

std::span<const Format> formats();
std::string format_names();  // "json, junit, …", for --help and for errors

// The error is one sentence that names the known formats and the nearest spelling.
base::Result<Format, std::string> find_format(std::string_view name);

}  // namespace smtpspec::reports
