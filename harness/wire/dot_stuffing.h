// Transparency of mail data, both ways (RFC 5321 §4.5.2). Only CRLF ends a line: a dot behind a bare LF or CR is not at
// a line's start, and only CRLF.CRLF ends the data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/wire/data_scan.h"

namespace smtpspec::wire {

// `message` with one more dot before each line that begins with a dot. Adds no terminator and no CRLF.
std::string stuff(std::string_view message);
// The same behind `out`, which must be empty or end in CRLF.
void append_stuffed(std::string& out, std::string_view message);

// Takes what a client sends after 354 and gives the message, whatever the split.
class DataDecoder {
 public:
  // Takes octets until the data end, appends what they mean to `message`, and gives how many it took: all of them,
  // unless the data ended. Takes none once is_complete().
  std::size_t feed(std::string_view octets, std::string& message);
  // The end of data was seen. The CRLF before the dot belongs to the message.
  bool is_complete() const { return state_ == State::complete; }
  // Octets taken so far, the end of data included.
  std::uint64_t octets_taken() const { return octets_taken_; }
  // Of the message so far, so without stuffed dots and without the end of data.
  DataScan scan() const { return scanner_.result(); }
  void reset() { *this = DataDecoder(); }

 private:
  enum class State { line_start, dot, dot_cr, text, text_cr, complete };

  void emit(std::string_view content, std::string& message);

  State state_ = State::line_start;
  std::uint64_t octets_taken_ = 0;
  DataScanner scanner_;
};

}  // namespace smtpspec::wire
