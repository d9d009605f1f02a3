#include "harness/runner/selection.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"

namespace smtpspec::runner {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(base::trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool is_section_within(std::string_view section, std::string_view wanted) {
  return section == wanted ||
         (section.starts_with(wanted) && section.size() > wanted.size() && section[wanted.size()] == '.');
}

std::string_view name_of(std::string_view id) { return id.substr(0, id.find('[')); }

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

base::Result<Selection::Term, std::string> Selection::parse_term(std::string_view text) {
  Term term;
  if (text.starts_with('!')) {
    term.is_negated = true;
    text = base::trimmed(text.substr(1));
  }
  if (text.empty()) return base::make_unexpected(std::string("an empty term selects nothing"));
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    term.kind = text.starts_with("RFC") || text.starts_with("5321bis") ? Kind::requirement : Kind::id;
    term.pattern = std::string(text);
    return term;
  }
  static const std::array<std::pair<std::string_view, Kind>, 8> kKinds{{{"id", Kind::id},
                                                                        {"requirement", Kind::requirement},
                                                                        {"tag", Kind::tag},
                                                                        {"section", Kind::section},
                                                                        {"level", Kind::level},
                                                                        {"extension", Kind::extension},
                                                                        {"impact", Kind::impact},
                                                                        {"role", Kind::role}}};
  const std::string_view word = text.substr(0, colon);
  const auto* const it =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.first == word; });
  if (it == kKinds.end()) {
    std::vector<std::string> words;
    for (const auto& kind : kKinds) words.emplace_back(kind.first);
    const std::string nearest = base::nearest_spelling(word, words);
    return base::make_unexpected(fmt::format("unknown kind of term '{}:'{}", base::escape(word),
                                             nearest.empty() ? "" : fmt::format("; did you mean '{}:'?", nearest)));
  }
  term.kind = it->second;
  term.pattern = std::string(text.substr(colon + 1));
  if (term.kind == Kind::level) std::replace(term.pattern.begin(), term.pattern.end(), '-', ' ');
  if (term.pattern.empty()) return base::make_unexpected(fmt::format("'{}:' names nothing", word));
  return term;
}

base::Result<Selection, std::string> Selection::parse(std::string_view expression) {
  Selection selection;
  for (const auto alternative : split(expression, ',')) {
    std::vector<Term> all;
    for (const auto part : split(alternative, '&')) {
      auto term = parse_term(part);
      if (!term) return base::make_unexpected(term.error());
      all.push_back(std::move(*term));
    }
    selection.either_.push_back(std::move(all));
  }
  return selection;
}

bool Selection::holds(const Term& term, const scenario::Instance& instance, const scenario::Catalogue& catalogue) {
  const scenario::Scenario& scenario = *instance.scenario;
  const auto any_requirement = [&](auto predicate) {
    return std::any_of(scenario.checks.begin(), scenario.checks.end(), [&](const std::string& id) {
      const scenario::Requirement* entry = catalogue.primary(id);
      return entry && predicate(*entry);
    });
  };
  switch (term.kind) {
    case Kind::id:
      return matches_glob(term.pattern, instance.id) || matches_glob(term.pattern, name_of(instance.id));
    case Kind::requirement:
      return std::any_of(scenario.checks.begin(), scenario.checks.end(),
                         [&](const std::string& id) { return matches_glob(term.pattern, id); });
    case Kind::tag:
      return scenario.has_tag(term.pattern);
    case Kind::section:
      return any_requirement([&](const auto& entry) { return is_section_within(entry.section, term.pattern); });
    case Kind::level:
      return any_requirement(
          [&](const auto& entry) { return base::equals_ignoring_case(verdict::to_string(entry.level), term.pattern); });
    case Kind::extension:
      return any_requirement(
                 [&](const auto& entry) { return base::equals_ignoring_case(entry.extension, term.pattern); }) ||
             std::any_of(scenario.needs.begin(), scenario.needs.end(), [&](const scenario::Need& need) {
               return need.kind == scenario::Need::Kind::extension &&
                      base::equals_ignoring_case(need.keyword, term.pattern);
             });
    case Kind::impact:
      return to_string(scenario.impact) == term.pattern;
    case Kind::role:
      return scenario.roles.empty() ||
             std::any_of(scenario.roles.begin(), scenario.roles.end(), [&](scenario::Role role) {
               return role == scenario::Role::any || to_string(role) == term.pattern;
             });
  }
  return false;
}

bool Selection::selects(const scenario::Instance& instance, const scenario::Catalogue& catalogue) const {
  return std::any_of(either_.begin(), either_.end(), [&](const std::vector<Term>& all) {
    return std::all_of(all.begin(), all.end(),
                       [&](const Term& term) { return holds(term, instance, catalogue) != term.is_negated; });
  });
}

}  // namespace smtpspec::runner
