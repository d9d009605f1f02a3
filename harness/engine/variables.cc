#include "harness/engine/variables.h"

#include <algorithm>
#include <charconv>

#include "harness/base/base64.h"

namespace smtpspec::engine {
namespace {

std::optional<std::size_t> parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::string> Variables::find(std::string_view name) const {
  constexpr std::string_view kRecipients = "recipients[";
  if (name.starts_with(kRecipients) && name.ends_with(']')) {
    const std::string_view index = name.substr(kRecipients.size(), name.size() - kRecipients.size() - 1);
    auto number = parse_number(index);
    if (!number) {
      const auto counter = values_.find(index);
      if (counter != values_.end()) number = parse_number(counter->second);
    }
    if (!number || *number == 0 || *number > recipients_.size()) return std::nullopt;
    return recipients_[*number - 1];
  }
  const auto it = values_.find(name);
  if (it == values_.end()) return std::nullopt;
  return it->second;
}

std::string Variables::expand(const scenario::Template& pieces, std::string* unknown) const {
  std::string out;
  for (const auto& piece : pieces) {
    std::string part;
    switch (piece.kind) {
      case scenario::Piece::Kind::octets:
        part = piece.text;
        break;
      case scenario::Piece::Kind::variable: {
        auto value = find(piece.text);
        if (!value && unknown && unknown->empty()) *unknown = piece.text;
        part = value.value_or("");
        break;
      }
      case scenario::Piece::Kind::base64:
        part = base::base64(expand(piece.inner, unknown));
        break;
    }
    out.reserve(out.size() + part.size() * piece.times);
    for (std::size_t i = 0; i < piece.times; ++i) out += part;
  }
  return out;
}

bool is_secret(const scenario::Template& pieces) {
  return std::any_of(pieces.begin(), pieces.end(), [](const scenario::Piece& piece) {
    return (piece.kind == scenario::Piece::Kind::variable && (piece.text == "password" || piece.text == "proof")) ||
           is_secret(piece.inner);
  });
}

}  // namespace smtpspec::engine
