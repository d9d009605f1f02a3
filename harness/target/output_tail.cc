#include "harness/target/output_tail.h"

#include <algorithm>
#include <utility>

namespace smtpspec::target {

namespace {

constexpr std::string_view kMarkers[] = {
    "ERROR: AddressSanitizer",   "ERROR: LeakSanitizer",     "ERROR: MemorySanitizer", "WARNING: MemorySanitizer",
    "WARNING: ThreadSanitizer",  "ERROR: ThreadSanitizer",   "Sanitizer:DEADLYSIGNAL", "runtime error:",
    "ERROR: HWAddressSanitizer", "ERROR: UndefinedBehavior",
};
constexpr std::size_t kLongestMarkerOctets = 32;

std::size_t find_marker(std::string_view text) {
  std::size_t first = std::string_view::npos;
  for (std::string_view marker : kMarkers) first = std::min(first, text.find(marker));
  return first;
}

}  // namespace

std::string_view last_octets(std::string_view text, std::size_t octets) {
  return text.size() <= octets ? text : text.substr(text.size() - octets);
}

std::string_view OutputTail::text() const { return last_octets(octets_, kMaxOutputOctets); }

std::string OutputTail::take_sanitizer_text() { return std::exchange(sanitizer_text_, {}); }

void OutputTail::append(std::string_view octets) {
  octets_.append(octets);
  look_for_report();
  if (octets_.size() <= 2 * kMaxOutputOctets) return;
  const std::size_t surplus = octets_.size() - kMaxOutputOctets;
  octets_.erase(0, surplus);
  looked_at_ = looked_at_ > surplus ? looked_at_ - surplus : 0;
}

void OutputTail::look_for_report() {
  if (sanitizer_text_.empty()) {
    const std::size_t found = find_marker(std::string_view(octets_).substr(looked_at_));
    if (found == std::string_view::npos) {
      if (octets_.size() > kLongestMarkerOctets)
        looked_at_ = std::max(looked_at_, octets_.size() - kLongestMarkerOctets);
      return;
    }
    const std::size_t line = octets_.rfind('\n', looked_at_ + found);
    looked_at_ = line == std::string::npos ? 0 : line + 1;
  }
  const std::size_t room = kMaxSanitizerOctets - sanitizer_text_.size();
  sanitizer_text_ += std::string_view(octets_).substr(looked_at_, room);
  looked_at_ = octets_.size();
}

}  // namespace smtpspec::target
