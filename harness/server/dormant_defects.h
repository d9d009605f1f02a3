// Defects that show in certain circumstances of a session alone, as faults of state do: so that only what meets these
// circumstances is spoiled, and the rest of a conversation can still be judged.
#pragma once

#include <cstddef>

#include "harness/server/defect.h"

namespace smtpspec::server {

// Of a session, at its beginning and whenever a command has come.
struct Circumstances {
  bool follows_unnamed_session = false;  // the session before it ended without EHLO or HELO
  bool is_behind_noop = false;           // the command before is NOOP
  bool was_noop_before_tls = false;      // and this one is within the TLS that the one behind NOOP began
  bool has_client = false;               // EHLO or HELO has been accepted
  bool is_tls = false;
  std::size_t mails = 0;     // MAIL commands before this one that were not out of place
  std::size_t resets = 0;    // RSET commands before this one
  std::size_t messages = 0;  // that were accepted before
};

// Those of `defects` that show now.
DefectSet awake_defects(const DefectSet& defects, const Circumstances& now);

}  // namespace smtpspec::server
