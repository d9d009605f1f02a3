// TAP, version 14 (https://testanything.org/tap-version-14-specification.html): one test point a case of test_case.h.
//
//   ok 12 - smtp.rset.twice                                       passed; a warning stands in the diagnostics
//   not ok 13 - smtp.vrfy.twin                                    a failure, or an error: `severity` says which
//   ok 14 - smtp.bdat.chunks # SKIP CHUNKING is not advertised
//   not ok 15 - smtp.data.dots # TODO waived: …                   a deviation that is waived
//
// Diagnostics are YAML of the plainest kind, double-quoted strings and literal blocks, which consumers of version 13
// read too. Printable text only; `#` and `\` in a description are escaped.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_tap(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
