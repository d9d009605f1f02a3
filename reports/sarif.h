// SARIF 2.1.0 (OASIS), for code scanning: one result for each missed check of a scenario, at the scenario's line, and
// for each broken rule on the form of replies and each crash.
//
//   level error     violated                        kind open      inconclusive: level none, one a scenario
//   level warning   warned                          suppressions   a waived deviation, with the waiver's reason
//
// What passed or does not apply is not written. A scenario in `error` is a notification of the invocation. Rules are
// the requirements that results are about, with the catalogue's words for help and the section of the RFC as helpUri.
// partialFingerprints hold "scenarioRequirement/v1": scenario id and requirement, which stay for ever. Paths are
// relative to the suite (uriBaseId SUITE).
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_sarif(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
