// wire/dot_stuffing.h and wire/data_scan.h: a message arrives as it was written, and the fast scan counts what the slow
// one does.
#include <algorithm>
#include <string>

#include "fuzz/targets/splits.h"
#include "fuzz/targets/target.h"
#include "harness/wire/data_scan.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::fuzz {

namespace {

// By the sentences of data_scan.h, octet by octet.
wire::DataScan count(std::string_view data) {
  wire::DataScan found;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const char c = data[i];
    const bool is_line_end = c == '\n' && i > 0 && data[i - 1] == '\r';
    found.dot_lines += i == begin && c == '.';
    found.bare_crs += c == '\r' && (i + 1 == data.size() || data[i + 1] != '\n');
    found.bare_lfs += c == '\n' && !is_line_end;
    found.has_nul = found.has_nul || c == '\0';
    found.has_eight_bit = found.has_eight_bit || static_cast<unsigned char>(c) > 127;
    if (!is_line_end) continue;
    ++found.lines;
    found.longest_line_octets = std::max<std::uint64_t>(found.longest_line_octets, i + 1 - begin);
    begin = i + 1;
  }
  found.octets = data.size();
  found.longest_line_octets = std::max<std::uint64_t>(found.longest_line_octets, data.size() - begin);
  return found;
}

}  // namespace

void fuzz_data_parser(std::string_view octets) {
  const wire::DataScan scan = wire::scan_data(octets);
  promise(scan == count(octets), "a scan counts what is there");
  wire::DataScanner scanner;
  for (const std::string_view piece : pieces_of(octets)) scanner.feed(piece);
  promise(scanner.result() == scan, "a scan does not depend on the split");

  // As a message: there and back.
  std::string message(octets);
  if (!message.empty() && !message.ends_with("\r\n")) message += "\r\n";
  std::string sent = wire::stuff(message) + ".\r\n";
  const std::size_t end = sent.size();
  sent += "QUIT\r\n";
  wire::DataDecoder decoder;
  std::string arrived;
  promise(decoder.feed(sent, arrived) == end, "a message ends where its sender ended it");
  promise(decoder.is_complete(), "the end of a message is seen");
  promise(arrived == message, "a message arrives as it was written");
  promise(decoder.octets_taken() == end, "octets are counted");
  promise(decoder.scan() == wire::scan_data(message), "what is scanned is the message");

  // As what a client sends: whatever the split.
  wire::DataDecoder whole;
  std::string first;
  const std::size_t taken = whole.feed(octets, first);
  wire::DataDecoder split;
  std::string second;
  std::size_t taken_in_pieces = 0;
  for (const std::string_view piece : pieces_of(octets)) taken_in_pieces += split.feed(piece, second);
  promise(taken == taken_in_pieces && whole.is_complete() == split.is_complete(),
          "the end does not depend on the split");
  promise(!whole.is_complete() || first == second, "nor does the message");
  const std::size_t found = ("\r\n" + std::string(octets)).find("\r\n.\r\n");
  promise(whole.is_complete() == (found != std::string::npos), "CRLF.CRLF ends the data, and nothing else");
  if (whole.is_complete()) promise(taken == found + 3, "… and at that place");
}

}  // namespace smtpspec::fuzz
