#include "reports/markdown_text.h"

#include <algorithm>

#include "harness/base/octets.h"
#include "reports/printable.h"

namespace smtpspec::reports {

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      // A forge looks for these in what it has rendered: an element of their own takes them out of the word.
      case '@':
      case '#':
        (out += "<span>") += c;
        out += "</span>";
        break;
      default:
        // GFM §2.4 lets every ASCII punctuation character be escaped; a word character never is markup.
        if (c > 0x20 && c < 0x7f && !base::is_alnum(c)) out += '\\';
        out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string out = "<code>";
  for (const char c : printable(text)) {
    // As numbers, characters are never markup: GFM §2.5. But an address is made a link of when all that is done, so
    // that its sign needs an element of its own.
    if (c == '@') out += "<span>&#64;</span>";
    else if (c > 0x20 && c < 0x7f && !base::is_alnum(c)) out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    else out += c;
  }
  return out + "</code>";
}

std::string markdown_block(std::string_view text) {
  const std::string lines = printable_lines(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : lines) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + "text\n" + lines + (lines.ends_with('\n') ? "" : "\n") + fence + "\n";
}

}  // namespace smtpspec::reports
