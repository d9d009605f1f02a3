// Run records to test reports with. They are built from literals only, so that a golden file changes when a writer
// does.
#pragma once

#include "harness/verdict/run_record.h"

namespace smtpspec::golden {

// A run as a mail engineer would see it: every verdict, a transcript over TLS, a waiver, a crash, wire findings.
verdict::RunRecord plain_record();

// The same words, and everything that a hostile server or file can put into a record: all 256 octets, "]]>", NUL,
// invalid UTF-8, terminal escapes, workflow commands, a reply of 10,000 lines, a line of 100,000 octets, every value of
// every enumeration.
verdict::RunRecord hostile_record();

// As hostile_record(), by a writer of records that breaks the contract: raw octets where text should be.
verdict::RunRecord raw_record();

// A run against the built-in server in which all is well.
verdict::RunRecord conforming_record();

}  // namespace smtpspec::golden
