// A place in one line, and the small words of the language that can stand there. Every read_…() that fails has
// complained.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/scenario/scenario.h"
#include "harness/scenario/source_text.h"

namespace smtpspec::scenario {

class Cursor {
 public:
  Cursor(const Line& line, std::size_t offset, Complaints& complaints)
      : line_(line), offset_(offset), complaints_(complaints) {}

  // Skips blanks. True at the end of the line, or where a comment begins ('#' behind a blank).
  bool at_end();
  // The next octet after blanks; NUL at the end.
  char next();
  // Two blanks or a TAB stand before the next word.
  bool behind_gap();
  std::size_t offset() const { return offset_; }
  void move_to(std::size_t offset) { offset_ = offset; }
  std::string_view rest() const { return line_.raw.substr(offset_); }

  // Up to the next blank.
  std::string_view peek_word();
  std::string_view take_word();
  // The word after the next word.
  std::string_view peek_second_word();
  // Takes the next word if it is `word`.
  bool take(std::string_view word);

  std::optional<milliseconds> read_duration();
  // `1.2`: as 12.
  std::optional<int> read_tls_version();
  std::optional<std::size_t> read_number(std::size_t least, std::size_t most);
  // A name of a reply, a message or a variable: letters, digits, '-', '_'.
  std::optional<std::string> read_name(std::string_view what);
  // `[RFC5321-4.1.1.2-01]`
  std::optional<Binding> read_binding();
  // What may end a step: `on 2`, and bindings where the step takes any (`bindings` not null). False after a complaint.
  bool read_tail(int& connection, std::vector<Binding>* bindings);
  // `/regex/`: compiled to see that it can be.
  std::optional<std::string> read_regex();

  // Complains, and gives false, if anything but a comment is left.
  bool expect_end();

  void error(std::string message, std::string suggestion = {});  // at the next word
  void error_at(std::size_t offset, std::size_t length, std::string message, std::string suggestion = {});
  const Line& line() const { return line_; }
  Complaints& complaints() { return complaints_; }

 private:
  const Line& line_;
  std::size_t offset_;
  Complaints& complaints_;
};

std::optional<milliseconds> parse_duration(std::string_view word);
bool is_name(std::string_view text);
inline constexpr std::size_t kMaxConnections = 9;  // numbered from 1
// A quotation mark of a word processor: “ ” „ «
bool begins_typographic(std::string_view text);
// Looks like a requirement's id: "RFC5321-4.1.1.2-01", "DEFACTO-AUTHEQ-1-01".
bool is_requirement_id(std::string_view text);

}  // namespace smtpspec::scenario
