// Octets: std::string and std::string_view hold any byte, with no NUL end and no encoding. This header is the only
// way octets from a server become text that a person or another program reads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace smtpspec::base {

// Lossless ASCII form of any octets: printable ASCII stays, backslash doubles, CR LF TAB NUL become \r \n \t \0 and
// every other octet \xHH (two lower-case digits). `unescape(escape(x)) == x` for every x.
std::string escape(std::string_view octets);

// As escape(), and a double quote becomes \" so that the result may stand between quotes.
std::string escape_quoted(std::string_view octets);

struct EscapeError {
  std::size_t offset = 0;  // of the offending backslash in the input, octets
  std::string message;
  bool operator==(const EscapeError&) const = default;
};

// Reads the form that escape() writes, and \" too. A backslash that starts no known escape is an error.
Result<std::string, EscapeError> unescape(std::string_view text);

// ASCII only, locale-free: SMTP compares verbs, keywords and domains this way (RFC 5321 §2.4).
char to_upper(char c);
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

bool is_digit(char c);
bool is_alpha(char c);
bool is_alnum(char c);

// `text` without leading and trailing SP and TAB.
std::string_view trimmed(std::string_view text);

}  // namespace smtpspec::base
