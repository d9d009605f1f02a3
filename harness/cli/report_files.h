// The reports that `--report FORMAT:PATH` asks for. What cannot be written is told before the run, not after it.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/verdict/run_record.h"
#include "reports/registry.h"

namespace smtpspec::cli {

struct ReportFile {
  reports::Format format;
  std::string path;
};

// The error has a line for each option that is of no use.
base::Result<std::vector<ReportFile>, std::string> parse_reports(const std::vector<std::string>& options);

// Could a file be written there? Nothing is created or changed.
base::Result<void, std::string> check_writable(const std::string& path);

// False: not all of them were written, and stderr says which.
bool write_reports(const verdict::RunRecord& record, const std::vector<ReportFile>& files);

}  // namespace smtpspec::cli
