#include "harness/server/command_line_reader.h"

#include <algorithm>
#include <iterator>

#include "harness/base/line_end.h"
#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

struct VerbEndedByLf {
  Defect defect;
  std::string_view verb;
};

constexpr VerbEndedByLf kVerbsEndedByLf[] = {
    {Defect::bare_lf_ends_help, "HELP"}, {Defect::bare_lf_ends_mail, "MAIL"}, {Defect::bare_lf_ends_vrfy, "VRFY"}};

// True if a lone LF ends a line that begins so.
bool is_ended_by_lf(std::string_view line, const DefectSet& defects) {
  return std::any_of(std::begin(kVerbsEndedByLf), std::end(kVerbsEndedByLf), [&](const VerbEndedByLf& ended) {
    return defects.has(ended.defect) && base::starts_with_ignoring_case(line, ended.verb);
  });
}

}  // namespace

void CommandLineReader::clear() {
  line_.text.clear();  // and keeps its room for the next one
  line_.octets = 0;
  line_.has_bare_line_ending = false;
  complete_ = false;
  previous_was_cr_ = false;
}

// Judges one octet that has already been counted; true if the line ends with it. `is_segment_end`: nothing has come
// behind it so far, which matters to defects only.
bool CommandLineReader::ends_line(char octet, bool is_segment_end) {
  const bool after_cr = previous_was_cr_;
  previous_was_cr_ = octet == '\r';
  if (octet == '\n' && after_cr) return true;
  if (octet == '\n' && defects_.has(Defect::bare_lf_ends_command)) return true;
  if (octet == '\n' && defects_.has(is_segment_end ? Defect::bare_lf_at_segment_end_ends_command
                                                   : Defect::bare_lf_between_commands_ends_command)) {
    return true;
  }
  if (octet == '\n' && !defects_.empty() && is_ended_by_lf(line_.text, defects_)) return true;
  if (octet == '\r' && is_segment_end && defects_.has(Defect::bare_cr_at_segment_end_ends_command)) return true;
  if (octet == '\n' || after_cr) line_.has_bare_line_ending = true;
  return octet == '\n' && defects_.has(Defect::command_before_bare_lf_refused_alone);
}

// A line that has come with its end, all at once, as most do. False: there is none.
bool CommandLineReader::take_whole(std::string_view& input) {
  const std::size_t end = base::find_cr_or_lf(input);
  if (end >= kMaxLineOctets || !input.substr(end).starts_with("\r\n")) return false;
  line_.text = input.substr(0, end);
  line_.octets = end + 2;
  input.remove_prefix(line_.octets);
  return complete_ = true;
}

// What no line can end in, at once.
void CommandLineReader::take_plain(std::string_view& input) {
  const std::size_t octets = std::min(base::find_cr_or_lf(input), input.size());
  line_.octets += octets;
  line_.text += input.substr(0, std::min(octets, kMaxLineOctets - line_.text.size()));
  input.remove_prefix(octets);
}

bool CommandLineReader::take(std::string_view& input) {
  if (complete_) clear();
  if (defects_.empty() && line_.octets == 0 && take_whole(input)) return true;
  while (!input.empty()) {
    if (defects_.empty() && !previous_was_cr_) take_plain(input);
    if (input.empty()) break;
    const char octet = input.front();
    if (previous_was_cr_ && octet != '\n' && defects_.has(Defect::bare_cr_ends_command)) return finish();
    input.remove_prefix(1);
    ++line_.octets;
    if (line_.text.size() < kMaxLineOctets) line_.text += octet;
    if (ends_line(octet, input.empty())) return finish();
  }
  if (!line_.text.empty() && defects_.has(Defect::segment_end_ends_command)) return finish();
  return false;
}

bool CommandLineReader::finish() {
  complete_ = true;
  if (line_.text.ends_with('\n')) line_.text.pop_back();
  if (line_.text.ends_with('\r')) line_.text.pop_back();
  return true;
}

}  // namespace smtpspec::server
