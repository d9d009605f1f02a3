#include "harness/scenario/cursor.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/scenario/regex.h"

namespace smtpspec::scenario {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr milliseconds kLongestTime = std::chrono::hours(24);

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && (base::is_alpha(text[0]) || text[0] == '_') &&
         std::all_of(text.begin(), text.end(), [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; });
}

bool begins_typographic(std::string_view text) {
  return text.starts_with("\xe2\x80\x9c") || text.starts_with("\xe2\x80\x9d") || text.starts_with("\xe2\x80\x9e") ||
         text.starts_with("\xc2\xab");
}

bool is_requirement_id(std::string_view text) {
  if (text.size() < 4 || text.size() > 64 || !base::is_alnum(text[0])) return false;
  const auto dash = text.rfind('-');
  if (dash == std::string_view::npos || dash + 1 == text.size()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return base::is_alnum(c) || c == '-' || c == '.'; }) &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dash) + 1, text.end(), base::is_digit);
}

std::optional<milliseconds> parse_duration(std::string_view word) {
  std::size_t digits = 0;
  std::int64_t value = 0;
  while (digits < word.size() && base::is_digit(word[digits])) {
    if (digits == 9) return std::nullopt;
    value = value * 10 + (word[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  const std::string_view unit = word.substr(digits);
  milliseconds out{0};
  if (unit == "ms") out = milliseconds(value);
  else if (unit == "s") out = std::chrono::seconds(value);
  else if (unit == "min") out = std::chrono::minutes(value);
  else return std::nullopt;
  if (out > kLongestTime) return std::nullopt;
  return out;
}

bool Cursor::at_end() {
  while (offset_ < line_.raw.size() && is_blank(line_.raw[offset_])) ++offset_;
  if (offset_ == line_.raw.size()) return true;
  return line_.raw[offset_] == '#' && offset_ > 0 && is_blank(line_.raw[offset_ - 1]);
}

char Cursor::next() { return at_end() ? '\0' : line_.raw[offset_]; }

bool Cursor::behind_gap() {
  at_end();
  if (offset_ == 0) return false;
  if (line_.raw[offset_ - 1] == '\t') return true;
  return offset_ > 1 && is_blank(line_.raw[offset_ - 1]) && is_blank(line_.raw[offset_ - 2]);
}

std::string_view Cursor::peek_word() {
  if (at_end()) return {};
  const auto end = line_.raw.find_first_of(" \t", offset_);
  return line_.raw.substr(offset_, end == std::string_view::npos ? end : end - offset_);
}

std::string_view Cursor::take_word() {
  const auto word = peek_word();
  offset_ += word.size();
  return word;
}

std::string_view Cursor::peek_second_word() {
  const std::size_t start = offset_;
  take_word();
  const auto word = peek_word();
  offset_ = start;
  return word;
}

bool Cursor::take(std::string_view word) {
  if (peek_word() != word) return false;
  offset_ += word.size();
  return true;
}

std::optional<int> Cursor::read_tls_version() {
  const auto word = peek_word();
  if (word.size() != 3 || word[0] != '1' || word[1] != '.' || word[2] < '0' || word[2] > '3') {
    error("expected a version of TLS from 1.0 to 1.3");
    return std::nullopt;
  }
  const int version = 10 + (word[2] - '0');
  take_word();
  return version;
}

std::optional<milliseconds> Cursor::read_duration() {
  const auto duration = parse_duration(peek_word());
  if (!duration) {
    error("expected a time such as 20ms, 2s or 5min (24 hours at most)");
    return std::nullopt;
  }
  take_word();
  return duration;
}

std::optional<std::size_t> Cursor::read_number(std::size_t least, std::size_t most) {
  const auto word = peek_word();
  std::size_t value = 0;
  bool fits = !word.empty() && word.size() <= 9 && std::all_of(word.begin(), word.end(), base::is_digit);
  for (const char c : fits ? word : std::string_view{}) value = value * 10 + static_cast<std::size_t>(c - '0');
  if (!fits || value < least || value > most) {
    error("expected a number from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  take_word();
  return value;
}

std::optional<std::string> Cursor::read_name(std::string_view what) {
  const auto word = peek_word();
  if (!is_name(word)) {
    error("expected " + std::string(what) + ": letters, digits, '-' and '_', a letter first");
    return std::nullopt;
  }
  take_word();
  return std::string(word);
}

std::optional<Binding> Cursor::read_binding() {
  at_end();
  const std::size_t start = offset_;
  const auto close = line_.raw.find(']', start);
  if (close == std::string_view::npos) {
    error_at(start, 1, "this '[' is never closed; a requirement is written [RFC5321-4.1.1.2-01]");
    return std::nullopt;
  }
  const auto id = line_.raw.substr(start + 1, close - start - 1);
  if (!is_requirement_id(id)) {
    error_at(start, close - start + 1, "expected the id of a requirement, such as [RFC5321-4.1.1.2-01]");
    return std::nullopt;
  }
  offset_ = close + 1;
  Binding binding;
  binding.requirement = std::string(id);
  binding.position = {line_.number, static_cast<int>(start) + 1, static_cast<int>(close - start + 1)};
  return binding;
}

bool Cursor::read_tail(int& connection, std::vector<Binding>* bindings) {
  while (!at_end()) {
    if (next() == '[' && bindings != nullptr) {
      auto binding = read_binding();
      if (!binding) return false;
      bindings->push_back(std::move(*binding));
    } else if (take("on")) {
      const auto number = read_number(1, kMaxConnections);
      if (!number) return false;
      connection = static_cast<int>(*number);
    } else {
      return expect_end();
    }
  }
  return true;
}

std::optional<std::string> Cursor::read_regex() {
  if (next() != '/') {
    error("expected a regex between slashes, such as /^[0-9]+$/");
    return std::nullopt;
  }
  const auto end = regex_end(line_.raw, offset_);
  if (end == std::string_view::npos) {
    error_at(offset_, 1, "this regex has no closing '/' that a blank or the end of the line follows");
    return std::nullopt;
  }
  const std::size_t start = offset_;
  offset_ = end;
  const std::string written(line_.raw.substr(start + 1, end - start - 2));
  std::string regex = normalized_regex(written);
  if (const auto fault = regex_fault(regex); !fault.empty()) {
    error_at(start, end - start, "this regex is not valid: " + fault);
    return std::nullopt;
  }
  return regex;
}

bool Cursor::expect_end() {
  if (at_end()) return true;
  const auto last = line_.raw.find_last_not_of(" \t");
  error_at(offset_, last + 1 - offset_, "nothing more is expected on this line");
  return false;
}

void Cursor::error(std::string message, std::string suggestion) {
  const auto word = peek_word();
  error_at(offset_, word.size(), std::move(message), std::move(suggestion));
}

void Cursor::error_at(std::size_t offset, std::size_t length, std::string message, std::string suggestion) {
  complaints_.error(line_, offset, length, std::move(message), std::move(suggestion));
}

}  // namespace smtpspec::scenario
