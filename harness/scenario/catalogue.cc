#include "harness/scenario/catalogue.h"

#include <algorithm>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/base/octets.h"

namespace smtpspec::scenario {

std::string citation(const Requirement& requirement) {
  return std::string(requirement.document) + " §" + std::string(requirement.section);
}

const Requirement* Catalogue::find(std::string_view id) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), id,
                                   [](const Requirement& entry, std::string_view wanted) { return entry.id < wanted; });
  return at != entries_.end() && at->id == id ? &*at : nullptr;
}

const Requirement* Catalogue::primary(std::string_view id) const {
  const Requirement* entry = find(id);
  // same_as names a primary entry at once: the catalogue's compiler refuses chains.
  return entry != nullptr && !entry->same_as.empty() ? find(entry->same_as) : entry;
}

std::string Catalogue::nearest(std::string_view id) const {
  constexpr std::size_t kLongestId = 64;
  if (id.size() > kLongestId) return {};
  std::vector<std::string> ids;
  ids.reserve(entries_.size());
  for (const Requirement& entry : entries_) ids.emplace_back(entry.id);
  return base::nearest_spelling(id, ids);
}

const UntestedEntry* find_untested(std::string_view requirement) {
  const auto all = built_in_untested();
  const auto at =
      std::lower_bound(all.begin(), all.end(), requirement,
                       [](const UntestedEntry& entry, std::string_view wanted) { return entry.requirement < wanted; });
  return at != all.end() && at->requirement == requirement ? &*at : nullptr;
}

const KeywordEntry* find_keyword(std::string_view keyword) {
  const std::string wanted = base::to_upper(keyword);
  const auto all = built_in_keywords();
  const auto at =
      std::lower_bound(all.begin(), all.end(), wanted,
                       [](const KeywordEntry& entry, const std::string& name) { return entry.keyword < name; });
  return at != all.end() && at->keyword == wanted ? &*at : nullptr;
}

}  // namespace smtpspec::scenario
