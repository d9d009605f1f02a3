// Two runs compared, written out. Text is for a terminal: one line a change, the gravest first. The JSON document is
// "schema": "smtpspec-diff/1": newly_failing, fixed, newly_inconclusive, judged_again, newly_warned, other (each a list
// of
// {"id", "title", "before", "after", "reason"}), advertisements ({"where", "before", "after"}) and remarks.
#pragma once

#include <iosfwd>

#include "harness/verdict/comparison.h"

namespace smtpspec::reports {

void write_comparison_text(const verdict::Comparison& comparison, std::ostream& out);
void write_comparison_json(const verdict::Comparison& comparison, std::ostream& out);

}  // namespace smtpspec::reports
