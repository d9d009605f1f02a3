// A scenario file as lines, and the list of complaints about it. Offsets are octets from 0 within a line; columns in
// diagnostics are those plus one.
#pragma once

#include <cstddef>
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
inline constexpr std::size_t kMaxDiagnostics = 100;        // a file; then one line says that there are more

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

  // Brings the diagnostics of this file into the order of its lines.
  void sort();

  std::size_t errors() const { return errors_; }
  const std::string& file() const { return file_; }

 private:
  void add(base::Diagnostic diagnostic);

  std::string file_;
  std::vector<base::Diagnostic>& out_;
  std::size_t first_;
  std::size_t errors_ = 0;
  std::size_t count_ = 0;
};

// "did you mean 'pipeline'?", or "" where nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace smtpspec::scenario
