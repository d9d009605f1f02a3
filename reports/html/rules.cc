#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "reports/html/chapters.h"
#include "reports/html/evidence.h"
#include "reports/html/specification.h"

namespace smtpspec::reports::html {
namespace {

using verdict::RequirementResult;

void add_document(Element parent, const Document& document) {
  auto details = parent.add("details", "spec");
  auto summary = details.add("summary");
  summary.add("b", {}, document.name);
  summary.add("span", "subject", subject_of(document));
  add_bar(summary, document.tally);
  summary.add("span", "words", in_words(document.tally));
  auto list = details.add("ul", "sections");
  for (const auto& section : document.sections) {
    auto item = list.add("li");
    add_section_link(item, section.name);
    add_bar(item, section.tally);
    item.add("a", "words", in_words(section.tally)).set("href", "#" + anchor("sec-", section.name));
  }
}

void add_requirement(Element parent, const Index& index, const RequirementResult& requirement) {
  auto row = parent.add("details", "row rule");
  row.set("id", anchor("r-", requirement.id))
      .set("data-i", requirement.id)
      .set("data-o", word(outcome_of(requirement)));
  row.set("data-l", to_string(requirement.level)).set("data-d", document_of(requirement.section));
  if (!requirement.extension.empty()) row.set("data-e", requirement.extension);
  auto summary = row.add("summary");
  add_label(summary, word(outcome_of(requirement)));
  if (is_deviation(outcome_of(requirement)) && is_waived(index, requirement)) add_label(summary, "waived");
  summary.add("b", "level", to_string(requirement.level));
  summary.add("code", "id", requirement.id);
  summary.add("span", "title", requirement.summary);
  auto body = row.add("div", "evidence");
  auto list = body.add("dl");
  add_section_link(add_term(list, "Section"), requirement.section);
  if (!requirement.extension.empty()) add_fact(list, "Extension", requirement.extension);
  if (!requirement.ruling.empty()) add_fact(list, "Ruling", requirement.ruling);
  if (requirement.scenarios.empty()) {
    add_fact(list, "Scenarios", "None of this run.");
    return;
  }
  auto scenarios = add_term(list, "Scenarios").add("ul", "links");
  for (const auto& id : requirement.scenarios) {
    auto item = scenarios.add("li");
    const auto* scenario = index.scenario(id);
    if (scenario != nullptr) add_label(item, word(*scenario));
    add_scenario_link(item, index, id);
  }
}

}  // namespace

void write_specifications(std::ostream& out, const Index& index) {
  const auto documents = documents_of(index);
  if (documents.empty()) return;
  Fragment chapter("section", "chapter");
  auto root = chapter.root();
  root.set("id", "specifications").add("h2", {}, "By specification");
  root.add("p", "lead", "How many rules of each text were judged, and what they came to. Open one for its sections.");
  for (const auto& document : documents) add_document(root, document);
  chapter.write(out);
}

void write_requirements(std::ostream& out, const Index& index) {
  if (index.record.requirements.empty()) return;
  out << "<section class=\"chapter\" id=\"requirements\">\n";
  Fragment heading("h2");
  heading.root().text("Requirements ").add("span", "count", grouped(index.record.requirements.size()));
  heading.write(out);
  for (const auto& document : documents_of(index)) {
    for (const auto& section : document.sections) {
      Fragment part("section", "reason");
      part.root().set("id", anchor("sec-", section.name));
      add_section_link(part.root().add("h3"), section.name);
      for (const auto& requirement : index.record.requirements)
        if (requirement.section == section.name) add_requirement(part.root(), index, requirement);
      part.write(out);
    }
  }
  out << "</section>\n";
}

}  // namespace smtpspec::reports::html
