// The floor under a suite's wall time: the conversations of a run record, played again by a client that judges nothing
// and decides nothing, at the same parallelism.
#pragma once

#include "harness/transport/endpoint.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::bench {

struct ReplayResult {
  int conversations = 0;
  int left_out = 0;  // with a timeout, a handshake or a mailbox in them: no floor can be replayed for those
  int diverged = 0;  // the server broke off where it had not before
  double seconds = 0;
};

ReplayResult replay(const verdict::RunRecord& record, const transport::Endpoint& endpoint, int jobs);

}  // namespace smtpspec::bench
