// What is in mail data, at the speed of memory: line ends, line lengths, and the octets that RFC 5321 §4.1.1.4 and
// RFC 6152 care for. Lines end in CRLF and in nothing else (RFC 5321 §2.3.7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace smtpspec::wire {

struct DataScan {
  std::uint64_t octets = 0;
  std::uint64_t longest_line_octets = 0;  // with CRLF; a last line without one counts as long as it is
  std::uint64_t lines = 0;                // CRLFs
  std::uint64_t dot_lines = 0;            // lines that begin with "."
  std::uint64_t bare_crs = 0;             // not followed by LF; a CR at the very end is one
  std::uint64_t bare_lfs = 0;             // not preceded by CR
  bool has_eight_bit = false;
  bool has_nul = false;
  bool operator==(const DataScan&) const = default;
};

DataScan scan_data(std::string_view data);

// The same over data that comes in pieces, whatever the split.
class DataScanner {
 public:
  void feed(std::string_view piece);
  // Of all that was fed, as if it were all.
  DataScan result() const;

 private:
  DataScan so_far_;
  std::uint64_t line_begin_ = 0;
  bool after_cr_ = false;
  bool at_line_start_ = true;
};

}  // namespace smtpspec::wire
