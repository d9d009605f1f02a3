#include "harness/base/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/base/unicode.h"

namespace smtpspec::base {
namespace {

constexpr std::size_t kMaxColumns = 100;         // of a source line; what is longer is cut around the caret
constexpr std::size_t kMaxMessageOctets = 2000;  // of a message, which may quote the file

// One character of a source line as a terminal may show it.
struct Cell {
  std::string text;
  std::size_t columns = 1;
  std::size_t offset = 0;  // of its first octet in the line
};

// What a CI service takes for a command in the output of a job: "::name" where a line begins, "##[" and "##vso[".
bool begins_command(std::string_view line, std::size_t at) {
  const auto rest = line.substr(at);
  if (rest.starts_with("##[") || rest.starts_with("##vso[")) return true;
  return rest.starts_with("::") && line.find_first_not_of(" \t") == at;
}

// Visible UTF-8 passes, everything else is escaped. TAB becomes one space so that the caret below stays in its column.
std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = utf8_length(line, i);
    const std::string_view piece = line.substr(i, std::max<std::size_t>(1, length));
    Cell cell{"", 1, i};
    if (piece == "\t") {
      cell.text = " ";
    } else if (begins_command(line, i)) {
      append_hex(cell.text, piece);
      cell.columns = cell.text.size();
    } else if (length > 0 && !is_hidden(code_point(line, i, length))) {
      cell.text = piece;
      cell.columns = columns_of(code_point(line, i, length));
    } else {
      append_hex(cell.text, piece);
      cell.columns = cell.text.size();
    }
    cells.push_back(std::move(cell));
    i += piece.size();
  }
  return cells;
}

// What a message quotes of the file is as little to be trusted as the line itself.
std::string shown(std::string_view text) {
  std::string out;
  for (const Cell& cell : cells_of(text.substr(0, kMaxMessageOctets))) out += cell.text;
  if (text.size() > kMaxMessageOctets) out += "\u2026";
  return out;
}

// The source line and the caret below it, each with its margin.
std::string excerpt(const Diagnostic& diagnostic) {
  const std::string_view line = diagnostic.source_line;
  const auto offset = static_cast<std::size_t>(std::max(0, diagnostic.position.column - 1));
  const std::size_t end = offset + static_cast<std::size_t>(std::max(1, diagnostic.position.length));
  const std::vector<Cell> cells = cells_of(line);
  std::size_t before = 0;  // columns up to the caret
  std::size_t marked = 0;  // columns to underline
  std::size_t total = 0;
  for (const Cell& cell : cells) {
    // A place within a character is that character's.
    const std::size_t behind = &cell == &cells.back() ? line.size() : (&cell + 1)->offset;
    if (behind <= offset) before += cell.columns;
    else if (cell.offset < end) marked += cell.columns;
    total += cell.columns;
  }
  marked = std::max<std::size_t>(1, marked);
  // The part that is shown: all of it, or the caret with a third of the width before it.
  const std::size_t first = total <= kMaxColumns || before < kMaxColumns * 2 / 3 ? 0 : before - kMaxColumns / 3;
  std::string text;
  std::size_t column = 0;
  std::size_t caret = 0;
  std::size_t width = 0;
  if (first > 0) {
    text = "\u2026";
    width = 1;
  }
  caret = width;
  bool is_cut = false;
  for (const Cell& cell : cells) {
    const std::size_t at = column;
    column += cell.columns;
    if (at < first) continue;
    if (total > kMaxColumns && width + cell.columns > kMaxColumns) {
      is_cut = true;
      break;
    }
    text += cell.text;
    width += cell.columns;
    if (column <= before) caret = width;
  }
  marked = std::max<std::size_t>(1, std::min(marked, width > caret ? width - caret : 1));
  if (is_cut) text += "\u2026";
  return fmt::format("  {}\n  {}^{}\n", text, std::string(caret, ' '), std::string(marked - 1, '~'));
}

std::size_t common_beginning(std::string_view a, std::string_view b) {
  const auto [end, other] =
      std::mismatch(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_upper(x) == to_upper(y); });
  return static_cast<std::size_t>(end - a.begin());
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
  const std::string file = shown(diagnostic.file);
  const std::string message = shown(diagnostic.message);
  std::string out;
  if (diagnostic.position.line == 0) {
    out = fmt::format("{}: {}: {}\n", file, word, message);
  } else {
    out = fmt::format("{}:{}:{}: {}: {}\n{}", file, diagnostic.position.line, diagnostic.position.column, word, message,
                      excerpt(diagnostic));
  }
  if (!diagnostic.suggestion.empty()) out += fmt::format("  {}\n", shown(diagnostic.suggestion));
  return out;
}

std::string nearest_spelling(std::string_view word, const std::vector<std::string>& candidates) {
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::string best;
  std::size_t best_distance = limit + 1;
  std::size_t best_beginning = 0;
  for (const auto& candidate : candidates) {
    const std::size_t d = distance(word, candidate);
    if (d > best_distance || d > limit) continue;
    const std::size_t begin = common_beginning(word, candidate);
    // Of those as near, the one that begins alike: what is misspelt is seldom the beginning.
    if (d == best_distance && begin <= best_beginning) continue;
    best_distance = d;
    best_beginning = begin;
    best = candidate;
  }
  return best;
}

}  // namespace smtpspec::base
