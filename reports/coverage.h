// The coverage of the requirement catalogue, written out: for a terminal, for a program, for a page. Text is plain and
// bounded by nothing but the catalogue; control octets of a foreign suite's names are escaped.
//
// The JSON document is "schema": "smtpspec-coverage/1": `summary`, `specifications` (each with its `sections`) and
// `observable` count requirements; `requirements` lists them with `state`, `scenarios`, and, where there is one,
// `finding`, `reason` and `outcome`. Counts are those of the whole coverage, whatever is listed.
#pragma once

#include <iosfwd>

#include "harness/verdict/coverage.h"

namespace smtpspec::reports {

// open: of the requirements only those that are neither covered nor explained.
enum class CoverageListing { all, open };

void write_coverage_text(const verdict::Coverage& coverage, CoverageListing listing, std::ostream& out);
void write_coverage_json(const verdict::Coverage& coverage, CoverageListing listing, std::ostream& out);
void write_coverage_markdown(const verdict::Coverage& coverage, CoverageListing listing, std::ostream& out);

}  // namespace smtpspec::reports
