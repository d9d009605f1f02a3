#include "harness/base/base64.h"

#include <algorithm>
#include <cstdint>

namespace smtpspec::base {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kMostPadding = 2;

}  // namespace

std::string base64(std::string_view octets) {
  std::string out;
  out.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < octets.size() ? static_cast<std::uint8_t>(octets[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += i + j <= octets.size() ? kAlphabet[group >> (18 - 6 * j) & 0x3f] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
  if (padding > kMostPadding) return std::nullopt;
  std::string octets;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : text.substr(0, text.size() - padding)) {
    const std::size_t value = kAlphabet.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count & 0xff);
  }
  return octets;
}

}  // namespace smtpspec::base
