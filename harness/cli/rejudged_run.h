// A stored run judged anew with a suite, as the commands that need no server do it.
#pragma once

#include "harness/base/result.h"
#include "harness/cli/suite.h"
#include "harness/runner/rejudge.h"

namespace smtpspec::cli {

// The suite's version, digest and gate are those of this run of the program. The suite must have no errors. The error
// is one sentence: the recorded selection cannot be read, or the recording is of scenarios outside any suite.
base::Result<runner::Rejudged, std::string> rejudge_run(const verdict::RunRecord& recorded, const Suite& suite);

}  // namespace smtpspec::cli
