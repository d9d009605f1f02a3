#include "harness/scenario/header_fields.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/octets.h"
#include "harness/scenario/cursor.h"
#include "harness/scenario/each_field.h"
#include "harness/scenario/mark.h"
#include "harness/scenario/named_address.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/step_reader.h"

namespace smtpspec::scenario {
namespace {

bool is_scenario_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && base::is_alnum(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return base::is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

// The next item of a list whose items blanks, commas or bars divide.
std::string_view take_item(Cursor& cursor) {
  while (cursor.next() == ',' || cursor.next() == '|') cursor.move_to(cursor.offset() + 1);
  const auto word = cursor.peek_word();
  const auto item = word.substr(0, std::min(word.find_first_of(",|"), word.size()));
  cursor.move_to(cursor.offset() + item.size());
  return item;
}

// A quoted text without variables.
std::optional<std::string> read_sentence(Cursor& cursor, std::string_view what) {
  cursor.at_end();
  const std::size_t start = cursor.offset();
  if (cursor.next() != '"') {
    cursor.error("expected " + std::string(what) + " between double quotes",
                 begins_typographic(cursor.rest()) ? "write the plain double quote, \"" : "");
    return std::nullopt;
  }
  const auto text = read_quoted(cursor);
  if (!text) return std::nullopt;
  auto octets = fixed_octets(*text);
  if (!octets || octets->empty()) {
    cursor.error_at(start, cursor.offset() - start, "expected " + std::string(what) + " without variables");
    return std::nullopt;
  }
  return octets;
}

std::string_view first_word(const Line& line) {
  const auto text = line.text();
  return text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
}

bool is_step(const Line& line) {
  if (read_mark(line, false)) return true;
  const auto words = StepReader::word_names();
  return std::find(words.begin(), words.end(), first_word(line)) != words.end();
}

// nodes[at] is no field. Which one it was meant to be, or "" if only its place tells that it is none of the steps;
// nothing, if the steps begin there.
std::optional<std::string> misspelt_field(const std::vector<Node>& nodes, std::size_t at) {
  const Line& line = nodes[at].line;
  if (is_step(line)) return std::nullopt;
  auto names = field_names();
  for (auto& name : StepReader::word_names()) names.push_back(std::move(name));
  constexpr std::size_t kLongestName = 64;
  const auto word = first_word(line);
  auto near = word.size() > kLongestName ? std::string{} : base::nearest_spelling(word, names);
  if (is_field(near)) return near;
  // A field below it tells that the steps have not begun.
  if (at + 1 < nodes.size() && is_field(first_word(nodes[at + 1].line))) return std::string{};
  return std::nullopt;
}

class FieldReader {
 public:
  FieldReader(Scenario& scenario, Complaints& complaints) : scenario_(scenario), complaints_(complaints) {}

  void read(const Node& node) {
    Cursor cursor(node.line, node.line.indent, complaints_);
    const auto word = cursor.take_word();
    if (word == "each") return read_each(node, scenario_, complaints_);
    read_line(word, cursor);
    for (const Node& child : node.children) {
      scenario_.head.push_back({child.line.number, std::string(child.line.raw)});
      Cursor more(child.line, child.line.indent, complaints_);
      if (word == "checks" || word == "needs" || word == "tags") read_line(word, more);
      else more.error("'" + std::string(word) + "' stands on one line");
    }
  }

 private:
  void read_line(std::string_view word, Cursor& cursor) {
    if (word == "why") why(cursor);
    else if (word == "checks") checks(cursor);
    else if (word == "needs") needs(cursor);
    else if (word == "role") roles(cursor);
    else if (word == "impact") impact(cursor);
    else if (word == "tags") tags(cursor);
  }

  void why(Cursor& cursor) {
    auto sentence = read_sentence(cursor, "what goes wrong for users");
    if (!sentence || !cursor.expect_end()) return;
    scenario_.why = std::move(*sentence);
  }

  void checks(Cursor& cursor) {
    while (!cursor.at_end()) {
      const auto id = take_item(cursor);
      const std::size_t start = cursor.offset() - id.size();
      if (id.empty()) continue;
      if (!is_requirement_id(id)) {
        cursor.error_at(start, id.size(), "expected the id of a requirement, such as RFC5321-4.1.1.2-01");
        continue;
      }
      if (std::find(scenario_.checks.begin(), scenario_.checks.end(), id) != scenario_.checks.end()) {
        cursor.error_at(start, id.size(), "this requirement is listed already");
        continue;
      }
      scenario_.checks.emplace_back(id);
      scenario_.check_positions.push_back(
          {cursor.line().number, static_cast<int>(start) + 1, static_cast<int>(id.size())});
    }
  }

  void needs(Cursor& cursor) {
    while (!cursor.at_end()) {
      const auto item = take_item(cursor);
      if (item.empty()) continue;
      const std::size_t start = cursor.offset() - item.size();
      Need need;
      need.position = {cursor.line().number, static_cast<int>(start) + 1, static_cast<int>(item.size())};
      if (item == "recipients") {
        need.kind = Need::Kind::recipients;
        if (!cursor.take(">=")) {
          cursor.error("expected 'recipients >= N'");
          return;
        }
        if (!take_minimum(cursor, need, "expected a number of recipients, from 1 to 99999")) return;
      } else if (item.starts_with("sasl=")) {
        need.kind = Need::Kind::sasl;
        need.keyword = std::string(item.substr(5));
        if (!is_keyword(need.keyword) && !is_braced(need.keyword)) {
          cursor.error_at(start, item.size(), "expected the name of a SASL mechanism, as in sasl=CRAM-MD5");
          return;
        }
      } else if (const auto* word = find_need(item)) {
        need.kind = word->kind;
      } else if (const auto equals = item.find('='); equals != item.npos && is_keyword(item.substr(0, equals)) &&
                                                     equals + 1 < item.size() && is_keyword(item.substr(equals + 1))) {
        need.keyword = std::string(item.substr(0, equals));
        need.parameter = std::string(item.substr(equals + 1));
        if (cursor.take(">=") &&
            !take_minimum(cursor, need, "expected the least that the parameter may be, as in LIMITS=MAILMAX >= 30"))
          return;
      } else if (is_keyword(item)) {
        need.keyword = std::string(item);
        if (cursor.take("<=") && !take_maximum(cursor, need)) return;
      } else {
        std::string all = "recipients >= N";
        std::vector<std::string> names{"recipients"};
        for (const auto& known : need_words()) {
          names.emplace_back(known.name);
          all += ", " + names.back();
        }
        cursor.error_at(start, item.size(), "expected an EHLO keyword in upper case, or " + all,
                        did_you_mean(item, names));
        continue;
      }
      scenario_.needs.push_back(std::move(need));
    }
  }

  bool take_minimum(Cursor& cursor, Need& need, const std::string& expectation) {
    const auto number = take_item(cursor);
    if (!number.empty() && number.size() <= 5 && std::all_of(number.begin(), number.end(), base::is_digit))
      need.minimum = std::stoi(std::string(number));
    if (need.minimum > 0) return true;
    Cursor(cursor.line(), cursor.offset() - number.size(), complaints_).error(expectation);
    return false;
  }

  bool take_maximum(Cursor& cursor, Need& need) {
    const auto number = take_item(cursor);
    const auto* const end = number.data() + number.size();
    const auto read = std::from_chars(number.data(), end, need.maximum);
    if (read.ec == std::errc() && read.ptr == end && need.maximum > 0) return true;
    Cursor(cursor.line(), cursor.offset() - number.size(), complaints_)
        .error("expected the most that the extension's number may be, as in SIZE <= 1000000");
    return false;
  }

  struct NeedWord {
    Need::Kind kind;
    std::string_view name;
  };
  // Besides extensions and `recipients >= N`.
  static const std::vector<NeedWord>& need_words() {
    static const std::vector<NeedWord> kWords = [] {
      std::vector<NeedWord> words{{Need::Kind::mailbox, "mailbox"},
                                  {Need::Kind::auth, "auth"},
                                  {Need::Kind::tls, "tls"},
                                  {Need::Kind::sasl, "sasl"}};
      for (const auto& address : kNamedAddresses) {
        if (words.back().name != address.need) words.push_back({address.kind, address.need});
      }
      return words;
    }();
    return kWords;
  }
  static const NeedWord* find_need(std::string_view item) {
    for (const auto& word : need_words()) {
      if (word.name == item) return &word;
    }
    return nullptr;
  }
  // `{mechanism}`: a value of `each`.
  static bool is_braced(std::string_view text) {
    return text.size() > 2 && text.front() == '{' && text.back() == '}' && is_name(text.substr(1, text.size() - 2));
  }
  static bool is_keyword(std::string_view item) {
    return item.size() <= 64 && std::all_of(item.begin(), item.end(), [](char c) {
             return base::is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
           });
  }

  void roles(Cursor& cursor) {
    while (!cursor.at_end()) {
      const auto item = take_item(cursor);
      if (item.empty()) continue;
      const auto role = parse_role(item);
      if (!role) {
        cursor.error_at(cursor.offset() - item.size(), item.size(), "expected mx, submission, lmtp or any",
                        did_you_mean(item, {"mx", "submission", "lmtp", "any"}));
        continue;
      }
      if (*role != Role::any) scenario_.roles.push_back(*role);
    }
  }

  void impact(Cursor& cursor) {
    const auto impact = parse_impact(cursor.peek_word());
    if (!impact) {
      cursor.error("expected probe, deliver or stress",
                   did_you_mean(cursor.peek_word(), {"probe", "deliver", "stress"}));
      return;
    }
    cursor.take_word();
    scenario_.impact = *impact;
    cursor.expect_end();
  }

  void tags(Cursor& cursor) {
    while (!cursor.at_end()) {
      const auto item = take_item(cursor);
      if (item.empty()) continue;
      if (!is_name(item)) {
        cursor.error_at(cursor.offset() - item.size(), item.size(), "expected tags: words divided by commas");
        continue;
      }
      if (!scenario_.has_tag(item)) scenario_.tags.emplace_back(item);
    }
  }

  Scenario& scenario_;
  Complaints& complaints_;
};

}  // namespace

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> kNames{"why", "checks", "needs", "role", "impact", "tags", "each"};
  return kNames;
}

bool is_field(std::string_view word) {
  return std::find(field_names().begin(), field_names().end(), word) != field_names().end();
}

void read_heading(const Node& node, Scenario& scenario, Complaints& complaints) {
  const Line& line = node.line;
  Cursor cursor(line, line.indent, complaints);
  cursor.take_word();
  scenario.head.push_back({line.number, std::string(line.raw)});
  const auto name = cursor.peek_word();
  scenario.position = {line.number, static_cast<int>(line.indent) + 1, 8};
  if (!is_scenario_name(name)) {
    cursor.error("expected a name of letters, digits, '.', '-' and '_': scenario smtp.mail.null-path \"…\"");
    if (name.empty()) return;
    if (!name.starts_with('"')) cursor.take_word();
  } else {
    cursor.take_word();
    scenario.name = std::string(name);
    scenario.position = {line.number, static_cast<int>(cursor.offset() - name.size()) + 1,
                         static_cast<int>(name.size())};
  }
  auto title = read_sentence(cursor, "one sentence that states what a conforming server does,");
  if (!title) return;
  scenario.title = std::move(*title);
  cursor.expect_end();
}

std::size_t read_fields(const std::vector<Node>& nodes, Scenario& scenario, Words& faulty, Complaints& complaints) {
  FieldReader reader(scenario, complaints);
  std::vector<std::string> seen;
  std::size_t i = 0;
  for (; i < nodes.size(); ++i) {
    const Line& line = nodes[i].line;
    const auto word = first_word(line);
    if (!is_field(word)) {
      const auto meant = misspelt_field(nodes, i);
      if (!meant) break;
      complaints.error(line, line.indent, std::max<std::size_t>(1, word.size()),
                       "expected a field of the scenario: why, checks, needs, role, impact, tags or each",
                       meant->empty() ? "" : "did you mean '" + *meant + "'?");
      if (!meant->empty()) faulty.insert(*meant);
      scenario.head.push_back({line.number, std::string(line.raw)});
      continue;
    }
    const std::size_t errors = complaints.errors();
    const bool may_repeat = word == "each" || word == "checks";
    if (!may_repeat && std::find(seen.begin(), seen.end(), word) != seen.end())
      complaints.error(line, line.indent, word.size(), "this scenario has '" + std::string(word) + "' already");
    seen.emplace_back(word);
    scenario.head.push_back({line.number, std::string(line.raw)});
    reader.read(nodes[i]);
    if (complaints.errors() > errors) faulty.emplace(word);
  }
  return i;
}

void complain_of_late_fields(const std::vector<Node>& nodes, std::size_t first, Words& faulty, Complaints& complaints) {
  for (std::size_t i = first; i < nodes.size(); ++i) {
    const Line& line = nodes[i].line;
    const auto word = first_word(line);
    if (!is_field(word)) continue;
    complaints.error(line, line.indent, word.size(), "the fields of a scenario stand before its steps");
    faulty.emplace(word);
  }
}

}  // namespace smtpspec::scenario
