#include "harness/server/base64.h"

#include <array>
#include <cstdint>

namespace smtpspec::server {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNoDigit = 64;

// By octet, the value of the digit.
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

std::uint32_t octet_at(std::string_view octets, std::size_t i) {
  return i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0U;
}

}  // namespace

std::string to_base64(std::string_view octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::uint32_t quantum = octet_at(octets, i) << 16U | octet_at(octets, i + 1) << 8U | octet_at(octets, i + 2);
    text += kAlphabet[quantum >> 18U & 63U];
    text += kAlphabet[quantum >> 12U & 63U];
    text += i + 1 < octets.size() ? kAlphabet[quantum >> 6U & 63U] : '=';
    text += i + 2 < octets.size() ? kAlphabet[quantum & 63U] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::string_view digits = text.substr(0, text.size() - padding);
  std::string octets;
  octets.reserve(digits.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (char c : digits) {
    const std::uint32_t value = kValues[static_cast<unsigned char>(c)];
    if (value == kNoDigit) return std::nullopt;
    bits = (bits << 6U | value) & 0xFFFFU;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    octets += static_cast<char>(bits >> bit_count & 0xFFU);
  }
  return octets;
}

}  // namespace smtpspec::server
