// A delivered message: its header fields and its body, without interpretation.
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
  std::string body;                 // behind the empty line, octet for octet
};

// The first field of this name, in any letter case; null: there is none.
const HeaderField* find_field(const MessageView& view, std::string_view name);

// A bare LF ends a line of the header too: what a mailbox hands over octet for octet may have some.
MessageView view_message(std::string_view message);

}  // namespace smtpspec::engine
