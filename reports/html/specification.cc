#include "reports/html/specification.h"

#include <algorithm>
#include <map>
#include <string>

namespace smtpspec::reports::html {

std::vector<Document> documents_of(const Index& index) {
  std::map<std::string_view, Document> by_name;
  for (const auto& requirement : index.record.requirements) {
    Document& document = by_name[document_of(requirement.section)];
    document.name = document_of(requirement.section);
    document.tally.add(index, requirement);
    if (!requirement.extension.empty()) document.extensions.insert(requirement.extension);
    auto& sections = document.sections;
    auto it = std::find_if(sections.begin(), sections.end(),
                           [&](const Section& section) { return section.name == requirement.section; });
    if (it == sections.end()) it = sections.insert(sections.end(), {requirement.section, {}});
    it->tally.add(index, requirement);
  }
  std::vector<Document> list;
  for (auto& [name, document] : by_name) {
    const auto number = [name = name](const Section& section) {
      return section.name.substr(std::min(section.name.size(), name.size() + 3));  // behind " §"
    };
    std::sort(document.sections.begin(), document.sections.end(),
              [&](const Section& a, const Section& b) { return is_before(number(a), number(b)); });
    list.push_back(std::move(document));
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Document& a, const Document& b) { return a.tally.total() > b.tally.total(); });
  return list;
}

std::string subject_of(const Document& document) {
  // What a document of many extensions is about is not told by naming a few of them.
  if (document.extensions.empty() || document.extensions.size() > 3) return "";
  std::string out;
  for (const auto extension : document.extensions) out += (out.empty() ? "" : ", ") + std::string(extension);
  return out;
}

}  // namespace smtpspec::reports::html
