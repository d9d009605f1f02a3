// A campaign as a run record, so that every report writer takes it: one scenario for each finding, and one that has
// passed for each oracle that found nothing.
#pragma once

#include <string>
#include <vector>

#include "fuzz/campaign/campaign.h"
#include "fuzz/mutator/vocabulary.h"
#include "harness/engine/secrets.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::cli {

// Without what `secrets` knows.
verdict::RunRecord fuzz_record(const std::vector<fuzz::Found>& findings, const fuzz::Status& status, int exit_code,
                               const engine::Secrets& secrets);

// A finding's scenario that names the profile's password, where the server was sent it, and does not hold it.
std::string without_password(std::string scenario, const fuzz::Vocabulary& words, const engine::Secrets& secrets);

}  // namespace smtpspec::cli
