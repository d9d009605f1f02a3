#include "harness/wire/enhanced_status.h"

#include "harness/base/octets.h"

namespace smtpspec::wire {
namespace {

// 1*3digit without a leading zero, from `at` on, which moves behind it; -1 if there is none.
int read_number(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  int value = 0;
  while (at < text.size() && at - begin < 3 && base::is_digit(text[at])) value = value * 10 + (text[at++] - '0');
  if (at == begin || (at < text.size() && base::is_digit(text[at]))) return -1;
  return text[begin] == '0' && at - begin > 1 ? -1 : value;
}

}  // namespace

std::string to_string(const EnhancedStatus& status) {
  return std::to_string(status.status_class) + "." + std::to_string(status.subject) + "." +
         std::to_string(status.detail);
}

std::optional<EnhancedStatus> parse_enhanced_status(std::string_view text) {
  if (text.size() < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.') return std::nullopt;
  EnhancedStatus status;
  status.status_class = text[0] - '0';
  std::size_t at = 2;
  status.subject = read_number(text, at);
  if (status.subject < 0 || at == text.size() || text[at] != '.') return std::nullopt;
  ++at;
  status.detail = read_number(text, at);
  if (status.detail < 0 || (at < text.size() && text[at] != ' ')) return std::nullopt;
  return status;
}

}  // namespace smtpspec::wire
