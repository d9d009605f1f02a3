#include "harness/server/data_receiver.h"

#include <array>
#include <utility>

namespace smtpspec::server {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kTailOctets = 6;
constexpr std::size_t kSplitLineOctets = 998;  // a buffer for one line of RFC 5321 §4.5.3.1.6

struct LookAlike {
  Defect defect;
  std::string_view sequence;
  bool not_after_cr;  // the sequence begins with LF, which must be a bare one
};

constexpr LookAlike kLookAlikes[] = {
    {Defect::lf_dot_lf_ends_data, "\n.\n", true},
    {Defect::lf_dot_crlf_ends_data, "\n.\r\n", true},
    {Defect::crlf_dot_lf_ends_data, "\r\n.\n", false},
    {Defect::cr_dot_cr_ends_data, "\r.\r", false},
    {Defect::cr_dot_crlf_ends_data, "\r.\r\n", false},
    {Defect::dot_space_ends_data, "\r\n. \r\n", false},
    {Defect::dot_dot_ends_data, "\r\n..\r\n", false},
    {Defect::dot_tab_ends_data, "\r\n.\t\r\n", false},
    {Defect::bare_lf_ends_line_in_data, "\n.\n", true},
    {Defect::bare_lf_ends_line_in_data, "\n.\r\n", true},
    {Defect::bare_lf_ends_line_in_data, "\r\n.\n", false},
    {Defect::lf_dot_lf_at_segment_end_ends_data, "\n.\n", true},
    {Defect::dot_vertical_tab_ends_data, "\r\n.\v\r\n", false},
    {Defect::nul_dot_ends_data, "\r\n\0.\r\n"sv, false},
    {Defect::lf_lf_dot_lf_ends_data, "\r\n\n\n.\n", false},
};

}  // namespace

DataReceiver::DataReceiver(const DefectSet& defects)
    : defects_(defects),
      watches_for_look_alikes_(defects.has(Defect::crlf_dot_cr_ends_data) ||
                               defects.has(Defect::dot_and_text_ends_data) ||
                               defects.has(Defect::long_line_split_ends_data)) {
  for (const LookAlike& look_alike : kLookAlikes) {
    watches_for_look_alikes_ = watches_for_look_alikes_ || defects.has(look_alike.defect);
  }
}

void DataReceiver::start(std::size_t max_octets) {
  max_octets_ = max_octets;
  ++messages_;
  decoder_.reset();
  content_.clear();
  is_over_limit_ = false;
  tail_ = "\r\n";  // the end of the DATA line
  ended_by_look_alike_ = false;
  line_octets_ = 0;
  is_in_dotted_line_ = false;
  has_ignored_end_ = false;
}

bool DataReceiver::take(std::string_view& input) {
  if (defects_.has(Defect::dot_at_segment_start_kept)) keep_dot_at_boundary(input);
  return watches_for_look_alikes_ ? take_watching_for_look_alikes(input) : take_plainly(input);
}

bool DataReceiver::take_plainly(std::string_view& input) {
  while (true) {
    const std::size_t taken = decoder_.feed(input, content_);
    input.remove_prefix(taken);
    enforce_limit();
    if (!decoder_.is_complete()) return false;
    if (defects_.empty() || !ignores_end_of_data(taken, !input.empty())) return true;
    content_ += ".\r\n";
    decoder_.reset();
  }
}

// A receiver that overlooks the dot line. `taken` octets of the segment led to it.
bool DataReceiver::ignores_end_of_data(std::size_t taken, bool is_input_left) {
  constexpr std::size_t kDotLineOctets = 3;    // ".\r\n"
  constexpr std::size_t kEndOfDataOctets = 5;  // "\r\n.\r\n"
  const bool is_empty = decoder_.octets_taken() == kDotLineOctets && content_.empty();
  const bool ignores = (defects_.has(Defect::end_of_data_needs_second_dot) && messages_ > 1 && !has_ignored_end_) ||
                       (defects_.has(Defect::dot_after_empty_line_ignored) && content_.ends_with("\r\n\r\n")) ||
                       (defects_.has(Defect::dot_right_after_data_ignored) && is_empty) ||
                       (defects_.has(Defect::end_of_data_not_seen_before_commands) && is_input_left) ||
                       (defects_.has(Defect::dot_split_from_content_not_seen) && taken < kDotLineOctets) ||
                       (defects_.has(Defect::end_of_data_split_not_seen) && !is_empty && taken < kEndOfDataOctets);
  has_ignored_end_ = has_ignored_end_ || ignores;
  return ignores;
}

bool DataReceiver::take_watching_for_look_alikes(std::string_view& input) {
  while (!input.empty()) {
    const char octet = input.front();
    const bool cr_ended_it = tail_.ends_with("\r\n.\r") && octet != '\n';
    if (cr_ended_it && defects_.has(Defect::crlf_dot_cr_ends_data)) {
      content_.resize(octets_before_dot_);
      ended_by_look_alike_ = true;
      return true;
    }
    if (octet == '.') octets_before_dot_ = content_.size();
    decoder_.feed(input.substr(0, 1), content_);
    input.remove_prefix(1);
    tail_ += octet;
    if (tail_.size() > kTailOctets) tail_.erase(0, 1);
    enforce_limit();
    if (decoder_.is_complete()) return true;
    if (defects_.has(Defect::dot_and_text_ends_data) && ends_in_dotted_line()) {
      content_.resize(octets_before_dotted_line_);
      ended_by_look_alike_ = true;
      return true;
    }
    if (!ends_in_split_line() && !ends_in_look_alike(octet)) continue;
    if (defects_.has(Defect::lf_dot_lf_at_segment_end_ends_data) && !input.empty()) continue;
    if (octets_before_dot_ < content_.size()) content_.resize(octets_before_dot_);
    ended_by_look_alike_ = true;
    return true;
  }
  return false;
}

bool DataReceiver::ends_in_look_alike(char octet) {
  if (octet != '\n' && octet != '\r') return false;
  for (const LookAlike& look_alike : kLookAlikes) {
    if (!defects_.has(look_alike.defect) || !tail_.ends_with(look_alike.sequence)) continue;
    const std::size_t before = tail_.size() - look_alike.sequence.size();
    if (look_alike.not_after_cr && before > 0 && tail_[before - 1] == '\r') continue;
    return true;
  }
  return false;
}

// What is left of a line that was too long for its buffer looks like the end of data.
bool DataReceiver::ends_in_split_line() {
  constexpr std::string_view kDotLine = ".\r\n";
  ++line_octets_;
  if (!tail_.ends_with("\r\n")) return false;
  const std::size_t octets = std::exchange(line_octets_, 0);
  return defects_.has(Defect::long_line_split_ends_data) && octets > kSplitLineOctets + kDotLine.size() &&
         tail_.ends_with(kDotLine);
}

// The line that begins with one dot, and goes on, has ended.
bool DataReceiver::ends_in_dotted_line() {
  if (tail_.ends_with("\r\n.")) {
    is_in_dotted_line_ = true;
    octets_before_dotted_line_ = octets_before_dot_;
  } else if (tail_.ends_with("\r\n..")) {
    is_in_dotted_line_ = false;
  }
  return tail_.ends_with("\r\n") && std::exchange(is_in_dotted_line_, false);
}

// A receiver that looks for stuffed dots inside one read only.
void DataReceiver::keep_dot_at_boundary(std::string_view input) {
  const bool at_line_start = decoder_.octets_taken() > 0 && content_.ends_with("\r\n");
  if (at_line_start && input.size() > 2 && input[0] == '.' && input[1] != '\r') content_ += '.';
}

void DataReceiver::enforce_limit() {
  if (defects_.has(Defect::oversize_message_cut)) {
    if (max_octets_ != 0 && content_.size() > max_octets_) content_.resize(max_octets_);
    return;
  }
  std::uint64_t octets = decoder_.scan().octets;
  if (defects_.has(Defect::stuffed_dots_count_as_size)) {
    constexpr std::uint64_t kDotLineOctets = 3;
    octets = decoder_.octets_taken() - (decoder_.is_complete() ? kDotLineOctets : 0);
  }
  constexpr std::uint64_t kDotLine = 3;
  constexpr std::uint64_t kTraceOctets = 200;
  if (decoder_.is_complete() && defects_.has(Defect::final_dot_counts_as_size)) octets += kDotLine;
  if (decoder_.is_complete() && defects_.has(Defect::trace_fields_count_as_size)) octets += kTraceOctets;
  if (max_octets_ != 0 && octets > max_octets_) is_over_limit_ = true;
  if (is_over_limit_) content_.clear();
}

bool DataReceiver::has_bare_line_ending() const {
  if (ended_by_look_alike_) return false;
  const wire::DataScan scan = decoder_.scan();
  return scan.bare_crs > 0 || scan.bare_lfs > 0;
}

std::string DataReceiver::take_content() { return std::exchange(content_, std::string()); }

}  // namespace smtpspec::server
