#include "harness/scenario/send_line.h"

#include <string>
#include <utility>
#include <vector>

#include "harness/base/octets.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxSplitOctets = 1 << 20;

const std::vector<std::string>& trailing_words() {
  static const std::vector<std::string> kWords{"malformed", "split", "gap"};
  return kWords;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The first offset behind a gap at or after `from`; npos if there is none.
std::size_t behind_next_gap(std::string_view raw, std::size_t from) {
  for (std::size_t i = from; i < raw.size(); ++i) {
    if (!is_blank(raw[i])) continue;
    const std::size_t start = i;
    bool has_tab = false;
    for (; i < raw.size() && is_blank(raw[i]); ++i) has_tab = has_tab || raw[i] == '\t';
    if (i < raw.size() && (has_tab || i - start > 1)) return i;
  }
  return std::string_view::npos;
}

// One of the words, misspelt or with a wrong operand, as the last thing on the line.
bool looks_like_trailer(std::string_view rest) {
  const auto first = rest.substr(0, rest.find_first_of(" \t"));
  const auto operand = base::trimmed(rest.substr(first.size()));
  if (operand.find_first_of(" \t") != std::string_view::npos) return false;
  const bool is_number = !operand.empty() && base::is_digit(operand[0]);
  if (first == "split" || first == "gap") return is_number || operand.empty();
  const auto guess = did_you_mean(first, trailing_words());
  return guess.find("'malformed'") != std::string::npos ? operand.empty() : !guess.empty() && is_number;
}

}  // namespace

bool read_pacing(Cursor& cursor, Pacing& pacing, bool* is_malformed) {
  constexpr int kMaxWords = 8;  // each of them twice is more than anyone means
  for (int words = 0; !cursor.at_end(); ++words) {
    if (words == kMaxWords) {
      cursor.error("nothing more is expected on this line");
      return false;
    }
    if (is_malformed != nullptr && cursor.take("malformed")) {
      *is_malformed = true;
    } else if (cursor.take("split")) {
      const auto octets = cursor.read_number(1, kMaxSplitOctets);
      if (!octets) return false;
      pacing.split_octets = *octets;
    } else if (cursor.take("gap")) {
      const auto gap = cursor.read_duration();
      if (!gap) return false;
      pacing.gap = *gap;
    } else {
      cursor.error(is_malformed != nullptr ? "expected 'malformed', 'split N' or 'gap 20ms'"
                                           : "expected 'split N' or 'gap 20ms'",
                   did_you_mean(cursor.peek_word(), trailing_words()));
      return false;
    }
  }
  return true;
}

Send read_line(const Line& line, const Mark& mark, LineText text, Braces braces, Complaints& complaints) {
  Send send;
  std::string_view octets = line.raw.substr(mark.text);
  if (text == LineText::command) {
    std::vector<base::Diagnostic> unheeded;
    for (std::size_t at = behind_next_gap(line.raw, mark.text); at != std::string_view::npos;
         at = behind_next_gap(line.raw, at)) {
      Complaints silent("", unheeded);
      Cursor cursor(line, at, silent);
      Send tried;
      if (read_pacing(cursor, tried.pacing, &tried.is_malformed)) {
        send = tried;
        octets = line.raw.substr(mark.text, at - mark.text);
        break;
      }
      if (braces == Braces::strict && looks_like_trailer(line.raw.substr(at))) {
        Cursor aloud(line, at, complaints);
        read_pacing(aloud, tried.pacing, &tried.is_malformed);
        break;
      }
    }
    const auto last = octets.find_last_not_of(" \t");
    octets = octets.substr(0, last == std::string_view::npos ? 0 : last + 1);
  }
  send.payload = read_text(octets, line, mark.text, braces, complaints);
  return send;
}

std::optional<Send> read_octets(const Node& node, const Mark& mark, const FileReader& files, Complaints& complaints) {
  Send send;
  send.adds_crlf = false;
  const auto read_more = [&](const Line& line, std::size_t offset) {
    Cursor cursor(line, offset, complaints);
    auto pieces = read_pieces(cursor, files);
    if (!pieces) return false;
    append(send.payload, *pieces);
    if (size_of(send.payload) > kMaxPayloadOctets || send.payload.size() > kMaxPieces) {
      cursor.error_at(offset, 1, "these octets are more than 64 MiB or too many pieces");
      return false;
    }
    return read_pacing(cursor, send.pacing, &send.is_malformed);
  };
  Cursor cursor(node.line, mark.text, complaints);
  const auto begins = [&](std::string_view text) { return !cursor.at_end() && cursor.rest().starts_with(text); };
  if (!begins("\"") && !begins("file(") && !begins("b64(") && node.children.empty()) {
    cursor.error("expected octets, as in C| \"NOOP\\r\\n\" \"x\"*998 file(\"p\") b64(\"...\")");
    return std::nullopt;
  }
  if (!read_more(node.line, mark.text)) return std::nullopt;
  for (const Node& child : node.children) {
    if (!read_more(child.line, child.line.indent)) return std::nullopt;
    if (!child.children.empty()) {
      const Line& deeper = child.children[0].line;
      complaints.error(deeper, deeper.indent, 1, "this indentation matches no open block");
    }
  }
  if (send.payload.empty()) {
    cursor.move_to(mark.text);
    cursor.error("expected octets, as in C| \"NOOP\\r\\n\" \"x\"*998 file(\"p\") b64(\"...\")");
    return std::nullopt;
  }
  return send;
}

std::optional<Message> read_message(const Node& node, const Mark& mark, Complaints& complaints) {
  Message message;
  message.is_raw = mark.kind == Mark::Kind::raw_message;
  Cursor cursor(node.line, mark.text, complaints);
  if (!read_pacing(cursor, message.pacing, nullptr)) return std::nullopt;
  if (node.verbatim.empty()) {
    complaints.error(node.line, node.line.indent, 2, "expected the message's text below, indented");
    return std::nullopt;
  }
  std::string_view margin;
  for (const Line& line : node.verbatim) {
    if (!line.is_blank()) {
      margin = line.raw.substr(0, line.indent);
      break;
    }
  }
  bool is_good = true;
  for (const Line& line : node.verbatim) {
    if (!line.raw.starts_with(margin)) {
      if (!line.is_blank()) {
        complaints.error(line, line.indent, 1, "this line of the text is indented less than its first line");
        is_good = false;
      }
      message.lines.emplace_back();
      continue;
    }
    message.lines.push_back(read_text(line.raw.substr(margin.size()), line, margin.size(), Braces::strict, complaints));
  }
  if (!is_good) return std::nullopt;
  return message;
}

}  // namespace smtpspec::scenario
