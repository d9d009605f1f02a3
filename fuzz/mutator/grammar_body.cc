#include "fuzz/mutator/grammar.h"

namespace smtpspec::fuzz {

std::string Grammar::body_line() {
  switch (random_.below(12)) {
    case 0:
      return any_of({"..", "...", "..x", ".. ", "..\t", "Subject: x", "From: a@b", "To: <c@d>"});
    case 1:
      // Not stuffed: only a dot that stands alone ends the data (RFC 5321 §4.5.2).
      return any_of({".x", ". ", ".\t", ".\x01", ".From"});
    case 2:
      return std::string(random_.between(994, 1003), 'y');
    case 3:
      return "." + std::string(random_.between(990, 1001), 'd');
    case 4:
      return any_of({"a\rb", "a\nb", "\r", "a\r", "a\n", "\n", "\r\r", "\n\n"});
    case 5:
      return any_of(
          {std::string_view("a\0b", 3), std::string_view("\0", 1), "\xC3\xA9", "\xFF\xFE", "\x80", "\x1B[0m"});
    case 6:
      return any_of({"Received: by x; Thu, 1 Jan 1970 00:00:00 +0000", "Content-Type: multipart/mixed; boundary=b",
                     "--b", "--b--", "Return-Path: <>", "Content-Transfer-Encoding: 8bit", ": no name",
                     "Folded:\r\n on",
                     "X-Long: "
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"});
    case 7:
      return "From someone Thu Jan  1 00:00:00 1970";
    case 8:
      return long_text();
    case 9:
      return "";
    default:
      return "text";
  }
}

std::string Grammar::end_of_data_look_alike() {
  std::string text = any_of({"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r\n.\r\r\n",
                             std::string_view("\r\n.\0\r\n", 6), "\r\n\0.\r\n", "\r\n. \r\n", "\r\n.\t\r\n",
                             "\r\n..\r\n", "\r\r\n.\r\n\r", "\n\n.\n\n"});
  switch (random_.below(4)) {
    case 0:
      return text + "MAIL FROM:<" + words_.sender + ">\r\nRCPT TO:<" + words_.recipient + ">\r\nDATA\r\nsmuggled";
    case 1:
      return text + "NOOP\r\n";
    case 2:
      return text + "RSET\r\nNOOP\r\n";
    default:
      return text + "more text\r\n";
  }
}

std::string Grammar::body() {
  std::string text;
  if (!random_.one_in(4)) text = "Subject: fuzz\r\n\r\n";
  for (std::size_t left = random_.below(6); left > 0; --left) text += body_line() + "\r\n";
  if (random_.one_in(4)) text += "x" + end_of_data_look_alike();
  if (random_.one_in(24)) {
    const std::string line = std::string(random_.between(10, 900), 'b') + "\r\n";
    for (std::size_t left = random_.between(5, 60); left > 0; --left) text += line;
  }
  if (text.ends_with("\r\n") && random_.one_in(3)) text.resize(text.size() - random_.between(1, 2));
  return text;
}

}  // namespace smtpspec::fuzz
