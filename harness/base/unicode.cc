#include "harness/base/unicode.h"

#include <algorithm>
#include <iterator>

namespace smtpspec::base {
namespace {

std::uint32_t octet(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Marks that stand above or below the character before them.
constexpr Range kCombining[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x64b, 0x65f},  {0x1ab0, 0x1aff},
                                {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
// East Asian characters and pictures.
constexpr Range kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
                           {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                           {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

template <class Ranges>
bool is_within(const Ranges& ranges, std::uint32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges), [c](const Range& r) { return c >= r.first && c <= r.last; });
}

}  // namespace

std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t length) {
  static constexpr std::uint32_t kLeadBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t value = octet(text, at) & kLeadBits[length];
  for (std::size_t i = 1; i < length; ++i) value = value << 6 | (octet(text, at + i) & 0x3f);
  return value;
}

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const std::uint32_t lead = octet(text, at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || text.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((octet(text, at + i) & 0xc0) != 0x80) return 0;
  const std::uint32_t value = code_point(text, at, length);
  if (length == 3 && (value < 0x800 || (value >= 0xd800 && value <= 0xdfff))) return 0;
  if (length == 4 && (value < 0x10000 || value > 0x10ffff)) return 0;
  return length;
}

bool is_hidden(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe || (c >= 0xe0000 && c <= 0xe0fff);
}

std::size_t columns_of(std::uint32_t c) {
  if (c < 0x300) return 1;
  if (is_within(kCombining, c)) return 0;
  return is_within(kWide, c) ? 2 : 1;
}

std::size_t find_bad_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

void append_hex(std::string& out, std::string_view octets) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : octets) {
    const auto value = static_cast<std::uint8_t>(c);
    out += "\\x";
    out += kHex[value >> 4];
    out += kHex[value & 0x0f];
  }
}

}  // namespace smtpspec::base
