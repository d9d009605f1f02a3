// The instances of a suite that --select and --exclude leave.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cli/suite.h"
#include "harness/verdict/conditions.h"

namespace smtpspec::cli {

// In suite order. A term that selects nothing is told on stderr; the error is one sentence that names the option.
base::Result<std::vector<scenario::Instance>, std::string> selected_instances(const Suite& suite,
                                                                              const std::string& select,
                                                                              const std::string& exclude);

// Every k-th of them that belongs to the shard.
void keep_shard(const verdict::Shard& shard, std::vector<scenario::Instance>& instances);

}  // namespace smtpspec::cli
