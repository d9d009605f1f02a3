// Text on its way to a terminal or a file that a person opens. What a record holds may come from a hostile server, or
// from a hostile file: nothing here lets a control octet, a terminal escape or a character that hides or reorders
// others through. What is escaped stays visible, as \xHH.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace smtpspec::reports {

// One line: printable ASCII and visible UTF-8 pass, everything else is escaped, newline too. A backslash stays single:
// what comes here is text already, or octets that were escaped before.
std::string printable(std::string_view text);

// As printable(), but LF stays, and CR LF becomes LF.
std::string printable_lines(std::string_view text);

// `text` broken at spaces into lines of at most `width` columns, each after the first indented by `indent` columns,
// which count. Ends in a newline. A word longer than a line stands alone. Newlines in the text count as spaces.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

// One word of a POSIX shell command line; with control octets in the $'…' form of bash and zsh.
std::string shell_quoted(std::string_view word);

// A TOML basic string, quotes included.
std::string toml_quoted(std::string_view text);

}  // namespace smtpspec::reports
