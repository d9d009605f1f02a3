// The terminal colours of the console report, and nothing at all when they are off.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace smtpspec::reports {

class Style {
 public:
  explicit Style(bool is_on) : is_on_(is_on) {}
  std::string strong(std::string_view text) const { return wrap("1", text); }
  std::string faint(std::string_view text) const { return wrap("2", text); }
  std::string good(std::string_view text) const { return wrap("32", text); }
  std::string bad(std::string_view text) const { return wrap("1;31", text); }
  std::string doubtful(std::string_view text) const { return wrap("33", text); }

 private:
  std::string wrap(std::string_view code, std::string_view text) const {
    if (!is_on_) return std::string(text);
    std::string out;
    while (!text.empty()) {  // a colour never spans the end of a line
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (end > 0) out.append("\x1b[").append(code).append("m").append(text.substr(0, end)).append("\x1b[0m");
      if (end < text.size()) out += '\n';
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }
  bool is_on_;
};

}  // namespace smtpspec::reports
