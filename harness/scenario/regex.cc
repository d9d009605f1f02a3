#include "harness/scenario/regex.h"

#include <re2/re2.h>
#include <re2/set.h>

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kSurelySmall = 512;

RE2::Options quiet_options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);  // replies are octets
  options.set_max_mem(1 << 20);
  return options;
}

}  // namespace

std::size_t regex_end(std::string_view line, std::size_t start) {
  for (std::size_t i = start + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '/') {
      const bool closes = i + 1 == line.size() || line[i + 1] == ' ' || line[i + 1] == '\t';
      if (closes && i > start + 1) return i + 1;
    }
  }
  return std::string_view::npos;
}

std::string normalized_regex(std::string_view written) {
  std::string out;
  out.reserve(written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\' && i + 1 < written.size()) {
      if (written[i + 1] != '/') out += '\\';
      out += written[++i];
    } else if (written.substr(i, 3) == "(?<") {
      out += "(?P<";
      i += 2;
    } else {
      out += written[i];
    }
  }
  return out;
}

std::string regex_fault(const std::string& regex) {
  // Compiling is most of the work and can fail only where a program grows beyond its pattern, which takes a counted
  // repetition or a long pattern; a set parses what is added to it and no more.
  if (regex.size() <= kSurelySmall && regex.find('{') == std::string::npos) {
    RE2::Set set(quiet_options(), RE2::UNANCHORED);
    std::string fault;
    return set.Add(regex, &fault) < 0 ? fault : std::string{};
  }
  const RE2 compiled(regex, quiet_options());
  return compiled.ok() ? std::string{} : compiled.error();
}

std::vector<std::string> named_groups(const std::string& regex) {
  const RE2 compiled(regex, quiet_options());
  std::vector<std::string> names;
  if (!compiled.ok()) return names;
  for (const auto& [name, index] : compiled.NamedCapturingGroups()) names.push_back(name);
  return names;
}

}  // namespace smtpspec::scenario
