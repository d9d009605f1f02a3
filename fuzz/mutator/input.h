// What one session of the fuzzer says: a list of typed steps, not a soup of octets, so that a mutation keeps the
// session's shape. Its file form is text, one step a line, readable in a diff and in a corpus:
//
//   F1                          version of the form
//   C:EHLO client.example.org   a command line, without its CRLF
//   R:NOOP\nNOOP\r\n            octets as they are
//   D:Subject: x\r\n\r\nhello   a message behind DATA, as on the wire; the end of data follows. `d:` leaves it out
//   B:hello  L:hello  L+2:hello a BDAT chunk with its command; L says LAST; +2: two octets more are announced than sent
//   T:NOOP\r\n                  STARTTLS, these octets in clear in the same write, and the handshake if it is granted
//   A:PLAIN AGEAYg==            AUTH; further lines of the exchange follow, divided by CRLF
//   H                           we send no more (half-close)
//   2                           go on with this connection, 1 or 2; the second is opened when it is first named
//
// Octets are escaped as base::escape() does. Promise: decode() takes any octets and gives some input; encode() is its
// right inverse, decode(encode(x)) == x for every input within the limits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace smtpspec::fuzz {

inline constexpr std::size_t kMaxSteps = 64;              // what decode() keeps
inline constexpr std::size_t kMaxStepOctets = 64 * 1024;  // of each
inline constexpr int kMaxSizeError = 1000;                // of a chunk's announcement, either way
inline constexpr std::string_view kInputVersion = "F1";

enum class StepKind { line, raw, data, chunk, starttls, auth, half_close, connection };

struct Step {
  StepKind kind = StepKind::line;
  std::string octets;
  bool is_last = true;  // data: the end of data follows; chunk: LAST. Always true for the other kinds
  int number = 0;       // chunk: octets announced beyond those sent; connection: which; else 0
  bool operator==(const Step&) const = default;
};

struct Input {
  std::vector<Step> steps;
  bool operator==(const Input&) const = default;
};

Input decode(std::string_view text);
std::string encode(const Input& input);

// What the step sends, CRLF and BDAT line included; "" for those that send nothing.
std::string wire_form(const Step& step);
void append_wire_form(std::string& to, const Step& step);

// The same octets, but each line of a message is a step of its own, as it is to a server that refused DATA.
Input with_messages_as_lines(const Input& input);

// The same octets, but what is said in clear behind STARTTLS is a step of its own, as it is to a server that refused
// it.
Input with_starttls_apart(const Input& input);

// The end of data behind `body`: CRLF before the dot only if the body does not end in one (RFC 5321 §4.1.1.4).
std::string_view end_of_data_behind(std::string_view body);

}  // namespace smtpspec::fuzz
