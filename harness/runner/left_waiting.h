// A server that serves one client at a time (RFC 5321 §4.5.4.2 has servers serve several) greets the next one when the
// one before it has left. Whoever is left waiting meanwhile has learnt nothing of what it was to find out.
#pragma once

#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

enum class LeftWaiting {
  no,
  behind_others,  // the conversation had no connection that was served: the others had
  behind_itself,  // another connection of the same conversation was served
};

// Of a conversation that came to its end when a greeting was not there in time.
LeftWaiting left_waiting(const verdict::WireLog& log);

}  // namespace smtpspec::runner
