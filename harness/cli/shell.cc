#include "harness/cli/shell.h"

#include <algorithm>

#include "harness/base/octets.h"

namespace smtpspec::cli {

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kPlain = "@%+=:,./-_";
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return base::is_alnum(c) || kPlain.find(c) != std::string_view::npos;
  });
  if (is_plain) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') quoted += "'\\''";
    else quoted += c;
  }
  return quoted + "'";
}

}  // namespace smtpspec::cli
