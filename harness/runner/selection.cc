#include "harness/runner/selection.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

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

namespace {

// Every prefix of a scenario's name that ends in a dot, with a star behind it.
void add_families(const std::string& name, std::set<std::string>& out) {
  for (auto dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
    out.insert(name.substr(0, dot + 1) + "*");
}

std::vector<std::string> listed(const std::set<std::string>& names) { return {names.begin(), names.end()}; }

std::string prefixed(std::string_view prefix, const std::string& name) {
  return name.empty() ? std::string{} : std::string(prefix) + name;
}

// The instances of the scenario that is named, or of the nearest one.
std::string nearest_instance(const std::string& pattern, const std::vector<scenario::Scenario>& scenarios) {
  std::vector<std::string> names;
  for (const auto& scenario : scenarios) {
    if (scenario.name != name_of(pattern)) names.push_back(scenario.name);
    else {
      std::vector<std::string> ids;
      for (auto& instance : scenario::instances_of(scenario)) ids.push_back(std::move(instance.id));
      const std::string near = base::nearest_spelling(pattern, ids);
      return near.empty() ? scenario.name : near;
    }
  }
  return base::nearest_spelling(name_of(pattern), names);
}

}  // namespace

std::string Selection::nearest(const Term& term, const std::vector<scenario::Scenario>& scenarios,
                               const scenario::Catalogue& catalogue) {
  constexpr std::size_t kLongestPattern = 128;
  if (term.pattern.size() > kLongestPattern) return {};
  std::set<std::string> names;
  std::set<std::string> families;
  std::set<std::string> tags;
  std::set<std::string> extensions;
  std::set<std::string> requirements;
  for (const auto& scenario : scenarios) {
    names.insert(scenario.name);
    add_families(scenario.name, families);
    tags.insert(scenario.tags.begin(), scenario.tags.end());
    for (const auto& need : scenario.needs)
      if (need.kind == scenario::Need::Kind::extension) extensions.insert(need.keyword);
    for (const auto& id : scenario.checks) {
      requirements.insert(id);
      const auto* entry = catalogue.primary(id);
      if (entry != nullptr && !entry->extension.empty()) extensions.emplace(entry->extension);
    }
  }
  const std::string& pattern = term.pattern;
  switch (term.kind) {
    case Kind::id: {
      if (tags.contains(pattern)) return "tag:" + pattern;
      if (extensions.contains(base::to_upper(pattern))) return "extension:" + base::to_upper(pattern);
      const auto bracket = pattern.find('[');
      if (bracket != std::string::npos) return nearest_instance(pattern, scenarios);
      if (families.contains(pattern + ".*")) return pattern + ".*";
      if (pattern.find('*') != std::string::npos) return base::nearest_spelling(pattern, listed(families));
      std::string near = base::nearest_spelling(pattern, listed(names));
      if (near.empty()) near = base::nearest_spelling(pattern + ".*", listed(families));
      if (near.empty()) near = prefixed("tag:", base::nearest_spelling(pattern, listed(tags)));
      for (auto dot = pattern.rfind('.'); near.empty() && dot != std::string::npos && dot > 0;
           dot = pattern.rfind('.', dot - 1)) {
        const auto family = families.find(pattern.substr(0, dot) + ".*");
        if (family != families.end()) near = *family;
      }
      return near;
    }
    case Kind::requirement:
      return base::nearest_spelling(pattern, listed(requirements));
    case Kind::tag:
      return prefixed("tag:", base::nearest_spelling(pattern, listed(tags)));
    case Kind::extension:
      return prefixed("extension:", base::nearest_spelling(pattern, listed(extensions)));
    case Kind::section:
    case Kind::level:
    case Kind::impact:
    case Kind::role:
      break;
  }
  return {};
}

std::vector<std::string> Selection::idle_terms(const std::vector<scenario::Scenario>& scenarios,
                                               const scenario::Catalogue& catalogue) const {
  std::vector<std::string> sentences;
  std::vector<scenario::Instance> instances;
  for (const auto& scenario : scenarios) {
    auto some = scenario::instances_of(scenario);
    std::move(some.begin(), some.end(), std::back_inserter(instances));
  }
  for (const auto& all : either_) {
    for (const Term& term : all) {
      const auto answers = [&](const scenario::Instance& instance) { return holds(term, instance, catalogue); };
      if (std::any_of(instances.begin(), instances.end(), answers)) continue;
      std::string sentence = fmt::format("no scenario answers to '{}'", base::escape(term.text));
      if (term.kind == Kind::requirement && catalogue.find(term.pattern) != nullptr) {
        sentence += fmt::format("; 'smtpspec explain {}' says more", term.pattern);
      } else if (const auto near = nearest(term, scenarios, catalogue); !near.empty()) {
        sentence += fmt::format("; did you mean '{}'?", near);
      }
      if (std::find(sentences.begin(), sentences.end(), sentence) == sentences.end())
        sentences.push_back(std::move(sentence));
    }
  }
  return sentences;
}

// The words that a kind of term knows; null: any name.
const std::vector<std::string>* Selection::words_of(Kind kind) {
  static const std::vector<std::string> kLevels{"MUST", "MUST NOT", "SHOULD", "SHOULD NOT",
                                                "MAY",  "IMPLIED",  "GRAMMAR"};
  static const std::vector<std::string> kImpacts{"probe", "deliver", "stress"};
  static const std::vector<std::string> kRoles{"mx", "submission", "lmtp"};
  if (kind == Kind::level) return &kLevels;
  if (kind == Kind::impact) return &kImpacts;
  return kind == Kind::role ? &kRoles : nullptr;
}

base::Result<Selection::Term, std::string> Selection::parse_term(std::string_view text) {
  Term term;
  if (text.starts_with('!')) {
    term.is_negated = true;
    text = base::trimmed(text.substr(1));
  }
  if (text.empty()) return base::make_unexpected(std::string("an empty term selects nothing"));
  term.text = std::string(text);
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
  if (const auto* words = words_of(term.kind); words != nullptr) {
    const auto is_same = [&](const std::string& known) { return base::equals_ignoring_case(known, term.pattern); };
    const auto known = std::find_if(words->begin(), words->end(), is_same);
    if (known == words->end()) {
      const std::string nearest = base::nearest_spelling(term.pattern, *words);
      return base::make_unexpected(
          fmt::format("'{}': known are {}{}", base::escape(text), fmt::join(*words, ", "),
                      nearest.empty() ? "" : fmt::format("; did you mean '{}:{}'?", word, nearest)));
    }
    term.pattern = *known;
  }
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
