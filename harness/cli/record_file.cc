#include "harness/cli/record_file.h"

#include "harness/cli/disk_files.h"
#include "reports/run_record_json.h"

namespace smtpspec::cli {

base::Result<verdict::RunRecord, std::string> read_record_file(const std::string& path) {
  const auto text = read_file(path, reports::kMaxRunRecordOctets);
  if (!text) return base::make_unexpected(text.error());
  auto record = reports::read_run_record(*text);
  if (!record) return base::make_unexpected(path + " is no run record: " + record.error());
  return record;
}

}  // namespace smtpspec::cli
