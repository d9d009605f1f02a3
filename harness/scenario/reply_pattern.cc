#include "harness/scenario/reply_pattern.h"

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

}  // namespace

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
    static const std::vector<std::string> kWords{"any", "closed", "silent", "not"};
    cursor.error("expected a reply code such as 250, 2xx or 250|251, 'not' and a code, 'any', 'closed' or 'silent'",
                 did_you_mean(word, kWords));
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
  }
  return pattern;
}

}  // namespace smtpspec::scenario
