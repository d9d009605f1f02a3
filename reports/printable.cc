#include "reports/printable.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "harness/base/octets.h"
#include "harness/base/unicode.h"

namespace smtpspec::reports {
namespace {

using base::append_hex;
using base::code_point;
using base::is_hidden;
using base::utf8_length;

// GitHub's runner takes "::name" for a command where a line begins with it, and "##[name]" anywhere; Azure "##vso[".
bool begins_command(std::string_view text, bool at_line_start) {
  return (at_line_start && text.starts_with("::")) || text.starts_with("##[") || text.starts_with("##vso[");
}

std::string visible(std::string_view text, bool keep_newline) {
  std::string out;
  out.reserve(text.size());
  bool at_line_start = true;
  for (std::size_t i = 0; i < text.size();) {
    if (begins_command(text.substr(i), at_line_start)) {
      append_hex(out, text.substr(i++, 1));
      at_line_start = false;
      continue;
    }
    at_line_start = text[i] == '\n' || (at_line_start && text[i] == ' ');
    if (keep_newline && text[i] == '\n') {
      out += text[i++];
      continue;
    }
    if (keep_newline && text.substr(i, 2) == "\r\n") {
      ++i;
      continue;
    }
    const std::size_t length = utf8_length(text, i);
    const std::string_view piece = text.substr(i, std::max<std::size_t>(1, length));
    if (length > 0 && !is_hidden(code_point(text, i, length))) out += piece;
    else if (length == 1) out += base::escape(piece);
    else append_hex(out, piece);
    i += piece.size();
  }
  return out;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) != 0x80; }));
}

bool is_plain_in_shell(char c) {
  return base::is_alnum(c) || std::string_view("_./:@%+,-").find(c) != std::string_view::npos;
}

bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7f; }

}  // namespace

std::string printable(std::string_view text) { return visible(text, false); }
std::string printable_lines(std::string_view text) { return visible(text, true); }

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string clean = printable_lines(text);
  std::string out;
  std::size_t column = indent;
  bool is_first = true;
  for (std::size_t i = 0; i < clean.size();) {
    const std::size_t start = clean.find_first_not_of(" \n", i);
    if (start == std::string::npos) break;
    const std::size_t end = std::min(clean.find_first_of(" \n", start), clean.size());
    const std::string_view word = std::string_view(clean).substr(start, end - start);
    if (!is_first && column + 1 + columns(word) > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
      if (word.starts_with("::")) out += '\\';
    } else if (!is_first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns(word);
    is_first = false;
    i = end;
  }
  out += '\n';
  return out;
}

std::string shell_quoted(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain_in_shell)) return std::string(word);
  const bool needs_escapes = printable(word) != word;
  std::string out = needs_escapes ? "$'" : "'";
  for (const char c : word) {
    if (!needs_escapes) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    else if (c == '\'' || c == '\\') (out += '\\') += c;
    else if (is_printable_ascii(c)) out += c;
    else append_hex(out, std::string_view(&c, 1));
  }
  return out += '\'';
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    const std::string_view piece = text.substr(i, std::max<std::size_t>(1, length));
    if (piece == "\"" || piece == "\\") (out += '\\') += piece;
    else if (length == 0) out += '\\' + base::escape(piece);  // no TOML string can hold it
    else if (is_hidden(code_point(text, i, length))) out += fmt::format("\\U{:08x}", code_point(text, i, length));
    else out += piece;
    i += piece.size();
  }
  return out += '"';
}

}  // namespace smtpspec::reports
