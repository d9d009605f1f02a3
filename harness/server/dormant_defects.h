// Faults of the plainest exchanges have a dormant form beside the plain one: it shows in certain circumstances of a
// session alone, as faults of state do. The plain form of a fault at the beginning of every conversation leaves nothing
// behind it that could be judged; in the dormant one a check can be shown to miss by itself.
#pragma once

#include <cstddef>
#include <string_view>

#include "harness/server/defect.h"

namespace smtpspec::server {

// Of a session, at its beginning and whenever a command has come.
struct Circumstances {
  bool follows_unnamed_session = false;  // the session before it ended without EHLO or HELO
  bool is_behind_noop = false;           // the command before is NOOP
  bool has_client = false;               // EHLO or HELO has been accepted
  bool is_tls = false;
  std::size_t mails = 0;     // MAIL commands before this one that were not out of place
  std::size_t resets = 0;    // RSET commands before this one
  std::size_t messages = 0;  // that were accepted before
};

// Those of `defects` that show now, in their dormant form if they have one.
DefectSet awake_defects(const DefectSet& defects, const Circumstances& now);

// When the dormant form shows, as "behind NOOP"; empty where the defect has none.
std::string_view dormant_circumstance(Defect defect);

}  // namespace smtpspec::server
