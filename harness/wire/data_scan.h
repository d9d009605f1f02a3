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

// Between two pieces.
namespace data_scan {
struct State {
  DataScan found;                // without the octets that after_cr and an unfinished line leave open
  std::uint64_t line_begin = 0;  // from the data's start
  std::uint64_t after_cr = 0;    // 1: the last octet was a CR
  std::uint64_t line_start = 1;  // 1: the next octet begins a line
};
}  // namespace data_scan

// The same over data that comes in pieces, whatever the split.
class DataScanner {
 public:
  void feed(std::string_view piece);
  // Of all that was fed, as if it were all.
  DataScan result() const;

 private:
  data_scan::State state_;
};

}  // namespace smtpspec::wire
