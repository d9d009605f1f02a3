#include "harness/wire/capabilities.h"

#include <algorithm>
#include <utility>

#include "harness/base/octets.h"
#include "harness/wire/path.h"

namespace smtpspec::wire {
namespace {

constexpr std::string_view kAuth = "AUTH";
constexpr std::string_view kLegacyAuth = "AUTH=";

bool is_legacy_auth(std::string_view keyword) { return base::starts_with_ignoring_case(keyword, kLegacyAuth); }

bool is_parameter_octet(char c) { return c >= 33 && c <= 126; }

// Reads the lines behind the first into items and deviations.
class LineReader {
 public:
  LineReader(Capabilities& into, std::size_t line, std::string_view text) : into_(into), line_(line), text_(text) {}

  void read() {
    std::vector<std::pair<std::size_t, std::string_view>> words = split();
    if (words.empty()) return note(CapabilityProblem::empty_line, 0);
    Capability item;
    item.keyword = words.front().second;
    item.raw = text_;
    item.line = line_;
    if (is_legacy_auth(item.keyword)) {
      note(CapabilityProblem::legacy_auth, words.front().first + kAuth.size());
      item.parameters.emplace_back(std::string_view(item.keyword).substr(kLegacyAuth.size()));
      if (item.parameters.front().empty()) item.parameters.clear();
      item.keyword.resize(kLegacyAuth.size());
    } else if (!is_keyword(item.keyword)) {
      const std::size_t equals = item.keyword.find('=');
      const bool is_equals =
          equals != std::string::npos && is_keyword(std::string_view(item.keyword).substr(0, equals));
      note(is_equals ? CapabilityProblem::equals_in_keyword : CapabilityProblem::bad_keyword,
           words.front().first + (is_equals ? equals : 0));
    }
    for (std::size_t i = 1; i < words.size(); ++i) item.parameters.emplace_back(words[i].second);
    for (const auto& [offset, word] : words) {
      const auto bad = std::find_if_not(word.begin(), word.end(), is_parameter_octet);
      if (offset == words.front().first || bad == word.end()) continue;
      note(CapabilityProblem::bad_parameter, offset + static_cast<std::size_t>(bad - word.begin()));
    }
    const bool is_known = std::any_of(into_.items.begin(), into_.items.end(), [&](const Capability& other) {
      return base::equals_ignoring_case(other.keyword, item.keyword);
    });
    if (is_known) note(CapabilityProblem::duplicate_keyword, words.front().first);
    into_.items.push_back(std::move(item));
  }

 private:
  std::vector<std::pair<std::size_t, std::string_view>> split() {
    std::vector<std::pair<std::size_t, std::string_view>> words;
    bool has_extra = false;
    for (std::size_t at = 0; at <= text_.size();) {
      const std::size_t end = std::min(text_.find(' ', at), text_.size());
      if (end > at) words.emplace_back(at, text_.substr(at, end - at));
      else if (!text_.empty() && !std::exchange(has_extra, true)) note(CapabilityProblem::extra_space, at - (at > 0));
      at = end + 1;
    }
    return words;
  }

  void note(CapabilityProblem kind, std::size_t offset) { into_.deviations.push_back({kind, line_, offset}); }

  Capabilities& into_;
  std::size_t line_;
  std::string_view text_;
};

std::vector<std::string> as_set(std::vector<std::string> words) {
  for (auto& word : words) word = base::to_upper(word);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace

std::string_view to_string(CapabilityProblem problem) {
  switch (problem) {
    case CapabilityProblem::bad_domain:
      return "no domain on the first line";
    case CapabilityProblem::bad_keyword:
      return "bad keyword";
    case CapabilityProblem::equals_in_keyword:
      return "'=' in a keyword";
    case CapabilityProblem::legacy_auth:
      return "legacy AUTH=";
    case CapabilityProblem::bad_parameter:
      return "bad parameter";
    case CapabilityProblem::duplicate_keyword:
      return "keyword advertised twice";
    case CapabilityProblem::empty_line:
      return "line without a keyword";
    case CapabilityProblem::extra_space:
      return "extra space";
  }
  return "?";
}

const Capability* Capabilities::find(std::string_view keyword) const {
  const bool wants_legacy = is_legacy_auth(keyword);
  const std::string_view wanted = wants_legacy ? kLegacyAuth : keyword;
  const std::string_view mechanism = wants_legacy ? keyword.substr(kLegacyAuth.size()) : std::string_view();
  for (const auto& item : items) {
    if (!base::equals_ignoring_case(item.keyword, wanted)) continue;
    if (mechanism.empty()) return &item;
    for (const auto& parameter : item.parameters)
      if (base::equals_ignoring_case(parameter, mechanism)) return &item;
  }
  return nullptr;
}

Capabilities parse_ehlo(const Reply& reply) {
  Capabilities out;
  for (std::size_t line = 0; line < reply.lines.size(); ++line) {
    const std::string_view text = reply.text_of(reply.lines[line]);
    if (line > 0) {
      LineReader(out, line, text).read();
      continue;
    }
    const std::size_t space = text.find(' ');
    out.greeting_domain = text.substr(0, space);
    if (space != std::string::npos) out.greeting_text = text.substr(space + 1);
    if (!parse_domain(out.greeting_domain) && !parse_address_literal(out.greeting_domain))
      out.deviations.push_back({CapabilityProblem::bad_domain, 0, 0});
  }
  return out;
}

std::optional<std::string_view> find_advertised(const Reply& reply, std::string_view keyword) {
  for (std::size_t line = 1; line < reply.lines.size(); ++line) {
    std::string_view text = reply.text_of(reply.lines[line]);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (!base::starts_with_ignoring_case(text, keyword)) continue;
    text.remove_prefix(keyword.size());
    if (!text.empty() && text.front() != ' ') continue;
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }
  return std::nullopt;
}

bool arguments_match(std::string_view keyword, const std::vector<std::string>& expected,
                     const std::vector<std::string>& actual) {
  const bool is_legacy = is_legacy_auth(keyword);
  if (!is_legacy && !base::equals_ignoring_case(keyword, kAuth)) return expected == actual;
  std::vector<std::string> mechanisms = expected;
  if (is_legacy && keyword.size() > kLegacyAuth.size()) mechanisms.emplace_back(keyword.substr(kLegacyAuth.size()));
  return as_set(std::move(mechanisms)) == as_set(actual);
}

bool same_advertisement(const Capabilities& a, const Capabilities& b) {
  const auto is_within = [](const Capabilities& inner, const Capabilities& outer) {
    return std::all_of(inner.items.begin(), inner.items.end(), [&](const Capability& item) {
      return std::any_of(outer.items.begin(), outer.items.end(), [&](const Capability& other) {
        return base::equals_ignoring_case(item.keyword, other.keyword) &&
               arguments_match(item.keyword, item.parameters, other.parameters);
      });
    });
  };
  return is_within(a, b) && is_within(b, a);
}

}  // namespace smtpspec::wire
