// The Common Test Report Format (https://ctrf.io), of whose schema ci/schema/ctrf.schema.json is a copy: one test a
// case of test_case.h, its status
//   passed   pass and warn                      failed   a fail, a crash, a broken rule, a gate that is shut by one
//   skipped  not applicable, skipped, waived    other    inconclusive, an error, a gate that is not met
// rawStatus keeps the verdict. Durations are milliseconds, rounded up, so that only what took none is 0.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_ctrf(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
