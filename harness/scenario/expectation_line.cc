#include "harness/scenario/expectation_line.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/octets.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/regex.h"
#include "harness/scenario/reply_pattern.h"

namespace smtpspec::scenario {
namespace {

const std::vector<std::string>& clause_words() {
  static const std::vector<std::string> kWords{"unless", "answer", "within",  "after",
                                               "as",     "base64", "exactly", "lacks"};
  return kWords;
}

// "2.1.0", "5.x.x"
bool is_enhanced(std::string_view word) {
  const auto is_number = [](std::string_view part) {
    return part == "x" || (!part.empty() && part.size() <= 3 && std::all_of(part.begin(), part.end(), base::is_digit));
  };
  const auto first = word.find('.');
  if (first == std::string_view::npos) return false;
  const auto second = word.find('.', first + 1);
  if (second == std::string_view::npos || first != 1) return false;
  return (base::is_digit(word[0]) || word[0] == 'x') && is_number(word.substr(2, second - 2)) &&
         is_number(word.substr(second + 1));
}

class ClauseReader {
 public:
  ClauseReader(Cursor& cursor, bool is_transcript, Expectation& out)
      : cursor_(cursor), is_transcript_(is_transcript), out_(out) {}

  // False after a complaint.
  bool read() {
    while (!at_end()) {
      if (is_transcript_) {
        if (!read_transcript_item()) cursor_.take_word();
        continue;
      }
      const bool gap = cursor_.behind_gap();
      if (gap) in_commentary_ = false;
      if (!read_item()) return false;
    }
    return true;
  }

 private:
  // Within commentary a '#' is a comment only where a gap says so; elsewhere it is stepped over.
  bool at_end() {
    while (cursor_.at_end()) {
      if (cursor_.rest().empty() || !(in_commentary_ || is_transcript_) || cursor_.behind_gap()) return true;
      cursor_.move_to(cursor_.offset() + 1);
    }
    return false;
  }

  bool begins_regex() {
    return cursor_.next() == '/' && regex_end(cursor_.line().raw, cursor_.offset()) != std::string_view::npos;
  }

  bool begins_id() {
    if (cursor_.next() != '[') return false;
    const auto rest = cursor_.rest();
    const auto close = rest.find(']');
    return close != std::string_view::npos && is_requirement_id(rest.substr(1, close - 1));
  }

  // Quoted texts and regexes count; what only looks like one is commentary.
  bool read_transcript_item() {
    std::vector<base::Diagnostic> unheeded;
    Complaints silent("", unheeded);
    Cursor trial(cursor_.line(), cursor_.offset(), silent);
    if (trial.next() == '"') {
      const auto text = read_quoted(trial);
      if (!text || text->empty()) return false;
      out_.texts.push_back({TextPattern::Kind::substring, *text, ""});
    } else if (begins_regex()) {
      const auto regex = trial.read_regex();
      if (!regex) return false;
      out_.texts.push_back({TextPattern::Kind::regex, {}, *regex});
    } else {
      return false;
    }
    cursor_.move_to(trial.offset());
    return true;
  }

  bool read_item() {
    const char c = cursor_.next();
    if (c == '"') return read_substring();
    if (begins_regex() || (c == '/' && !in_commentary_)) return read_text_regex();
    if (begins_id() || (c == '[' && !in_commentary_)) return read_own_binding();
    if (in_commentary_) return read_commentary();
    const auto word = cursor_.peek_word();
    if (is_text_word(word)) {
      if (begins_marked_text()) return read_marked_text();
    } else if (std::find(clause_words().begin(), clause_words().end(), word) != clause_words().end()) {
      return read_clause();
    }
    if (begins_second_pattern()) return read_second_pattern();
    return begin_commentary();
  }

  bool read_substring() {
    auto text = read_quoted(cursor_);
    if (!text) return false;
    in_commentary_ = false;
    out_.texts.push_back({TextPattern::Kind::substring, std::move(*text), ""});
    return true;
  }

  bool read_text_regex() {
    auto regex = cursor_.read_regex();
    if (!regex) return false;
    in_commentary_ = false;
    out_.texts.push_back({TextPattern::Kind::regex, {}, std::move(*regex)});
    return true;
  }

  static bool is_text_word(std::string_view word) { return word == "base64" || word == "exactly" || word == "lacks"; }

  // They are words of the language before a text only: elsewhere they are commentary.
  bool begins_marked_text() {
    Cursor ahead = cursor_;
    const auto word = ahead.take_word();
    if (word == "base64" && ahead.next() == '/') return true;
    if (word == "base64") ahead.take("lacks");
    return ahead.next() == '"';
  }

  bool read_marked_text() {
    const bool is_exact = cursor_.take("exactly");
    const bool is_base64 = cursor_.take("base64");
    const bool is_negated = cursor_.take("lacks");
    if (!(cursor_.next() == '"' ? read_substring() : read_text_regex())) return false;
    auto& text = out_.texts.back();
    if (is_exact) text.kind = TextPattern::Kind::exact;
    text.decodes_base64 = is_base64;
    text.is_negated = is_negated;
    return true;
  }

  bool read_own_binding() {
    auto binding = cursor_.read_binding();
    if (!binding) return false;
    in_commentary_ = false;
    binding->pattern = second_pattern_;
    out_.bindings.push_back(std::move(*binding));
    return true;
  }

  // A pattern that a binding follows: the pattern of that binding and of those behind it.
  bool begins_second_pattern() {
    Cursor ahead = cursor_;
    if (ahead.peek_word() == "not") ahead.take_word();
    if (!parse_pattern_word(ahead.take_word())) return false;
    if (!ahead.take("cleanly")) ahead.take("notified");
    return ahead.next() == '[';
  }

  bool read_second_pattern() {
    auto pattern = read_pattern(cursor_);
    if (!pattern) return false;
    second_pattern_ = std::move(pattern);
    return true;
  }

  bool read_clause() {
    const auto word = cursor_.take_word();
    if (word == "unless") return read_patterns(out_.unless);
    if (word == "answer") return read_patterns(out_.answers);
    if (word == "as") {
      const auto name = cursor_.read_name("a name for the reply");
      if (!name) return false;
      out_.known_as = *name;
      return true;
    }
    const auto duration = cursor_.read_duration();
    if (!duration) return false;
    (word == "within" ? out_.within : out_.after) = duration;
    return true;
  }

  // One pattern or more, up to a gap or a word that is none.
  bool read_patterns(std::vector<ReplyPattern>& patterns) {
    auto first = read_pattern(cursor_);
    if (!first) return false;
    patterns.push_back(std::move(*first));
    while (!cursor_.at_end() && !cursor_.behind_gap()) {
      auto more = parse_pattern_word(cursor_.peek_word());
      if (!more && looks_like_code(cursor_.peek_word())) return read_pattern(cursor_).has_value();
      if (!more) break;
      cursor_.take_word();
      patterns.push_back(std::move(*more));
    }
    return true;
  }

  // Does the next word stand where a clause word would, with an operand that only a clause takes?
  bool has_operand() {
    const auto second = cursor_.peek_second_word();
    return parse_duration(second) || (parse_pattern_word(second) && second.size() >= 3);
  }

  bool begin_commentary() {
    const auto word = cursor_.peek_word();
    const auto guess = did_you_mean(word, clause_words());
    if (!guess.empty() && has_operand()) {
      cursor_.error("'" + std::string(word) + "' is no word of an expectation", guess);
      return false;
    }
    // `250 |251`, `5xx [A]  55O [B]`
    if (word[0] == '|') {
      cursor_.error("alternatives stand together, without a blank before the '|'", "as in 250|251");
      return false;
    }
    if (looks_like_code(word) && (!out_.bindings.empty() || cursor_.peek_second_word().starts_with('[')))
      return read_pattern(cursor_).has_value();
    if (parse_pattern_word(word) && !out_.bindings.empty()) {
      cursor_.error("a second pattern stands before the requirement that it belongs to, as in 501 [RFC5321-4.3.2-05]");
      return false;
    }
    if (begins_typographic(word))
      cursor_.complaints().warning(cursor_.line(), cursor_.offset(), word.size(),
                                   "typographic quotes quote nothing, so this is commentary",
                                   "write the plain double quote, \"");
    in_commentary_ = true;
    cursor_.take_word();
    return true;
  }

  bool read_commentary() {
    const auto word = cursor_.peek_word();
    const bool is_clause = word != "as" && !is_text_word(word) &&
                           std::find(clause_words().begin(), clause_words().end(), word) != clause_words().end();
    if (is_clause && has_operand()) {
      cursor_.error("'" + std::string(word) + "' stands in commentary and would not be heeded",
                    "put two spaces before it, or quote the text");
      return false;
    }
    cursor_.take_word();
    return true;
  }

  Cursor& cursor_;
  bool is_transcript_;
  Expectation& out_;
  bool in_commentary_ = false;
  std::optional<ReplyPattern> second_pattern_;
};

// "SIZE 15728640": the words up to a gap or the end of the line.
void read_advertised(Cursor& cursor, bool is_transcript, Expectation& out) {
  AdvertisedLine line;
  cursor.at_end();
  const std::size_t start = cursor.offset();
  std::size_t end = start;
  while (!cursor.at_end() && (end == start || is_transcript || !cursor.behind_gap())) {
    const auto word = cursor.take_word();
    end = cursor.offset();
    if (line.keyword.empty()) line.keyword = std::string(word);
    else line.arguments.emplace_back(word);
  }
  line.position = {cursor.line().number, static_cast<int>(start) + 1,
                   static_cast<int>(std::max(start + 1, end) - start)};
  if (line.keyword.empty()) cursor.error_at(start > 0 ? start - 1 : 0, 1, "expected an EHLO keyword behind the code");
  else out.advertised.push_back(std::move(line));
}

}  // namespace

std::string_view continued_code(std::string_view behind_colon) {
  const auto text = base::trimmed(behind_colon);
  if (text.size() < 4 || text[3] != '-' || !std::all_of(text.begin(), text.begin() + 3, base::is_digit)) return {};
  return text.substr(0, 3);
}

Expectation read_expectation(Cursor& cursor, bool is_transcript) {
  Expectation out;
  if (const auto code = continued_code(cursor.rest()); !code.empty()) {
    out.pattern = *parse_pattern_word(code);
    cursor.at_end();
    cursor.move_to(cursor.offset() + 4);
  } else {
    auto pattern = read_pattern(cursor);
    if (pattern) {
      out.pattern = std::move(*pattern);
    } else {
      // What stands behind it is read all the same, for its own mistakes.
      constexpr std::string_view kNoPattern = "[\"/";
      if (cursor.next() != '\0' && kNoPattern.find(cursor.next()) == std::string_view::npos) cursor.take_word();
      out.pattern.any = true;
    }
    if (!is_transcript && is_enhanced(cursor.peek_word())) out.enhanced = std::string(cursor.take_word());
  }
  ClauseReader(cursor, is_transcript, out).read();
  return out;
}

void read_further_line(Cursor& cursor, bool is_advertised, bool is_transcript, Expectation& out) {
  cursor.at_end();
  cursor.move_to(std::min(cursor.offset() + 4, cursor.line().raw.size()));
  if (is_advertised) {
    read_advertised(cursor, is_transcript, out);
    // What is left behind a gap is no commentary.
    while (!is_transcript && !cursor.at_end()) {
      if (!ClauseReader(cursor, is_transcript, out).read()) return;
    }
    return;
  }
  ClauseReader(cursor, is_transcript, out).read();
}

}  // namespace smtpspec::scenario
