#include "harness/server/xtext.h"

#include "harness/base/octets.h"

namespace smtpspec::server {
namespace {

bool is_hex(char c) { return base::is_digit(c) || (c >= 'A' && c <= 'F'); }
int value_of(char c) { return base::is_digit(c) ? c - '0' : c - 'A' + 10; }

bool is_encoded_at(std::string_view text, std::size_t i) {
  return text[i] == '+' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
}

}  // namespace

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
