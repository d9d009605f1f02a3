#include "harness/scenario/payload.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/scenario/named_address.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxBase64Depth = 4;
constexpr std::size_t kMaxTimes = 100'000'000;

// "sender", "recipients[2]", "recipients[i]"
bool is_variable(std::string_view text) {
  const auto open = text.find('[');
  if (open == std::string_view::npos) return is_name(text);
  if (text.back() != ']' || !is_name(text.substr(0, open))) return false;
  const auto index = text.substr(open + 1, text.size() - open - 2);
  return is_name(index) ||
         (!index.empty() && index.size() <= 6 && std::all_of(index.begin(), index.end(), base::is_digit));
}

void add_octets(Template& out, std::string_view octets) {
  if (octets.empty()) return;
  if (!out.empty() && out.back().kind == Piece::Kind::octets && out.back().times == 1) out.back().text += octets;
  else out.push_back(Piece{Piece::Kind::octets, std::string(octets), {}, 1});
}

// At text[i] == '{': the variable's name, and i behind its closing brace.
std::optional<std::string> take_variable(std::string_view text, std::size_t& i) {
  const auto close = text.find('}', i);
  if (close == std::string_view::npos) return std::nullopt;
  const auto name = text.substr(i + 1, close - i - 1);
  if (!is_variable(name)) return std::nullopt;
  i = close + 1;
  return std::string(name);
}

constexpr char kBraceHelp[] = "a '{' begins the name of a variable, as in {recipient}; write '{{' for the brace itself";

class PieceReader {
 public:
  PieceReader(Cursor& cursor, const FileReader& files, Braces braces)
      : cursor_(cursor), files_(files), braces_(braces) {}

  std::optional<Template> read(std::size_t depth) {
    Template out;
    while (true) {
      std::optional<Template> one;
      const char c = cursor_.next();
      if (c == '"') one = read_quoted(cursor_, braces_);
      else if (starts("file(")) one = read_file();
      else if (starts("b64(")) one = read_base64(depth);
      else return out;
      if (!one) return std::nullopt;
      const auto times = read_times();
      if (!times) return std::nullopt;
      if (one->size() * *times > kMaxPieces && one->size() > 1) {
        cursor_.error("this repetition has more than " + std::to_string(kMaxPieces) + " pieces");
        return std::nullopt;
      }
      append(out, *one, *times);
      if (size_of(out) > kMaxPayloadOctets || out.size() > kMaxPieces) {
        cursor_.error_at(cursor_.offset() - 1, 1, "these octets are more than 64 MiB or too many pieces");
        return std::nullopt;
      }
    }
  }

 private:
  bool starts(std::string_view word) { return cursor_.rest().substr(0, word.size()) == word; }

  std::optional<std::size_t> read_times() {
    if (cursor_.rest().substr(0, 1) != "*") return 1;
    std::size_t i = 1;
    std::size_t value = 0;
    const auto rest = cursor_.rest();
    while (i < rest.size() && base::is_digit(rest[i]) && value <= kMaxTimes)
      value = value * 10 + static_cast<std::size_t>(rest[i++] - '0');
    if (i == 1 || value == 0 || value > kMaxTimes) {
      cursor_.error_at(cursor_.offset(), std::max<std::size_t>(i, 1),
                       "expected a number of repetitions, as in \"x\"*998");
      return std::nullopt;
    }
    cursor_.move_to(cursor_.offset() + i);
    return value;
  }

  bool close_bracket() {
    if (cursor_.next() != ')') {
      cursor_.error("expected ')'");
      return false;
    }
    cursor_.move_to(cursor_.offset() + 1);
    return true;
  }

  std::optional<Template> read_file() {
    cursor_.move_to(cursor_.offset() + 5);
    cursor_.next();
    const std::size_t start = cursor_.offset();
    const auto path = read_quoted(cursor_);
    if (!path) return std::nullopt;
    const std::size_t length = cursor_.offset() - start;
    const auto name = fixed_octets(*path);
    if (!name || name->empty() || name->front() == '/' || name->find('\\') != std::string::npos ||
        name->find('\0') != std::string::npos || name->find("..") != std::string::npos) {
      cursor_.error_at(start, length, "expected the path of a file in or below this scenario's folder");
      return std::nullopt;
    }
    if (!close_bracket()) return std::nullopt;
    auto octets = files_(*name);
    if (!octets) {
      cursor_.error_at(start, length, "cannot read this file: " + octets.error());
      return std::nullopt;
    }
    return octets_template(std::move(*octets));
  }

  std::optional<Template> read_base64(std::size_t depth) {
    if (depth == kMaxBase64Depth) {
      cursor_.error("b64() is nested too deep");
      return std::nullopt;
    }
    cursor_.move_to(cursor_.offset() + 4);
    auto inner = read(depth + 1);
    if (!inner || !close_bracket()) return std::nullopt;
    return Template{Piece{Piece::Kind::base64, "", std::move(*inner), 1}};
  }

  Cursor& cursor_;
  const FileReader& files_;
  Braces braces_;
};

}  // namespace

const std::vector<std::string>& built_in_variables() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names{"sender", "sender_domain", "recipient", "recipients", "domain", "DOMAIN",
                                   "ehlo",   "client",        "host",      "token",      "user",   "password"};
    for (const auto& address : kNamedAddresses) names.emplace_back(address.variable);
    return names;
  }();
  return kNames;
}

bool is_built_in_variable(std::string_view name) {
  const auto base_name = name.substr(0, name.find('['));
  const bool is_indexed = base_name.size() != name.size();
  const auto& names = built_in_variables();
  return std::find(names.begin(), names.end(), base_name) != names.end() && is_indexed == (base_name == "recipients");
}

Template read_text(std::string_view text, const Line& line, std::size_t offset, Braces braces, Complaints& complaints) {
  Template out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] != '{') {
      const auto brace = text.find('{', i);
      add_octets(out, text.substr(i, brace == std::string_view::npos ? brace : brace - i));
      i = brace == std::string_view::npos ? text.size() : brace;
      continue;
    }
    std::size_t end = i;
    const auto name = take_variable(text, end);
    if (braces == Braces::transcript) {
      if (name && is_built_in_variable(*name)) out.push_back(Piece{Piece::Kind::variable, *name, {}, 1});
      else add_octets(out, text.substr(i, 1));
      i = name && is_built_in_variable(*name) ? end : i + 1;
    } else if (text.substr(i, 2) == "{{") {
      add_octets(out, "{");
      i += 2;
    } else if (name) {
      out.push_back(Piece{Piece::Kind::variable, *name, {}, 1});
      i = end;
    } else {
      complaints.error(line, offset + i, 1, kBraceHelp);
      add_octets(out, text.substr(i++, 1));
    }
  }
  return out;
}

std::optional<Template> read_quoted(Cursor& cursor, Braces braces) {
  if (cursor.next() != '"') {
    cursor.error("expected a text between double quotes");
    return std::nullopt;
  }
  const std::size_t start = cursor.offset();
  const std::string_view raw = cursor.line().raw;
  const auto is_plain = [braces](char c) { return c != '"' && c != '\\' && (c != '{' || braces == Braces::literal); };
  Template out;
  std::size_t i = start + 1;
  while (i < raw.size() && raw[i] != '"') {
    if (raw[i] == '\\') {
      const std::size_t length = raw.substr(i + 1, 1) == "x" ? 4 : 2;
      const auto octet = base::unescape(raw.substr(i, length));
      if (!octet) {
        cursor.error_at(i, std::min(length, raw.size() - i), octet.error().message);
        return std::nullopt;
      }
      add_octets(out, *octet);
      i += length;
    } else if (is_plain(raw[i])) {
      const auto run = raw.substr(i);
      const auto length = std::find_if_not(run.begin(), run.end(), is_plain) - run.begin();
      add_octets(out, run.substr(0, static_cast<std::size_t>(length)));
      i += static_cast<std::size_t>(length);
    } else if (raw.substr(i, 2) == "{{") {
      add_octets(out, "{");
      i += 2;
    } else {
      const auto name = take_variable(raw, i);
      if (!name) {
        cursor.error_at(i, 1, kBraceHelp);
        return std::nullopt;
      }
      out.push_back(Piece{Piece::Kind::variable, *name, {}, 1});
    }
  }
  if (i >= raw.size()) {
    cursor.error_at(start, 1, "this text has no closing double quote");
    return std::nullopt;
  }
  cursor.move_to(i + 1);
  return out;
}

std::optional<Template> read_pieces(Cursor& cursor, const FileReader& files, Braces braces) {
  return PieceReader(cursor, files, braces).read(0);
}

Template octets_template(std::string text) {
  Template out;
  add_octets(out, text);
  return out;
}

void append(Template& to, const Template& pieces, std::size_t times) {
  if (pieces.size() == 1 && times > 1) {
    to.push_back(pieces[0]);
    to.back().times *= times;
    return;
  }
  for (std::size_t i = 0; i < times && !pieces.empty(); ++i) {
    for (const Piece& piece : pieces) {
      if (piece.kind == Piece::Kind::octets && piece.times == 1) add_octets(to, piece.text);
      else to.push_back(piece);
    }
  }
}

std::optional<std::string> fixed_octets(const Template& pieces) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (piece.kind != Piece::Kind::octets) return std::nullopt;
    for (std::size_t i = 0; i < piece.times; ++i) out += piece.text;
  }
  return out;
}

std::size_t size_of(const Template& pieces) {
  std::size_t size = 0;
  for (const Piece& piece : pieces) {
    const std::size_t one = piece.kind == Piece::Kind::octets   ? piece.text.size()
                            : piece.kind == Piece::Kind::base64 ? (size_of(piece.inner) + 2) / 3 * 4
                                                                : 0;
    // Saturates: pieces are bounded, so that a sum cannot wrap.
    size += one != 0 && piece.times > kMaxPayloadOctets * 2 / one ? kMaxPayloadOctets * 2 : one * piece.times;
  }
  return size;
}

}  // namespace smtpspec::scenario
