#include "harness/base/diagnostic.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::base {
namespace {

// A source line as a terminal may show it: UTF-8 passes, control octets are escaped. TAB becomes one space so that
// the caret below stays in its column.
std::string shown_line(std::string_view line) {
  std::string out;
  for (const char c : line) {
    const auto value = static_cast<std::uint8_t>(c);
    if (c == '\t') out += ' ';
    else if (value < 0x20 || value == 0x7f) out += escape(std::string_view(&c, 1));
    else out += c;
  }
  return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) table[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) table[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = table[i - 1][j - 1] + (to_upper(a[i - 1]) == to_upper(b[j - 1]) ? 0 : 1);
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

std::string render(const Diagnostic& diagnostic) {
  const char* word = diagnostic.severity == Severity::error ? "error" : "warning";
  if (diagnostic.position.line == 0) {
    std::string out = fmt::format("{}: {}: {}\n", diagnostic.file, word, diagnostic.message);
    if (!diagnostic.suggestion.empty()) out += fmt::format("  {}\n", diagnostic.suggestion);
    return out;
  }
  std::string out = fmt::format("{}:{}:{}: {}: {}\n", diagnostic.file, diagnostic.position.line,
                                diagnostic.position.column, word, diagnostic.message);
  const auto offset = static_cast<std::size_t>(std::max(0, diagnostic.position.column - 1));
  const std::string_view line = diagnostic.source_line;
  const std::string before = shown_line(line.substr(0, std::min(offset, line.size())));
  // UTF-8 continuation octets take no column of their own.
  const auto columns = static_cast<std::size_t>(std::count_if(
      before.begin(), before.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) != 0x80; }));
  out += fmt::format("  {}\n  {}{}", shown_line(line), std::string(columns, ' '),
                     "^" + std::string(static_cast<std::size_t>(std::max(1, diagnostic.position.length)) - 1, '~'));
  out += '\n';
  if (!diagnostic.suggestion.empty()) out += fmt::format("  {}\n", diagnostic.suggestion);
  return out;
}

std::string nearest_spelling(std::string_view word, const std::vector<std::string>& candidates) {
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::string best;
  std::size_t best_distance = limit + 1;
  for (const auto& candidate : candidates) {
    const std::size_t d = distance(word, candidate);
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

}  // namespace smtpspec::base
