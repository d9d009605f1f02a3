// A run on one page of Markdown, for a pull request or a job's summary: the conclusion, the counts, the failures with
// their rules, the first of them with their transcripts. Bounded, because GitHub takes no comment above 65,536
// characters: what is left out is counted.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_summary_markdown(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
