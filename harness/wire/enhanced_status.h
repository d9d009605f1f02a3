// Enhanced status codes: "2.1.0" at the start of a reply's text (RFC 2034 §3, RFC 3463 §2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace smtpspec::wire {

struct EnhancedStatus {
  int status_class = 0;  // 2, 4 or 5
  int subject = 0;       // 0 to 999
  int detail = 0;        // 0 to 999
  bool operator==(const EnhancedStatus&) const = default;
};

// "2.1.0"
std::string to_string(const EnhancedStatus& status);

// The code that `text` begins with, if it is one by the grammar (class 2, 4 or 5; one to three digits each, no leading
// zero) and the text ends there or goes on with SP. "2.1.0.1 is a version" has none.
std::optional<EnhancedStatus> parse_enhanced_status(std::string_view text);

}  // namespace smtpspec::wire
