#include "harness/engine/text_match.h"

#include <vector>

#include <re2/re2.h>

namespace smtpspec::engine {

std::optional<TextMatch> find_match(const std::string& regex, std::string_view text) {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // octets, not characters
  options.set_log_errors(false);
  const RE2 pattern(regex, options);
  if (!pattern.ok()) return std::nullopt;
  const auto groups = static_cast<std::size_t>(pattern.NumberOfCapturingGroups());
  std::vector<re2::StringPiece> found(groups + 1);
  const re2::StringPiece subject(text.data(), text.size());
  if (!pattern.Match(subject, 0, text.size(), RE2::UNANCHORED, found.data(), static_cast<int>(found.size())))
    return std::nullopt;
  TextMatch match;
  const auto& first = found[groups > 0 ? 1 : 0];
  match.first_group.assign(first.data() ? first.data() : "", first.size());
  for (const auto& [name, number] : pattern.NamedCapturingGroups()) {
    const auto& group = found[static_cast<std::size_t>(number)];
    match.named[name] = std::string(group.data() ? group.data() : "", group.size());
  }
  return match;
}

}  // namespace smtpspec::engine
