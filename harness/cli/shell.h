// A word as a POSIX shell reads it back, for commands that reports tell people to run.
#pragma once

#include <string>
#include <string_view>

namespace smtpspec::cli {

std::string shell_quoted(std::string_view word);

}  // namespace smtpspec::cli
