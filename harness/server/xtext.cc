#include "harness/server/xtext.h"

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

bool is_hex(char c) { return base::is_digit(c) || (c >= 'A' && c <= 'F'); }
int value_of(char c) { return base::is_digit(c) ? c - '0' : c - 'A' + 10; }

bool is_encoded_at(std::string_view text, std::size_t i) {
  return text[i] == '+' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
}

// How long the "\x{...}" is that begins at `i`; 0: it is none, or stands for no letter.
std::size_t escape_length(std::string_view text, std::size_t i) {
  constexpr std::size_t kMaxDigits = 6;
  if (text.substr(i, 3) != "\\x{") return 0;
  const std::size_t end = text.find('}', i);
  const std::size_t begin = i + 3;
  if (end == std::string_view::npos || end == begin || end - begin > kMaxDigits) return 0;
  unsigned point = 0;
  for (const char digit : base::to_upper(text.substr(begin, end - begin))) {
    if (!is_hex(digit)) return 0;
    point = point * 16 + static_cast<unsigned>(value_of(digit));
  }
  const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
  return is_surrogate || point > 0x10FFFF ? 0 : end + 1 - i;
}

}  // namespace

bool is_utf8_address(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet == '\\') {
      const std::size_t length = escape_length(text, i);
      if (length == 0) return false;
      i += length - 1;
    } else if (octet < '!' || octet == 0x7F || octet == '+' || octet == '=') {
      return false;
    }
  }
  return !text.empty();
}

bool is_xtext(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '!' || text[i] > '~' || text[i] == '=') return false;
    if (text[i] != '+') continue;
    if (!is_encoded_at(text, i)) return false;
    i += 2;
  }
  return true;
}

std::string decode_xtext(std::string_view xtext) {
  std::string decoded;
  for (std::size_t i = 0; i < xtext.size(); ++i) {
    if (!is_encoded_at(xtext, i)) {
      decoded += xtext[i];
      continue;
    }
    decoded += static_cast<char>(value_of(xtext[i + 1]) * 16 + value_of(xtext[i + 2]));
    i += 2;
  }
  return decoded;
}

}  // namespace smtpspec::server
