// Cuts the client's octets into command lines. CRLF ends a line and nothing else does (RFC 5321 §2.3.8); a lone CR or
// LF is part of the line and noted. Memory is bounded: what is beyond kMaxLineOctets is counted and dropped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/wire/limits.h"

namespace smtpspec::server {

inline constexpr std::size_t kMaxLineOctets = wire::kMaxAuthLineOctets;

struct CommandLine {
  std::string text;                   // without CRLF, at most kMaxLineOctets
  std::size_t octets = 0;             // as sent, with CRLF
  bool has_bare_line_ending = false;  // a CR or LF that is not part of a CRLF
};

class CommandLineReader {
 public:
  // `defects` must outlive the reader.
  explicit CommandLineReader(const DefectSet& defects) : defects_(defects) {}

  // Takes octets from the front of `input`; true when a line is complete, which line() then holds. What follows the
  // line stays in `input`.
  bool take(std::string_view& input);
  const CommandLine& line() const { return line_; }
  // The unfinished line so far.
  std::string_view partial() const { return complete_ ? std::string_view() : std::string_view(line_.text); }
  void clear();
  // Only a defect does this: what comes next is no longer behind a CR.
  void forget_cr() { previous_was_cr_ = false; }

 private:
  bool take_whole(std::string_view& input);
  void take_plain(std::string_view& input);
  bool ends_line(char octet, bool is_segment_end);
  bool finish();

  const DefectSet& defects_;
  CommandLine line_;
  bool complete_ = false;
  bool previous_was_cr_ = false;
};

}  // namespace smtpspec::server
