// Messages out of an mbox, fed in pieces of any size. A line that begins with "From " at the beginning or behind an
// empty line divides messages; it and the empty line before it are the storage's, not the message's. A '>' before
// "From " stays: mboxo and mboxrd differ in what it means, so it is an artefact (verdict/stored_message.h). Pure. For
// this room's sources.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/target/message_index.h"

namespace smtpspec::target {

// Whether a text is in the form of an mbox at all.
bool is_mbox(std::string_view text);

class MboxReader {
 public:
  // Every message that is followed by another goes into the index.
  void feed(std::string_view octets, MessageIndex& index);
  // Nothing follows: the last one goes in as well. What is fed afterwards begins with a "From " line or is ignored up
  // to the next one.
  void finish(MessageIndex& index);
  bool has_unfinished() const { return is_in_message_; }

 private:
  void begin_line(MessageIndex& index);
  void keep(std::string_view octets);
  void finish_message(MessageIndex& index);

  std::string line_begin_;  // too short to tell whether the line divides messages
  bool is_in_line_ = false;
  bool is_divider_ = false;  // the line that we are in
  bool is_behind_empty_line_ = true;
  std::string message_;
  bool is_in_message_ = false;
  bool is_too_large_ = false;
};

}  // namespace smtpspec::target
