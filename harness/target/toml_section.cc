#include "harness/target/toml_section.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/base/unicode.h"

namespace smtpspec::target {

namespace {

std::string line_of(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line);
}

// toml++ counts characters, a diagnostic octets.
int octet_column(std::string_view line, int column) {
  std::size_t at = 0;
  for (int character = 1; character < column; ++character)
    at += at < line.size() ? std::max<std::size_t>(1, base::utf8_length(line, at)) : 1;
  return static_cast<int>(at) + 1;
}

}  // namespace

void TomlComplaints::add(const toml::source_region& where, std::string message, std::string suggestion) {
  base::Diagnostic diagnostic;
  diagnostic.file = file_;
  diagnostic.position.line = static_cast<int>(where.begin.line);
  diagnostic.source_line = line_of(text_, diagnostic.position.line);
  diagnostic.position.column = octet_column(diagnostic.source_line, static_cast<int>(where.begin.column));
  if (where.end.line == where.begin.line && where.end.column > where.begin.column)
    diagnostic.position.length =
        octet_column(diagnostic.source_line, static_cast<int>(where.end.column)) - diagnostic.position.column;
  diagnostic.message = std::move(message);
  diagnostic.suggestion = std::move(suggestion);
  diagnostics.push_back(std::move(diagnostic));
}

TomlSection::TomlSection(TomlComplaints& complaints, const toml::table& document, std::string name)
    : complaints_(complaints), name_(std::move(name)) {
  if (name_.empty()) {
    table_ = &document;
    return;
  }
  const toml::node* node = document.get(name_);
  if (!node) return;
  table_ = node->as_table();
  if (!table_) complaints_.add(node->source(), "'" + name_ + "' must be a table: [" + name_ + "]");
}

const toml::node* TomlSection::ask(const char* key) {
  known_.emplace_back(key);
  return node(key);
}

void TomlSection::complain_type(const char* key, const toml::node& node, const char* wanted) {
  complaints_.add(node.source(), "'" + std::string(key) + "' takes " + wanted);
}

bool TomlSection::read(const char* key, std::string& value) {
  const toml::node* found = ask(key);
  if (!found) return false;
  if (!found->is_string()) {
    complain_type(key, *found, "a string");
    return false;
  }
  value = found->as_string()->get();
  return true;
}

bool TomlSection::read(const char* key, bool& value) {
  const toml::node* found = ask(key);
  if (!found) return false;
  if (!found->is_boolean()) {
    complain_type(key, *found, "true or false");
    return false;
  }
  value = found->as_boolean()->get();
  return true;
}

bool TomlSection::read(const char* key, int& value) {
  const toml::node* found = ask(key);
  if (!found) return false;
  const auto number = found->is_integer() ? found->as_integer()->get() : -1;
  if (number < 0 || number > std::numeric_limits<int>::max()) {
    complain_type(key, *found, "a whole number, 0 or above");
    return false;
  }
  value = static_cast<int>(number);
  return true;
}

bool TomlSection::read(const char* key, std::chrono::milliseconds& value) {
  int number = 0;
  if (!read(key, number)) return false;
  value = std::chrono::milliseconds(number);
  return true;
}

bool TomlSection::read(const char* key, std::vector<std::string>& value) {
  const toml::node* found = ask(key);
  if (!found) return false;
  const toml::array* array = found->as_array();
  std::vector<std::string> strings;
  if (array) {
    for (const toml::node& entry : *array) {
      if (entry.is_string()) strings.push_back(entry.as_string()->get());
      else complain_type(key, entry, "an array of strings");
    }
  } else {
    complain_type(key, *found, "an array of strings");
  }
  if (!array || strings.size() != array->size()) return false;
  value = std::move(strings);
  return true;
}

bool TomlSection::read(const char* key, toml::date& value) {
  const toml::node* found = ask(key);
  if (!found) return false;
  if (!found->is_date()) {
    complain_type(key, *found, "a date, as 2027-06-30");
    return false;
  }
  value = found->as_date()->get();
  return true;
}

void TomlSection::complain_about_others() {
  if (!table_) return;
  for (const auto& [key, value] : *table_) {
    const std::string name(key.str());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string nearest = base::nearest_spelling(name, known_);
    const std::string kind = name_.empty() ? (value.is_table() ? "table" : "key") : "key";
    complaints_.add(key.source(), "unknown " + kind + " '" + name + "'" + (name_.empty() ? "" : " in [" + name_ + "]"),
                    nearest.empty() ? "" : "did you mean '" + nearest + "'?");
  }
}

}  // namespace smtpspec::target
