// Regular expressions of scenario files: RE2's syntax between slashes, `\/` for a slash.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace smtpspec::scenario {

// `line[start]` is the opening slash. The offset behind the closing one, which a blank or the line's end follows; npos
// if there is none.
std::size_t regex_end(std::string_view line, std::size_t start);

// `\/` becomes `/`, and `(?<name>…)` the spelling that every RE2 knows, `(?P<name>…)`.
std::string normalized_regex(std::string_view written);

// Why RE2 refuses it; "" if it does not.
std::string regex_fault(const std::string& regex);

// The names of its groups, in alphabetical order.
std::vector<std::string> named_groups(const std::string& regex);

}  // namespace smtpspec::scenario
