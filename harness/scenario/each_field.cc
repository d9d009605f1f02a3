#include "harness/scenario/each_field.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/octets.h"
#include "harness/scenario/cursor.h"
#include "harness/scenario/payload.h"

namespace smtpspec::scenario {
namespace {

constexpr std::size_t kMaxUnlabelledOctets = 40;  // a longer value makes no readable id

class EachReader {
 public:
  EachReader(Scenario& scenario, Complaints& complaints) : scenario_(scenario), complaints_(complaints) {}

  void read(const Node& node) {
    Cursor cursor(node.line, node.line.indent, complaints_);
    cursor.take_word();
    read_name(cursor);
    read_values(cursor);
    for (const Node& child : node.children) {
      scenario_.head.push_back({child.line.number, std::string(child.line.raw)});
      Cursor more(child.line, child.line.indent, complaints_);
      read_values(more);
    }
    if (is_good_) finish(node.line);
  }

 private:
  void read_name(Cursor& cursor) {
    const auto word = cursor.peek_word();
    const auto colon = word.find(':');
    const auto name = word.substr(0, std::min(colon, word.size()));
    const bool is_taken = std::any_of(scenario_.each.begin(), scenario_.each.end(),
                                      [&](const Each& other) { return other.variable == name; });
    if (!is_name(name) || colon == std::string_view::npos) {
      cursor.error("expected the name of a variable and a colon, as in: each path: \"<a@b\" \"a@b>\"");
    } else if (is_built_in_variable(name) || is_taken) {
      cursor.error("this name has a meaning already; choose another");
    } else {
      each_.variable = std::string(name);
      is_good_ = true;
    }
    cursor.move_to(cursor.offset() + std::min(name.size() + 1, word.size()));
  }

  // `"value"`, `label: "value"*3`, or a bare word.
  void read_values(Cursor& cursor) {
    const FileReader no_files = [](const std::string&) -> base::Result<std::string, std::string> {
      return base::make_unexpected(std::string("a value cannot come from a file"));
    };
    while (is_good_ && !cursor.at_end()) {
      const std::size_t start = cursor.offset();
      EachValue value;
      const auto word = cursor.peek_word();
      if (word[0] != '"' && word.back() == ':' && is_label(word.substr(0, word.size() - 1))) {
        value.label = std::string(word.substr(0, word.size() - 1));
        cursor.take_word();
      }
      if (!read_value(cursor, value, no_files)) {
        is_good_ = false;
        return;
      }
      if (value.label.size() > kMaxUnlabelledOctets) {
        cursor.error_at(start, cursor.offset() - start, "this value is too long to name its instance; give it a label",
                        "as in: long: \"x\"*500");
      } else if (std::any_of(each_.values.begin(), each_.values.end(),
                             [&](const EachValue& other) { return other.label == value.label; })) {
        cursor.error_at(start, cursor.offset() - start, "this value has the same name as one before it");
      } else {
        each_.values.push_back(std::move(value));
      }
    }
  }

  static bool is_label(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char c) { return base::is_alnum(c) || c == '-' || c == '_' || c == '.'; });
  }

  static bool read_value(Cursor& cursor, EachValue& value, const FileReader& no_files) {
    if (cursor.next() != '"') {
      const auto word = cursor.take_word();
      if (!is_label(word)) {
        cursor.move_to(cursor.offset() - word.size());
        cursor.error("expected a value between double quotes, or a word");
        return false;
      }
      value.value = std::string(word);
      if (value.label.empty()) value.label = value.value;
      return true;
    }
    // One value is what stands without a blank between: "a"*3 is one, "a" "b" are two.
    const std::size_t start = cursor.offset();
    std::size_t end = start;
    const auto raw = cursor.line().raw;
    bool quoted = false;
    for (; end < raw.size() && (quoted || (raw[end] != ' ' && raw[end] != '\t')); ++end) {
      if (quoted && raw[end] == '\\') ++end;
      else if (raw[end] == '"') quoted = !quoted;
    }
    const Line one{cursor.line().number, cursor.line().indent, raw.substr(0, end)};
    Cursor within(one, start, cursor.complaints());
    const auto pieces = read_pieces(within, no_files, Braces::literal);
    if (!pieces || !within.expect_end()) return false;
    auto octets = size_of(*pieces) <= kMaxFileOctets ? fixed_octets(*pieces) : std::nullopt;
    if (!octets) {
      cursor.error_at(start, one.raw.size() - start, "a value is made of octets only, 1 MiB at most");
      return false;
    }
    value.value = std::move(*octets);
    if (value.label.empty()) value.label = written_form(one.raw.substr(start));
    cursor.move_to(one.raw.size());
    return true;
  }

  // `"<a@b"` is shown as <a@b, `"x"*3` as x*3.
  static std::string written_form(std::string_view written) {
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (written[i] == '\\' && i + 1 < written.size()) {
        out += written[i];
        out += written[++i];
      } else if (written[i] != '"') {
        out += written[i];
      }
    }
    return out;
  }

  void finish(const Line& line) {
    if (each_.values.empty()) return complaints_.error(line, line.indent, 4, "expected at least one value");
    scenario_.each.push_back(std::move(each_));
    // Every instance holds its values.
    std::size_t instances = 1;
    std::size_t octets = 0;
    for (const Each& each : scenario_.each) {
      instances *= each.values.size();
      std::size_t longest = 0;
      for (const EachValue& value : each.values) longest = std::max(longest, value.value.size());
      octets += longest;
    }
    if (instances <= kMaxInstances && instances * octets <= kMaxModelOctets) return;
    complaints_.error(line, line.indent, 4,
                      "the scenario has more than " + std::to_string(kMaxInstances) + " instances, or too long ones");
    scenario_.each.pop_back();
  }

  Scenario& scenario_;
  Complaints& complaints_;
  Each each_;
  bool is_good_ = false;
};

}  // namespace

void read_each(const Node& node, Scenario& scenario, Complaints& complaints) {
  EachReader(scenario, complaints).read(node);
}

}  // namespace smtpspec::scenario
