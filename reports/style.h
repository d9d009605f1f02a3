// The terminal colours of the console report, and nothing at all when they are off.
#pragma once

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
    const bool ends_line = text.ends_with('\n');  // a colour never spans the end of a line
    if (ends_line) text.remove_suffix(1);
    return std::string("\x1b[").append(code).append("m").append(text).append(ends_line ? "\x1b[0m\n" : "\x1b[0m");
  }
  bool is_on_;
};

}  // namespace smtpspec::reports
