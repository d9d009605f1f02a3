#include "harness/base/octets.h"

#include <algorithm>
#include <cstdint>

namespace smtpspec::base {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Printable ASCII and the blank. Not by comparing a char: whether that has a sign is the machine's choice.
bool is_visible(char c) {
  const auto value = static_cast<std::uint8_t>(c);
  return value >= 0x20 && value < 0x7f;
}

void append_escaped(std::string& out, char c, bool quoted) {
  switch (c) {
    case '\r':
      out += "\\r";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\0':
      out += "\\0";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '"':
      if (quoted) out += '\\';
      out += '"';
      return;
    default:
      break;
  }
  if (is_visible(c)) {
    out += c;
    return;
  }
  const auto value = static_cast<std::uint8_t>(c);
  out += "\\x";
  out += kHexDigits[value >> 4];
  out += kHexDigits[value & 0x0f];
}

// How many at the front stand for themselves, quoted or not.
std::size_t plain_octets(std::string_view octets) {
  const auto special =
      std::find_if(octets.begin(), octets.end(), [](char c) { return !is_visible(c) || c == '\\' || c == '"'; });
  return static_cast<std::size_t>(special - octets.begin());
}

std::string escaped(std::string_view octets, bool quoted) {
  std::string out;
  out.reserve(octets.size() + octets.size() / 8);
  while (!octets.empty()) {
    const std::size_t plain = plain_octets(octets);
    out += octets.substr(0, plain);
    octets.remove_prefix(plain);
    if (octets.empty()) break;
    append_escaped(out, octets.front(), quoted);
    octets.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::string escape(std::string_view octets) { return escaped(octets, false); }
std::string escape_quoted(std::string_view octets) { return escaped(octets, true); }

Result<std::string, EscapeError> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      const std::size_t plain = std::min(text.find('\\', i), text.size()) - i;
      out += text.substr(i, plain);
      i += plain - 1;
      continue;
    }
    const std::size_t start = i++;
    if (i == text.size()) return make_unexpected(EscapeError{start, "a backslash ends the text"});
    switch (text[i]) {
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '0':
        out += '\0';
        break;
      case '\\':
        out += '\\';
        break;
      case '"':
        out += '"';
        break;
      case 'x': {
        const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) return make_unexpected(EscapeError{start, "\\x needs two hexadecimal digits"});
        out += static_cast<char>(high * 16 + low);
        i += 2;
        break;
      }
      default:
        return make_unexpected(EscapeError{start, "unknown escape; known are \\r \\n \\t \\0 \\\\ \\\" \\xHH"});
    }
  }
  return out;
}

std::string to_upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return to_upper(c); });
  return out;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace smtpspec::base
