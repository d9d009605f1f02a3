// A run record from a file that the user names.
#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::cli {

// The error is one sentence that names the file.
base::Result<verdict::RunRecord, std::string> read_record_file(const std::string& path);

}  // namespace smtpspec::cli
