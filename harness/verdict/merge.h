// The shards of a run put together again: the record is the one that a single run would have made, but for its times.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::verdict {

// In any order. Refused, with one sentence: a shard that is missing or there twice; records of another suite, tool,
// role, profile, selection or gate than the first; servers that advertise different extensions, because then different
// scenarios applied. Waivers are taken off again and gate and summary are those without: the caller applies waivers to
// the whole, because a waiver that is stale in one shard may be used in another.
base::Result<RunRecord, std::string> merge(std::vector<RunRecord> shards);

}  // namespace smtpspec::verdict
