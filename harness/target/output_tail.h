// What a server that we started has said on stdout and stderr: the last of it, and the report of a sanitizer if there
// is one in it. Bounded, whatever is said.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace smtpspec::target {

inline constexpr std::size_t kMaxOutputOctets = 256 * 1024;
inline constexpr std::size_t kMaxSanitizerOctets = 32 * 1024;

class OutputTail {
 public:
  void append(std::string_view octets);
  std::string_view text() const;
  // From the beginning of the line with the first marker on; "" if there is none.
  const std::string& sanitizer_text() const { return sanitizer_text_; }
  std::string take_sanitizer_text();

 private:
  void look_for_report();

  std::string octets_;         // up to twice the limit, so that trimming is rare
  std::size_t looked_at_ = 0;  // up to here there is no marker
  std::string sanitizer_text_;
};

// The end of `text`, at most so many octets.
std::string_view last_octets(std::string_view text, std::size_t octets);

}  // namespace smtpspec::target
