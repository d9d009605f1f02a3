// The floor under a suite's wall time: the conversations of a run record, played again by a client that judges nothing
// and decides nothing, at the same parallelism.
#pragma once

#include <set>
#include <string>

#include "harness/transport/endpoint.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::bench {

struct ReplayResult {
  int conversations = 0;
  int left_out = 0;  // they are not_replayable()
  int diverged = 0;  // the server broke off where it had not before
  double seconds = 0;
};

// The scenarios with a timeout, a pause, a mailbox, a secret or an abridged send in them: of those there is no floor.
std::set<std::string> not_replayable(const verdict::RunRecord& record);

ReplayResult replay(const verdict::RunRecord& record, const transport::Endpoint& endpoint, int jobs);

}  // namespace smtpspec::bench
