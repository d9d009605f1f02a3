#include "harness/scenario/file_octets.h"

#include <algorithm>
#include <string>

#include "harness/base/octets.h"
#include "harness/base/unicode.h"

namespace smtpspec::scenario {
namespace {

constexpr char kHowToWrite[] = "an exact octet is written as an escape, as in C| \"NOOP \\xe9\\r\\n\"";

bool is_control(char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; }

// The one octet that no text holds.
bool complain_of_nul(const std::vector<Line>& lines, Complaints& complaints) {
  for (const Line& line : lines) {
    const auto at = line.raw.find('\0');
    if (at == std::string_view::npos) continue;
    complaints.bad_octet(line, at, 1, base::Severity::error, "this is no text file: a NUL octet stands here");
    return true;
  }
  return false;
}

bool complain_of_long_lines(const std::vector<Line>& lines, Complaints& complaints) {
  bool found = false;
  for (const Line& line : lines) {
    if (line.raw.size() <= kMaxLineOctets) continue;
    found = true;
    complaints.error(Line{line.number, 0, line.raw.substr(0, 64)}, 0, 1,
                     "this line is longer than 65536 octets; \"x\"*N writes a repetition");
  }
  return found;
}

void complain_of_line(const Line& line, base::Severity severity, Complaints& complaints) {
  const auto control =
      static_cast<std::size_t>(std::find_if(line.raw.begin(), line.raw.end(), is_control) - line.raw.begin());
  const std::size_t bad = base::find_bad_utf8(line.raw);
  const std::size_t at = std::min(control, bad);
  if (at >= line.raw.size()) return;
  std::string message = at == bad              ? "a scenario file is UTF-8, and this octet is none: "
                        : line.raw[at] == '\r' ? "a CR stands here without LF: "
                                               : "a control octet may not stand in a scenario file: ";
  base::append_hex(message, line.raw.substr(at, 1));
  complaints.bad_octet(line, at, 1, severity, std::move(message), kHowToWrite);
}

}  // namespace

bool complain_of_octets(std::string_view text, const std::vector<Line>& lines, bool is_transcript,
                        Complaints& complaints) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    complaints.file_error("this file is UTF-16; a scenario file is UTF-8");
    return false;
  }
  if (text.find('\n') == std::string_view::npos && std::count(text.begin(), text.end(), '\r') > 1) {
    complaints.file_error("the lines of this file end in CR alone; they end in LF or CRLF");
    return false;
  }
  if (complain_of_nul(lines, complaints) || complain_of_long_lines(lines, complaints)) return false;
  const auto severity = is_transcript ? base::Severity::warning : base::Severity::error;
  for (const Line& line : lines) complain_of_line(line, severity, complaints);
  return true;
}

}  // namespace smtpspec::scenario
