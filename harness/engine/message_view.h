// A delivered message, whole as it was stored: its header fields and its body, without interpretation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace smtpspec::engine {

struct HeaderField {
  std::string name;
  std::string value;  // unfolded, without leading blank
};

struct MessageView {
  std::vector<HeaderField> fields;  // in order
  std::string body;                 // behind the empty line; line ends as stored, LF made CRLF
};

// Line ends may be CRLF or LF: a Maildir stores what its operating system likes.
MessageView view_message(std::string_view stored);

// `stored` with every line end as CRLF, for octet comparison with what was sent.
std::string with_crlf(std::string_view stored);

}  // namespace smtpspec::engine
