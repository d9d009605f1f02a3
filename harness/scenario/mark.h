// How a line that is sent or expected begins: `C:` `C2:` `C|` `C.` `C.raw` `S:` `S2:`, and in a bare transcript the
// arrows of common logs (swaks' `->` `<-` `~>` `<~` `<**`, `>>>` `<<<`) and a time of day before `C:` and `S:`.
#pragma once

#include <cstddef>
#include <optional>

#include "harness/scenario/source_text.h"

namespace smtpspec::scenario {

struct Mark {
  enum class Kind { line, octets, message, raw_message, reply };
  Kind kind = Kind::line;
  int connection = 1;
  std::size_t text = 0;   // offset behind the mark in Line::raw; one blank behind it is part of the mark
  bool is_arrow = false;  // a log's own spelling
  bool is_message() const { return kind == Kind::message || kind == Kind::raw_message; }
};

std::optional<Mark> read_mark(const Line& line, bool is_transcript);

// `=== Connected to …`, `*** …`: what swaks says to its user. "=== TLS started" is none: it is a step.
bool is_log_remark(const Line& line);
bool is_log_tls_start(const Line& line);

}  // namespace smtpspec::scenario
