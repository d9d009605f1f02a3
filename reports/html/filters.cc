#include "reports/html/filters.h"

#include <algorithm>
#include <set>

namespace smtpspec::reports::html {

void add_search(Element form) {
  form.set("role", "search").set("hidden", "");
  auto search = form.add("label", "search");
  search.add("span", {}, "Search");
  search.add("input")
      .set("type", "search")
      .set("name", "q")
      .set("placeholder", "RSET, 5.1.1, RFC5321-4.1.1.2\xe2\x80\xa6")
      .set("autocomplete", "off");
}

void add_select(Element form, std::string_view name, std::string_view label, const std::vector<Choice>& choices) {
  auto field = form.add("label");
  field.add("span", {}, label);
  auto select = field.add("select");
  select.set("name", name);
  select.add("option", {}, "any").set("value", "");
  for (const auto& [value, shown] : choices) select.add("option", {}, shown).set("value", value);
}

void add_select(Element form, std::string_view name, std::string_view label, const std::vector<std::string>& words) {
  std::vector<Choice> choices;
  choices.reserve(words.size());
  for (const auto& word : words) choices.push_back({word, word});
  add_select(form, name, label, choices);
}

void add_checkbox(Element form, std::string_view name, std::string_view label) {
  auto field = form.add("label", "deep");
  field.add("input").set("type", "checkbox").set("name", name);
  field.add("span", {}, label);
}

void add_rule_selects(Element form, const verdict::RunRecord& record) {
  std::vector<std::string> documents;
  std::set<std::string> extensions;
  for (const auto& requirement : record.requirements) {
    const std::string document(document_of(requirement.section));
    if (std::find(documents.begin(), documents.end(), document) == documents.end()) documents.push_back(document);
    if (!requirement.extension.empty()) extensions.insert(requirement.extension);
  }
  std::sort(documents.begin(), documents.end(),
            [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  add_select(
      form, "outcome", "Rule",
      std::vector<std::string>{"satisfied", "violated", "not followed", "observed", "untested", "not applicable"});
  add_select(form, "level", "Level",
             std::vector<std::string>{"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "IMPLIED", "GRAMMAR"});
  add_select(form, "spec", "Specification", documents);
  add_select(form, "ext", "Extension", std::vector<std::string>{extensions.begin(), extensions.end()});
}

void add_found(Element form) {
  auto row = form.add("p", "found");
  row.add("output").set("name", "found").set("aria-live", "polite");
  row.add("button", {}, "Clear").set("type", "reset");
}

}  // namespace smtpspec::reports::html
