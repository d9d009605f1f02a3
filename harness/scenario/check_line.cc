#include "harness/scenario/check_line.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/octets.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/reply_pattern.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxCount = 1'000'000;

struct Part {
  std::string_view name;
  CheckMessage::What what;
};
constexpr std::array kParts{Part{"header", CheckMessage::What::header_matches}, Part{"body", CheckMessage::What::body},
                            Part{"bytes", CheckMessage::What::bytes}, Part{"mail", CheckMessage::What::mail},
                            Part{"rcpt", CheckMessage::What::rcpt}};

std::vector<std::string> part_names() {
  std::vector<std::string> names;
  names.reserve(kParts.size());
  for (const Part& part : kParts) names.emplace_back(part.name);
  return names;
}

bool is_message_part(std::string_view word) {
  return std::any_of(kParts.begin(), kParts.end(), [&](const Part& part) { return part.name == word; });
}

class CheckReader {
 public:
  CheckReader(Cursor& cursor, int& connection) : cursor_(cursor), connection_(connection) {}

  std::optional<StepBody> read() {
    if (cursor_.take("advertises")) return advertises(false);
    if (cursor_.take("delivered")) return delivered(false);
    if (cursor_.take("same")) return same_advertisement();
    if (cursor_.take("tls")) return tls();
    if (cursor_.take("not")) {
      if (cursor_.take("advertises")) return advertises(true);
      if (cursor_.take("delivered")) return delivered(true);
      cursor_.error("expected 'advertises' or 'delivered' behind 'check not'",
                    did_you_mean(cursor_.peek_word(), {"advertises", "delivered"}));
      return std::nullopt;
    }
    const auto word = cursor_.peek_word();
    if (word.find('/') != std::string_view::npos) return relation();
    const auto second = cursor_.peek_second_word();
    if (is_message_part(second)) return message();
    static const std::vector<std::string> kWords{"advertises", "not", "same", "tls", "delivered"};
    auto guess = did_you_mean(word, kWords);
    if (guess.empty() && is_name(word)) guess = did_you_mean(second, part_names());
    cursor_.error(
        "expected 'advertises', 'not', 'same advertisement', 'tls version', 'tls certificate', 'delivered', "
        "NAME/NAME in …, or a message's name and 'header', 'body', 'bytes', 'mail' or 'rcpt'",
        guess);
    return std::nullopt;
  }

 private:
  template <class Check>
  std::optional<StepBody> done(Check check) {
    if (!cursor_.read_tail(connection_, &check.bindings)) return std::nullopt;
    return StepBody(std::move(check));
  }

  std::optional<StepBody> advertises(bool negated) {
    CheckAdvertises check;
    check.negated = negated;
    const auto word = cursor_.peek_word();
    if (word.empty() || word[0] == '/' || word[0] == '[') {
      cursor_.error("expected an EHLO keyword such as SIZE");
      return std::nullopt;
    }
    check.keyword = base::to_upper(cursor_.take_word());
    if (cursor_.next() == '/') {
      auto regex = cursor_.read_regex();
      if (!regex) return std::nullopt;
      check.regex = std::move(*regex);
    }
    return done(std::move(check));
  }

  std::optional<StepBody> same_advertisement() {
    if (!cursor_.take("advertisement")) {
      cursor_.error("expected 'check same advertisement'", did_you_mean(cursor_.peek_word(), {"advertisement"}));
      return std::nullopt;
    }
    return done(CheckSameAdvertisement{});
  }

  std::optional<StepBody> tls() {
    if (cursor_.take("certificate")) return tls_certificate();
    if (!cursor_.take("version") || !cursor_.take(">=")) {
      cursor_.error("expected 'check tls version >= 1.2', 'check tls certificate current' or '… named'");
      return std::nullopt;
    }
    const auto version = cursor_.read_tls_version();
    if (!version) return std::nullopt;
    CheckTlsVersion check;
    check.minimum = *version;
    return done(std::move(check));
  }

  std::optional<StepBody> tls_certificate() {
    CheckTlsCertificate check;
    if (cursor_.take("named")) {
      check.what = CheckTlsCertificate::What::named;
    } else if (!cursor_.take("current")) {
      cursor_.error("expected 'current' or 'named' behind 'check tls certificate'",
                    did_you_mean(cursor_.peek_word(), {"current", "named"}));
      return std::nullopt;
    }
    return done(std::move(check));
  }

  std::optional<std::string> reply_name(std::string_view name, std::size_t offset) {
    if (is_name(name)) return std::string(name);
    cursor_.error_at(offset, std::max<std::size_t>(1, name.size()), "expected the name of a reply, given by 'as NAME'");
    return std::nullopt;
  }

  std::optional<StepBody> relation() {
    CheckRelation check;
    cursor_.at_end();
    const std::size_t start = cursor_.offset();
    const auto word = cursor_.take_word();
    const auto slash = word.find('/');
    const auto left = reply_name(word.substr(0, slash), start);
    const auto right = reply_name(word.substr(slash + 1), start + slash + 1);
    if (!left || !right) return std::nullopt;
    check.left = *left;
    check.right = *right;
    if (!cursor_.take("in")) {
      cursor_.error("expected 'in' and the allowed pairs, as in: check known/unknown in 252/252 250/55x");
      return std::nullopt;
    }
    while (cursor_.next() != '\0' && cursor_.next() != '[' && cursor_.peek_word() != "on") {
      const auto pair = cursor_.peek_word();
      const auto middle = pair.find('/');
      auto first = parse_pattern_word(pair.substr(0, middle));
      auto second = parse_pattern_word(middle == std::string_view::npos ? "" : pair.substr(middle + 1));
      if (!first || !second) {
        cursor_.error("expected a pair of reply patterns such as 250/55x", suggest_pair(pair));
        return std::nullopt;
      }
      cursor_.take_word();
      check.allowed.emplace_back(std::move(*first), std::move(*second));
    }
    if (check.allowed.empty()) {
      cursor_.error("expected a pair of reply patterns such as 250/55x");
      return std::nullopt;
    }
    return done(std::move(check));
  }

  static std::string suggest_pair(std::string_view pair) {
    const auto middle = pair.find('/');
    if (middle == std::string_view::npos) return {};
    for (const auto half : {pair.substr(0, middle), pair.substr(middle + 1)})
      if (!parse_pattern_word(half)) return suggest_pattern(half);
    return {};
  }

  std::optional<StepBody> delivered(bool negated) {
    CheckDelivered check;
    check.negated = negated;
    if (!negated && cursor_.take("count")) {
      if (!cursor_.take("==")) {
        cursor_.error("expected 'check delivered count == N'");
        return std::nullopt;
      }
      const auto count = cursor_.read_number(0, kMaxCount);
      if (!count) return std::nullopt;
      check.count = static_cast<int>(*count);
    }
    while (!cursor_.at_end()) {
      const auto word = cursor_.peek_word();
      if (word == "within") {
        cursor_.take_word();
        const auto within = cursor_.read_duration();
        if (!within) return std::nullopt;
        check.within = *within;
      } else if (word == "as" && !negated) {
        cursor_.take_word();
        auto name = cursor_.read_name("a name for the message");
        if (!name) return std::nullopt;
        check.known_as = std::move(*name);
      } else if (check.recipient.empty() && word[0] != '[' && word != "on") {
        const std::size_t offset = cursor_.offset();
        cursor_.take_word();
        if (word.find_first_of("@{") == std::string_view::npos) {
          cursor_.error_at(offset, word.size(), "expected a recipient such as {recipient}, 'within 30s' or 'as NAME'");
          return std::nullopt;
        }
        check.recipient = read_text(word, cursor_.line(), offset, Braces::strict, cursor_.complaints());
      } else {
        break;
      }
    }
    return done(std::move(check));
  }

  std::optional<CheckMessage::Relation> count_relation() {
    if (cursor_.take("==")) return CheckMessage::Relation::equal;
    if (cursor_.take(">=")) return CheckMessage::Relation::at_least;
    if (cursor_.take("<=")) return CheckMessage::Relation::at_most;
    cursor_.error("expected '==', '>=' or '<=' and a number");
    return std::nullopt;
  }

  bool read_value(CheckMessage& check) {
    auto value = read_quoted(cursor_);
    if (value) check.value = std::move(*value);
    return value.has_value();
  }

  std::optional<StepBody> header(CheckMessage check) {
    auto name = read_field_name(cursor_);
    if (!name) return std::nullopt;
    check.header = std::move(*name);
    if (cursor_.next() == '/') {
      auto regex = cursor_.read_regex();
      if (!regex) return std::nullopt;
      check.relation = CheckMessage::Relation::matches;
      check.regex = std::move(*regex);
      return done(std::move(check));
    }
    if (cursor_.take("==")) {
      check.relation = CheckMessage::Relation::equal;
      if (!read_value(check)) return std::nullopt;
      return done(std::move(check));
    }
    if (!cursor_.take("count")) {
      cursor_.error("expected 'count', '==' or a /regex/", did_you_mean(cursor_.peek_word(), {"count"}));
      return std::nullopt;
    }
    check.what = CheckMessage::What::header_count;
    const auto relation = count_relation();
    const auto count = relation ? cursor_.read_number(0, kMaxCount) : std::nullopt;
    if (!count) return std::nullopt;
    check.relation = *relation;
    check.count = static_cast<int>(*count);
    return done(std::move(check));
  }

  std::optional<StepBody> message() {
    CheckMessage check;
    auto name = cursor_.read_name("the name of a message, given by 'as NAME'");
    const auto what = name ? read_message_part(cursor_) : std::nullopt;
    if (!what) return std::nullopt;
    check.message = std::move(*name);
    check.what = *what;
    if (check.what == CheckMessage::What::header_matches) return header(std::move(check));
    if (cursor_.next() == '/') {
      auto regex = cursor_.read_regex();
      if (!regex) return std::nullopt;
      check.relation = CheckMessage::Relation::matches;
      check.regex = std::move(*regex);
      return done(std::move(check));
    }
    if (cursor_.take("==")) check.relation = CheckMessage::Relation::equal;
    else if (cursor_.take("has")) check.relation = CheckMessage::Relation::has;
    else if (cursor_.take("lacks")) check.relation = CheckMessage::Relation::lacks;
    else {
      cursor_.error("expected '==', 'has' or 'lacks' and a text, or a /regex/",
                    did_you_mean(cursor_.peek_word(), {"has", "lacks"}));
      return std::nullopt;
    }
    if (!read_value(check)) return std::nullopt;
    return done(std::move(check));
  }

  Cursor& cursor_;
  int& connection_;
};

}  // namespace

std::optional<CheckMessage::What> read_message_part(Cursor& cursor) {
  const auto word = cursor.peek_word();
  for (const Part& part : kParts) {
    if (part.name != word) continue;
    cursor.take_word();
    return part.what;
  }
  cursor.error("expected 'header', 'body', 'bytes', 'mail' or 'rcpt': a part of the message",
               did_you_mean(word, part_names()));
  return std::nullopt;
}

std::optional<std::string> read_field_name(Cursor& cursor) {
  const auto name = read_quoted(cursor);
  if (!name) return std::nullopt;
  auto octets = fixed_octets(*name);
  if (octets && !octets->empty()) return octets;
  cursor.error("expected the name of a header field between double quotes, without variables");
  return std::nullopt;
}

std::optional<StepBody> read_check(Cursor& cursor, int& connection) { return CheckReader(cursor, connection).read(); }

}  // namespace smtpspec::scenario
