// JUnit XML in the strict dialect of Jenkins' junit-10.xsd (ci/schema/junit-strict.xsd is the subset written here).
//
//   failure   the server is at fault: a fail, a crash, a broken rule on the form of replies
//   error     could not test: inconclusive, a fault of the tester, a gate that is not met
//   skipped   not applicable, skipped by choice, or a fail that is waived (type "waived", the waiver's reason)
//   passed    pass and warn; the missed SHOULD stands in system-out
//
// A flaky scenario keeps its verdict and says "flaky" in its message, or in system-out if it passed. The whole
// transcript stands in the failure text, because that is all that some viewers show. A testsuite is the first two parts
// of the scenario ids ("smtp.data"); classname is "smtpspec." + the stem of the scenario's file. The suite
// "smtpspec.run" holds the gate, so that a run whose exit code is not 0 is never green. Times are seconds, timestamps
// UTC.
//
// The extended form (ci/schema/junit-extended.xsd) adds to each testcase of a scenario its file and line, and
// properties: verdict, cause, requirement (one each), tag (one each), attempts, flaky, waived.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_junit(const verdict::RunRecord& record, std::ostream& out);
void write_junit_extended(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
