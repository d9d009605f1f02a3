// --shard I/N, and --shard auto, which asks the variables that CI systems and Kubernetes set for parallel jobs:
//
//   CI_NODE_INDEX, from 1            CI_NODE_TOTAL                   GitLab
//   CIRCLE_NODE_INDEX, from 0        CIRCLE_NODE_TOTAL               CircleCI
//   BUILDKITE_PARALLEL_JOB, from 0   BUILDKITE_PARALLEL_JOB_COUNT    Buildkite
//   SEMAPHORE_JOB_INDEX, from 1      SEMAPHORE_JOB_COUNT             Semaphore
//   JOB_COMPLETION_INDEX, from 0     SMTPSPEC_SHARDS                 Kubernetes, an indexed Job, which does not tell
//   its
//                                                                    number of completions: the manifest has to
//
// They are asked for with `auto` only: GitLab sets them for `parallel: matrix` too, where every job is to run
// everything.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/verdict/conditions.h"

namespace smtpspec::cli {

// Nothing: the variable is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// `text` is "I/N" with 1 <= I <= N, or "auto". The error is one sentence: a word that is neither, numbers out of range,
// variables of more than one system or of none.
base::Result<verdict::Shard, std::string> parse_shard(std::string_view text, const Environment& environment);

Environment process_environment();

}  // namespace smtpspec::cli
