// The requirements of a run by the text that they are from.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "reports/html/page.h"

namespace smtpspec::reports::html {

struct Section {
  std::string_view name;  // "RFC 5321 §4.1.1.2"
  Tally tally;
};

struct Document {
  std::string_view name;  // "RFC 5321"
  std::set<std::string_view> extensions;
  Tally tally;
  std::vector<Section> sections;  // in the order of their numbers
};

// The documents with the most rules first: that is RFC 5321, and then the larger extensions. The names are those of the
// index's record.
std::vector<Document> documents_of(const Index& index);

// "SIZE": what a document is about, as far as its rules tell.
std::string subject_of(const Document& document);

}  // namespace smtpspec::reports::html
