// UTF-8 as a terminal shows it: which characters are well-formed, which can be seen, how wide they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace smtpspec::base {

// Octets of the well-formed UTF-8 character at `at` (RFC 3629: no overlong form, no surrogate), or 0.
std::size_t utf8_length(std::string_view text, std::size_t at);

// The character at `at`, whose utf8_length() is `length` and not 0.
std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t length);

// C0 and C1 controls, zero-width and bidirectional marks, line separators, noncharacters: what a terminal obeys, or
// what hides and reorders other characters.
bool is_hidden(std::uint32_t code_point);

// Columns that a terminal gives to a character that is not hidden: 0 for a mark above another one, 2 for a wide one.
std::size_t columns_of(std::uint32_t code_point);

// The first octet that begins no well-formed character; npos if all of `text` is UTF-8.
std::size_t find_bad_utf8(std::string_view text);

// \xHH for every octet.
void append_hex(std::string& out, std::string_view octets);

}  // namespace smtpspec::base
