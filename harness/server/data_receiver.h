// Takes what the client sends after 354 until the end of data (RFC 5321 §4.1.1.4, §4.5.2). Only CRLF.CRLF ends it. Once
// the message is over its limit its octets are counted and dropped, so that memory stays bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/server/defect.h"
#include "harness/wire/dot_stuffing.h"

namespace smtpspec::server {

class DataReceiver {
 public:
  // `defects` must outlive the receiver.
  explicit DataReceiver(const DefectSet& defects);

  // `max_octets` 0: no limit.
  void start(std::size_t max_octets);
  // Takes octets from the front of `input`; true at the end of data, what follows it stays in `input`.
  bool take(std::string_view& input);

  bool is_over_limit() const { return is_over_limit_; }
  bool has_bare_line_ending() const;
  std::uint64_t longest_line_octets() const { return decoder_.scan().longest_line_octets; }
  // Complete CRLF lines so far.
  std::uint64_t lines() const { return decoder_.scan().lines; }
  // The message so far.
  std::string_view content() const { return content_; }
  // The message, transparency undone. Empty if it was over the limit.
  std::string take_content();

 private:
  bool take_plainly(std::string_view& input);
  bool take_watching_for_look_alikes(std::string_view& input);
  bool ends_in_look_alike(char octet);
  bool ends_in_dotted_line();
  bool ends_in_split_line();
  bool ignores_end_of_data(std::size_t taken, bool is_input_left);
  void keep_dot_at_boundary(std::string_view input);
  void enforce_limit();

  const DefectSet& defects_;
  bool watches_for_look_alikes_;
  std::size_t max_octets_ = 0;
  wire::DataDecoder decoder_;
  std::string content_;
  bool is_over_limit_ = false;

  // Only a defect reads these.
  std::size_t messages_ = 0;  // begun so far
  bool has_ignored_end_ = false;

  // Only the look-alike defects use these.
  std::string tail_;                   // the last octets as sent
  std::size_t octets_before_dot_ = 0;  // of content_, when the last "." arrived
  bool ended_by_look_alike_ = false;
  std::size_t line_octets_ = 0;  // of the line so far
  bool is_in_dotted_line_ = false;
  std::size_t octets_before_dotted_line_ = 0;
};

}  // namespace smtpspec::server
