// A scenario file as lines, and the list of complaints about it. Offsets are octets from 0 within a line; columns in
// diagnostics are those plus one.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/diagnostic.h"

namespace smtpspec::scenario {

// Bounds that keep a scenario from a stranger safe to load.
inline constexpr std::size_t kMaxFileOctets = 1 << 20;
inline constexpr std::size_t kMaxLineOctets = 1 << 16;
inline constexpr std::size_t kMaxNesting = 12;             // blocks within blocks, by indentation
inline constexpr std::size_t kMaxBlockDepth = 12;          // `use` within `use`
inline constexpr std::size_t kMaxSteps = 20'000;           // written or expanded, a file
inline constexpr std::size_t kMaxModelOctets = 1 << 26;    // what a file's steps hold in memory, about
inline constexpr std::size_t kMaxSends = 100'000;          // sends of one scenario, repeats counted
inline constexpr std::size_t kMaxPayloadOctets = 1 << 26;  // one `C|` or one `C.` block
inline constexpr std::size_t kMaxPieces = 20'000;          // pieces of one `C|`
inline constexpr std::size_t kMaxInstances = 10'000;       // of one scenario by `each`
inline constexpr std::size_t kMaxDiagnostics = 100;        // a file; then one line says how many more there are
inline constexpr std::size_t kMaxCollected = 2'000;        // of which the first in the file are told

struct Line {
  int number = 0;
  std::size_t indent = 0;  // octets of leading blanks
  std::string_view raw;    // without its line end
  std::string_view text() const { return raw.substr(indent); }
  bool is_blank() const { return indent == raw.size(); }
};

// Ends at LF or CRLF. The text outlives the lines.
std::vector<Line> split_lines(std::string_view text);

class Complaints {
 public:
  Complaints(std::string file, std::vector<base::Diagnostic>& out)
      : file_(std::move(file)), out_(out), first_(out.size()) {}

  void error(const Line& line, std::size_t offset, std::size_t length, std::string message,
             std::string suggestion = {});
  void warning(const Line& line, std::size_t offset, std::size_t length, std::string message,
               std::string suggestion = {});
  void file_error(std::string message);
  // An octet that may not stand in the file. What else would be said of the word that holds it is a consequence.
  void bad_octet(const Line& line, std::size_t offset, std::size_t length, base::Severity severity, std::string message,
                 std::string suggestion = {});

  // Brings the diagnostics of this file into the order of its lines, and leaves out what are too many.
  void sort();

  std::size_t errors() const { return errors_; }
  const std::string& file() const { return file_; }
  // The names that stand in lines with errors, but not as `{name}`: such a line may have been meant to give them a
  // value.
  const std::set<std::string, std::less<>>& mistaken_words() const { return mistaken_words_; }

 private:
  void add(base::Severity severity, const Line& line, std::size_t offset, std::size_t length, std::string message,
           std::string suggestion);
  void add(base::Diagnostic diagnostic);
  void remember_words(std::string_view line);

  std::string file_;
  std::vector<base::Diagnostic>& out_;
  std::size_t first_;
  std::size_t errors_ = 0;
  std::size_t count_ = 0;
  std::map<int, std::size_t> bad_octets_;  // by line: the first one's offset
  std::set<std::string, std::less<>> mistaken_words_;
};

// "did you mean 'pipeline'?", or "" where nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace smtpspec::scenario
