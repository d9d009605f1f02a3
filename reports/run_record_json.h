// The run record as a JSON document, "schema": "smtpspec-run/1"; the published JSON Schema is
// reports/schema/run-record.schema.json. Reading what was written gives the same record.
//
// Two kinds of strings. Octets (a wire entry's "octets", a crash's "output_tail") are in the form of base::escape():
// printable ASCII with a doubled backslash, \r \n \t \0 and \xHH. Everything else is text: a JSON string as it is. Text
// is valid UTF-8 by contract; an octet of it that is not is written visibly as \xHH, and then stays so.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

inline constexpr std::size_t kMaxRunRecordOctets = 256u << 20;  // larger documents are refused unread
inline constexpr std::size_t kMaxRunRecordDepth = 16;           // of nesting; the writer needs 5

void write_run_record(const verdict::RunRecord& record, std::ostream& out);

// Any octets may be given. The error is one sentence that names the place: "scenarios[3].verdict: unknown …".
// Unknown members are ignored: later versions of smtpspec-run/1 add some.
base::Result<verdict::RunRecord, std::string> read_run_record(std::string_view json);

}  // namespace smtpspec::reports
