#include "harness/runner/token.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/octets.h"

namespace smtpspec::runner {
namespace {

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finaliser: neighbouring inputs give unrelated outputs
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

constexpr std::size_t kDigits = 16;

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string token_of(std::uint64_t seed, std::size_t index, int attempt) {
  const auto number = static_cast<std::uint64_t>(index) << 16 | static_cast<std::uint64_t>(attempt);
  return fmt::format("t{:016x}", mixed(seed ^ mixed(number)));
}

bool holds_other_token(std::string_view text, std::string_view token) {
  const std::string_view own = token.substr(std::min<std::size_t>(token.size(), 1));
  std::size_t digits = 0;  // in front of i, without a gap
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_hex_digit(text[i])) {
      ++digits;
      continue;
    }
    const std::size_t length = std::exchange(digits, 0);
    if (length != kDigits || i == length || (i < text.size() && base::is_alnum(text[i]))) continue;
    const std::size_t letter = i - length - 1;
    if (text[letter] != 't' && text[letter] != 'm') continue;
    if (letter > 0 && base::is_alnum(text[letter - 1])) continue;
    if (text.substr(letter + 1, length) != own) return true;
  }
  return false;
}

}  // namespace smtpspec::runner
