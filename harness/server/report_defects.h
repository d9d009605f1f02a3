// The defects of notices: who is told of what, and what a delivery status notification says (RFC 3461, RFC 3464).
#pragma once

#include <string>
#include <vector>

#include "harness/server/defect.h"
#include "harness/server/delivery_report.h"
#include "harness/server/environment.h"

namespace smtpspec::server {

// Those of `failures` that the notice names; none: there is no notice. RFC 3461 §4.1: without NOTIFY a failure is told.
std::vector<Recipient> recipients_to_report(const std::vector<Recipient>& failures, const DefectSet& defects);

// True if the whole message comes back (RFC 3461 §4.3). `ret`: the RET value as sent, or "".
bool returns_whole_message(const std::string& ret, const DefectSet& defects);

// `report`, which tells of `facts`, as the defects write it.
std::string with_report_defects(std::string report, const ReportFacts& facts, const DefectSet& defects);

}  // namespace smtpspec::server
