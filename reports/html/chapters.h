// The chapters of a run's report, in the order of the page. Each writes itself and is forgotten.
#pragma once

#include <iosfwd>

#include "reports/html/page.h"

namespace smtpspec::reports::html {

// What a report says first: whether the server conforms, how much was judged, and what there is to look at.
void write_masthead(std::ostream& out, const Index& index);
void write_filters(std::ostream& out, const Index& index);

// Everything that is not simply right, gravest first: failures, crashes, the form of replies, …
void write_findings(std::ostream& out, const Index& index);
// What passed, and what was not played.
void write_rest(std::ostream& out, const Index& index);

void write_specifications(std::ostream& out, const Index& index);
void write_requirements(std::ostream& out, const Index& index);

// What the server says of itself, before and after TLS and AUTH, and what the rules of each extension came to.
void write_extensions(std::ostream& out, const Index& index);
void write_environment(std::ostream& out, const Index& index);

}  // namespace smtpspec::reports::html
