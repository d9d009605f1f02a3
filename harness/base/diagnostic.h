// One complaint about a file that a person wrote: where it is, what it says there, what was expected.
// Loaders collect every diagnostic of a file and return them together.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace smtpspec::base {

struct SourcePosition {
  int line = 0;    // from 1; 0: the file as a whole
  int column = 0;  // from 1, in octets
  int length = 1;  // octets to underline, at least 1
  bool operator==(const SourcePosition&) const = default;
};

enum class Severity { warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string file;
  SourcePosition position;
  std::string source_line;  // without its line end
  std::string message;      // one sentence, no full stop
  std::string suggestion;   // "did you mean 'pipeline'?"; may be empty
  bool operator==(const Diagnostic&) const = default;
};

// "file:line:column: error: message", the source line with a caret below, and the suggestion; ends in a newline.
// Octets of the source line that are not printable ASCII or UTF-8 are escaped.
std::string render(const Diagnostic& diagnostic);

// The candidate nearest to `word` by edit distance (insert, delete, replace, swap of neighbours), or "" if none is
// near enough to be a misspelling (distance at most a third of the word, at least 1).
std::string nearest_spelling(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace smtpspec::base
