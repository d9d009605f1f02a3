// Octets: std::string and std::string_view hold any byte, with no NUL end and no encoding. This header is the only
// way octets from a server become text that a person or another program reads.
#pragma once

#include <algorithm>
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
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);
constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_upper(x) == to_upper(y); });
}
constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }

// `text` without leading and trailing SP and TAB.
std::string_view trimmed(std::string_view text);

}  // namespace smtpspec::base
