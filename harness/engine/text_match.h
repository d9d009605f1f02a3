// Regular expressions over octets from a server: linear time, bounded memory (RE2 stays behind this door).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace smtpspec::engine {

struct TextMatch {
  std::string first_group;  // group 1, or the whole match where there is none
  std::map<std::string, std::string> named;
};

// Searches `text` (octets, one line apart by LF) for `regex`; case-sensitive unless it says (?i). A regex that does
// not compile matches nothing: the loader has refused it before.
std::optional<TextMatch> find_match(const std::string& regex, std::string_view text);

}  // namespace smtpspec::engine
