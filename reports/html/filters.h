// The form with which a reader narrows a page down. Hidden until the page's script has made it work.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/html/element.h"
#include "reports/html/page.h"

namespace smtpspec::reports::html {

struct Choice {
  std::string value;  // in the page's address
  std::string shown;
};

// The search field, and the form's attributes.
void add_search(Element form);
// A list of choices, and "any" before them.
void add_select(Element form, std::string_view name, std::string_view label, const std::vector<Choice>& choices);
// The same of words that are their own value.
void add_select(Element form, std::string_view name, std::string_view label, const std::vector<std::string>& words);
void add_checkbox(Element form, std::string_view name, std::string_view label);
// Outcome, level, specification and extension of the record's rules.
void add_rule_selects(Element form, const verdict::RunRecord& record);
// How much is shown, and the way back to all of it.
void add_found(Element form);

}  // namespace smtpspec::reports::html
