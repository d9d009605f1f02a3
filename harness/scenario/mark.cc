#include "harness/scenario/mark.h"

#include <algorithm>
#include <string_view>

#include "harness/base/octets.h"

namespace smtpspec::scenario {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct Arrow {
  std::string_view text;
  Mark::Kind kind;
};
constexpr Arrow kArrows[] = {
    {"->", Mark::Kind::line},  {"~>", Mark::Kind::line},   {">>>", Mark::Kind::line},  {"<-", Mark::Kind::reply},
    {"<~", Mark::Kind::reply}, {"<**", Mark::Kind::reply}, {"<<<", Mark::Kind::reply},
};

std::optional<Mark> read_arrow(const Line& line) {
  for (const Arrow& arrow : kArrows) {
    if (!line.text().starts_with(arrow.text)) continue;
    Mark mark{arrow.kind, 1, line.indent + arrow.text.size(), true};
    // swaks marks an unexpected reply under TLS `<~*`.
    if (arrow.kind == Mark::Kind::reply && line.raw.substr(mark.text, 1) == "*") ++mark.text;
    if (mark.text < line.raw.size() && !is_blank(line.raw[mark.text])) return std::nullopt;
    if (mark.text < line.raw.size()) ++mark.text;
    return mark;
  }
  return std::nullopt;
}

// At line.raw[at]: `C:`, `S2:`, …
std::optional<Mark> read_letter(const Line& line, std::size_t at) {
  const auto raw = line.raw;
  if (at >= raw.size() || (raw[at] != 'C' && raw[at] != 'S')) return std::nullopt;
  const bool is_client = raw[at] == 'C';
  Mark mark;
  std::size_t i = at + 1;
  if (i < raw.size() && raw[i] >= '1' && raw[i] <= '9') mark.connection = raw[i++] - '0';
  if (i == raw.size()) return std::nullopt;
  const char sign = raw[i++];
  if (sign == ':') {
    mark.kind = is_client ? Mark::Kind::line : Mark::Kind::reply;
  } else if (sign == '|' && is_client) {
    mark.kind = Mark::Kind::octets;
  } else if (sign == '.' && is_client) {
    const bool is_raw = raw.substr(i, 3) == "raw";
    mark.kind = is_raw ? Mark::Kind::raw_message : Mark::Kind::message;
    i += is_raw ? 3 : 0;
    if (i < raw.size() && !is_blank(raw[i])) return std::nullopt;
  } else {
    return std::nullopt;
  }
  if (i < raw.size() && is_blank(raw[i])) ++i;
  mark.text = i;
  return mark;
}

}  // namespace

std::optional<Mark> read_mark(const Line& line, bool is_transcript) {
  if (auto mark = read_letter(line, line.indent)) return mark;
  if (!is_transcript) return std::nullopt;
  if (auto mark = read_arrow(line)) return mark;
  // `2008-04-01T10:00:00.123Z C: EHLO`, `[10:00:00] S: 250`
  constexpr std::string_view kTimeCharacters = "0123456789-:.,+TZ[]() \t";
  const auto at = line.raw.find_first_not_of(kTimeCharacters, line.indent);
  if (at == std::string_view::npos || at == line.indent || !is_blank(line.raw[at - 1])) return std::nullopt;
  return read_letter(line, at);
}

bool is_log_tls_start(const Line& line) { return line.text().starts_with("=== TLS started"); }

bool is_log_remark(const Line& line) {
  const auto text = line.text();
  return (text.starts_with("=== ") || text.starts_with("*** ")) && !is_log_tls_start(line);
}

}  // namespace smtpspec::scenario
