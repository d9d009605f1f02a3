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

void Complaints::remember_words(std::string_view line) {
  const auto is_part = [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; };
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t start = i;
    while (i < line.size() && is_part(line[i])) ++i;
    if (i > start && (start == 0 || line[start - 1] != '{')) mistaken_words_.emplace(line.substr(start, i - start));
    if (i == start) ++i;
  }
}

void Complaints::add(base::Diagnostic diagnostic) {
  if (diagnostic.severity == base::Severity::error) {
    ++errors_;
    remember_words(diagnostic.source_line);
  }
  if (++count_ <= kMaxCollected) out_.push_back(std::move(diagnostic));
}

void Complaints::add(base::Severity severity, const Line& line, std::size_t offset, std::size_t length,
                     std::string message, std::string suggestion) {
  const base::SourcePosition position{line.number, static_cast<int>(offset) + 1,
                                      static_cast<int>(std::max<std::size_t>(1, length))};
  const auto bad = bad_octets_.find(line.number);
  if (bad != bad_octets_.end() && bad->second >= offset && bad->second < offset + length) {
    if (severity == base::Severity::error) ++errors_;
    return;
  }
  add({severity, file_, position, std::string(line.raw), std::move(message), std::move(suggestion)});
}

void Complaints::error(const Line& line, std::size_t offset, std::size_t length, std::string message,
                       std::string suggestion) {
  add(base::Severity::error, line, offset, length, std::move(message), std::move(suggestion));
}

void Complaints::warning(const Line& line, std::size_t offset, std::size_t length, std::string message,
                         std::string suggestion) {
  add(base::Severity::warning, line, offset, length, std::move(message), std::move(suggestion));
}

void Complaints::bad_octet(const Line& line, std::size_t offset, std::size_t length, base::Severity severity,
                           std::string message, std::string suggestion) {
  add(severity, line, offset, length, std::move(message), std::move(suggestion));
  bad_octets_.emplace(line.number, offset);
}

void Complaints::sort() {
  const auto place = [](const base::Diagnostic& d) {
    const int line = d.position.line == 0 ? std::numeric_limits<int>::max() : d.position.line;
    return std::pair(line, d.position.column);
  };
  const auto first = out_.begin() + static_cast<std::ptrdiff_t>(first_);
  std::stable_sort(first, out_.end(), [&place](const auto& a, const auto& b) { return place(a) < place(b); });
  if (count_ <= kMaxDiagnostics) return;
  out_.resize(first_ + kMaxDiagnostics);
  const std::string more = std::to_string(count_ - kMaxDiagnostics);
  out_.push_back({base::Severity::error, file_, {}, "", "and " + more + " more mistakes; those above come first", ""});
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
