// The badge of a run for shields.io, as its endpoint schema wants it (https://shields.io/badges/endpoint-badge): never
// more than reports/conclusion.h says of the server.
#pragma once

#include <iosfwd>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

void write_badge(const verdict::RunRecord& record, std::ostream& out);

}  // namespace smtpspec::reports
