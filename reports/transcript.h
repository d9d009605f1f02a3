// The wire log of a scenario as a person reads it: one line an SMTP line or event, with the scenario's line, the time
// since the scenario began in seconds, octets escaped, and an arrow at the line that decided the verdict:
//
//       12    0.003  C: MAIL FROM:<a@@b>
//   >   13    0.004  S: 250 2.1.0 ok
//                       ^ expected 5xx
//
// A line's own CRLF is not shown; any other line end is ("\n"), so is its absence, and a last space is \x20. With
// several connections each line names its own: C2:, S2:.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/verdict/run_record.h"

namespace smtpspec::reports {

struct TranscriptOptions {
  std::size_t max_line_octets = 200;  // of the wire; the rest becomes "... 800 octets more"
  std::size_t max_lines = 60;         // more are left out in the middle; the deciding line always stays
};

struct TranscriptLine {
  enum class Kind { client, server, event, tls_boundary, remark };  // remark: ours, below a line or in place of some
  std::string text;
  bool decides = false;  // the deciding line, or the remark below it
  // For reports that set a line in type instead of printing it. Positions are those of octets in `text`.
  Kind kind = Kind::remark;
  bool is_encrypted = false;     // it went through TLS
  std::size_t body = 0;          // where "C: ", "S: " or "-- " begins; before it stand the arrow, line and time
  std::size_t marked = 0;        // where that begins on which the verdict rests, as escaped octets
  std::size_t marked_until = 0;  // … and ends; equal: nothing in particular
};

std::vector<TranscriptLine> transcript_lines(const verdict::ScenarioResult& scenario, TranscriptOptions options = {});

// The same as one text, each line ending in a newline. Printable ASCII and newlines only.
std::string annotated_transcript(const verdict::ScenarioResult& scenario, TranscriptOptions options = {});

// Why a scenario came to what it did: the check that decided its verdict, or null where none did.
const verdict::CheckResult* deciding_check(const verdict::ScenarioResult& scenario);

}  // namespace smtpspec::reports
