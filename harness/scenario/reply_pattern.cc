#include "harness/scenario/reply_pattern.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/octets.h"

namespace smtpspec::scenario {
namespace {

std::optional<CodePattern> parse_code(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  CodePattern code;
  for (std::size_t i = 0; i < 3; ++i) {
    const char c = text[i] == 'X' ? 'x' : text[i];
    if (c != 'x' && !base::is_digit(c)) return std::nullopt;
    code.digits[i] = c;
  }
  return code;
}

// Letters that look like a digit, and what other notations write for "any digit".
char meant_by(char c) {
  switch (c) {
    case 'O':
    case 'o':
      return '0';
    case 'l':
    case 'I':
    case 'i':
      return '1';
    case 'Z':
    case 'z':
      return '2';
    case 'S':
    case 's':
      return '5';
    case 'B':
      return '8';
    case '*':
    case '?':
    case '.':
    case '_':
    case 'n':
    case 'N':
    case 'y':
    case 'Y':
      return 'x';
    default:
      return c;
  }
}

// "2yz" is RFC 5321's way to write any code of a class; there, z is no 2.
std::string meant_code(std::string_view word) {
  std::string code;
  const bool ends_in_z = word.size() == 3 && word[2] == 'z';
  for (const char c : word) code += ends_in_z && c == 'z' ? 'x' : meant_by(c);
  return code;
}

// What one alternative that is no pattern was meant to be, or "".
std::string meant_alternative(std::string_view word) {
  static const std::vector<std::string> kWords{"any", "closed", "silent", "not"};
  constexpr std::size_t kLongest = 16;
  if (word.empty() || word.size() > kLongest) return {};
  if (word[0] == '!' && parse_code(word.substr(1))) return "not " + std::string(word.substr(1));
  if (base::is_digit(word[0])) {
    const std::string code = meant_code(word);
    if (parse_code(code)) return code;
    if (code.size() < 3 && parse_code(code + std::string(3 - code.size(), 'x')))
      return code + std::string(3 - code.size(), 'x');
    // `250/251`, `250,251`
    if (word.size() == 7 && !base::is_alnum(word[3]) && parse_code(word.substr(0, 3)) && parse_code(word.substr(4)))
      return std::string(word.substr(0, 3)) + "|" + std::string(word.substr(4));
    return parse_code(word.substr(0, 3)) ? std::string(word.substr(0, 3)) : std::string{};
  }
  const bool has_digit = std::any_of(word.begin(), word.end(), base::is_digit);
  if (const std::string code = meant_code(word); has_digit && parse_code(code)) return code;
  const std::string near = base::nearest_spelling(word, kWords);
  return near == word ? std::string{} : near;
}

}  // namespace

std::string suggest_pattern(std::string_view word) {
  std::string meant;
  bool is_other = false;
  for (std::size_t start = 0; start <= word.size();) {
    const auto end = std::min(word.find('|', start), word.size());
    const auto one = word.substr(start, end - start);
    start = end + 1;
    std::string alternative(one);
    if (!parse_pattern_word(one)) {
      alternative = meant_alternative(one);
      is_other = true;
      // A bar too many.
      if (one.empty()) continue;
      if (alternative.empty()) return {};
    }
    meant += (meant.empty() ? "" : "|") + alternative;
  }
  return is_other && !meant.empty() && meant != word ? "did you mean '" + meant + "'?" : std::string{};
}

bool looks_like_code(std::string_view word) {
  return word.size() == 3 && base::is_digit(word[0]) && !parse_code(word) && parse_code(meant_code(word));
}

std::optional<ReplyPattern> parse_pattern_word(std::string_view word) {
  constexpr std::size_t kMaxAlternatives = 64;
  ReplyPattern pattern;
  pattern.text = std::string(word);
  while (true) {
    const auto bar = word.find('|');
    const auto one = word.substr(0, bar);
    if (one == "any") pattern.any = true;
    else if (one == "closed") pattern.closed = true;
    else if (const auto code = parse_code(one)) pattern.codes.push_back(*code);
    else return std::nullopt;
    if (pattern.codes.size() > kMaxAlternatives) return std::nullopt;
    if (bar == std::string_view::npos) return pattern;
    word.remove_prefix(bar + 1);
  }
}

std::optional<ReplyPattern> read_pattern(Cursor& cursor) {
  const bool negated = cursor.take("not");
  const auto word = cursor.peek_word();
  auto pattern = parse_pattern_word(word);
  if (!pattern) {
    auto suggestion = suggest_pattern(word);
    if (suggestion.empty() && std::count(word.begin(), word.end(), '.') == 2 && !word.empty() &&
        base::is_digit(word[0]))
      suggestion = "an enhanced status code stands behind a reply code, as in: " + std::string(word.substr(0, 1)) +
                   "xx " + std::string(word);
    cursor.error("expected a reply code such as 250, 2xx or 250|251, 'not' and a code, 'any', 'closed' or 'silent'",
                 std::move(suggestion));
    return std::nullopt;
  }
  if (negated && (pattern->any || pattern->closed)) {
    cursor.error("'not' takes reply codes only");
    return std::nullopt;
  }
  cursor.take_word();
  if (negated) {
    pattern->negated = true;
    pattern->text = "not " + pattern->text;
  }
  if (pattern->closed && cursor.take("cleanly")) {
    pattern->clean = true;
    pattern->text += " cleanly";
  } else if (pattern->closed && cursor.take("notified")) {
    pattern->notified = true;
    pattern->text += " notified";
  }
  return pattern;
}

}  // namespace smtpspec::scenario
