// A run as one self-contained HTML file: readable without a network and without a script, which only adds search,
// filters and the copying of commands. What a filter shows is in the page's address, so that it can be passed on.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_html(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
