#include "harness/scenario/source_text.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/base/octets.h"

namespace smtpspec::scenario {

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view raw = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
    const auto first = raw.find_first_not_of(" \t");
    lines.push_back(Line{++number, first == std::string_view::npos ? raw.size() : first, raw});
  }
  return lines;
}

void Complaints::add(base::Diagnostic diagnostic) {
  if (diagnostic.severity == base::Severity::error) ++errors_;
  ++count_;
  if (count_ == kMaxDiagnostics + 1) {
    diagnostic = base::Diagnostic{base::Severity::error, file_, {}, "", "more mistakes follow; these come first", ""};
  } else if (count_ > kMaxDiagnostics) {
    return;
  }
  out_.push_back(std::move(diagnostic));
}

void Complaints::error(const Line& line, std::size_t offset, std::size_t length, std::string message,
                       std::string suggestion) {
  const base::SourcePosition position{line.number, static_cast<int>(offset) + 1,
                                      static_cast<int>(std::max<std::size_t>(1, length))};
  add({base::Severity::error, file_, position, std::string(line.raw), std::move(message), std::move(suggestion)});
}

void Complaints::warning(const Line& line, std::size_t offset, std::size_t length, std::string message,
                         std::string suggestion) {
  const base::SourcePosition position{line.number, static_cast<int>(offset) + 1,
                                      static_cast<int>(std::max<std::size_t>(1, length))};
  add({base::Severity::warning, file_, position, std::string(line.raw), std::move(message), std::move(suggestion)});
}

void Complaints::sort() {
  const auto place = [](const base::Diagnostic& d) {
    const int line = d.position.line == 0 ? std::numeric_limits<int>::max() : d.position.line;
    return std::pair(line, d.position.column);
  };
  std::stable_sort(out_.begin() + static_cast<std::ptrdiff_t>(first_), out_.end(),
                   [&place](const auto& a, const auto& b) { return place(a) < place(b); });
}

void Complaints::file_error(std::string message) {
  add({base::Severity::error, file_, {}, "", std::move(message), ""});
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  // Edit distance is quadratic; no name of ours is this long.
  constexpr std::size_t kLongestName = 64;
  if (word.size() > kLongestName) return {};
  const std::string near = base::nearest_spelling(word, candidates);
  return near.empty() || near == word ? std::string{} : "did you mean '" + near + "'?";
}

}  // namespace smtpspec::scenario
