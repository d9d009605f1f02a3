// A campaign as a run record, so that every report writer takes it: one scenario for each finding, and one that has
// passed for each oracle that found nothing.
#pragma once

#include <vector>

#include "fuzz/campaign/campaign.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::cli {

verdict::RunRecord fuzz_record(const std::vector<fuzz::Found>& findings, const fuzz::Status& status, int exit_code);

}  // namespace smtpspec::cli
