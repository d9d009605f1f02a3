// The options of a run that do not say what the server is: what to run, how, and what to make of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cli/report_files.h"
#include "harness/cli/suite.h"
#include "harness/cli/target_options.h"
#include "harness/runner/plan.h"
#include "harness/verdict/run_record.h"

namespace CLI {
class App;
}

namespace smtpspec::cli {

struct RunOptions {
  std::string select;
  std::string exclude;
  int jobs = 16;
  std::optional<std::uint64_t> seed;
  bool shuffle = false;
  int repeat = 1;
  int confirm = 1;
  double timeout_seconds = 0;  // 0: the profile's
  double time_scale = 1.0;
  std::string shard;   // empty: the whole
  std::string impact;  // empty: by where the server is
  bool slow = false;
  std::vector<std::string> waiver_files;
  std::string fail_on = "fail";
  double min_conclusive = 80.0;
  std::vector<std::string> reports;  // FORMAT:PATH
  bool verbose = false;
  bool keeps_whole_logs = false;             // no option: `certify` does
  bool ignores_expected_deviations = false;  // of the profile; likewise

  void add_to(CLI::App& command);
};

// Plays what is asked for and judges the gate; nothing is told. The error is an exit code, after stderr has said why.
base::Result<verdict::RunRecord, int> play_scenarios(const Suite& suite, const TargetOptions& target_options,
                                                     const RunOptions& options, bool is_whole_suite,
                                                     const std::string& command_name);

// The console's report and those that were asked for; the gate's exit code.
int tell(const verdict::RunRecord& record, const std::vector<ReportFile>& report_files, bool is_verbose);

// Everything from loaded scenarios to exit code. `is_whole_suite`: the scenarios are a suite, not loose files.
int run_scenarios(const Suite& suite, const TargetOptions& target_options, const RunOptions& options,
                  bool is_whole_suite, const std::string& command_name);

}  // namespace smtpspec::cli
