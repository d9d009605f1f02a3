#include <memory>
#include <thread>

#include <CLI/CLI.hpp>

#include "harness/cli/command.h"
#include "harness/cli/run_options.h"
#include "harness/transport/tls_policy.h"

namespace smtpspec::cli {

void add_run_command(CLI::App& program, Chosen& chosen, std::string_view sound_digest) {
  struct Options {
    TargetOptions target;
    RunOptions run;
    std::string suite;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "run",
      "Run scenarios against a server.\n\n"
      "  smtpspec run --target 127.0.0.1:2525 --recipient me@example.org --report junit:r.xml\n\n"
      "Exit codes: 0 gate met, 1 a fail, a crash or a greeting that is not SMTP, 2 too little was judged, 3 usage, 4 "
      "target or tool.");
  options->target.add_to(*command);
  options->run.add_to(*command);
  command->add_option("--suite", options->suite, "Folder of scenarios; default: the suite of this program");
  command->callback([options, sound_digest, &chosen] {
    chosen = [options, sound_digest] {
      const std::jthread warming(transport::warm_up_tls);
      const Suite suite = load_suite_to_run(options->suite, sound_digest);
      const std::string name = options->suite.empty() ? "smtpspec run" : "smtpspec run --suite " + options->suite;
      return run_scenarios(suite, options->target, options->run, true, name);
    };
  });
}

void add_replay_command(CLI::App& program, Chosen& chosen) {
  struct Options {
    TargetOptions target;
    RunOptions run;
    std::string suite;
    std::vector<std::string> files;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "replay",
      "Run transcripts or scenario files outside the suite.\n\n"
      "  smtpspec replay talk.smtp --target 127.0.0.1:2525\n\n"
      "A transcript as pasted from a log is a scenario: C: lines are sent, S: lines are expected.");
  command->add_option("FILE", options->files, "Transcripts or scenario files")->required();
  options->target.add_to(*command);
  options->run.add_to(*command);
  command->add_option("--suite", options->suite, "Folder with the common blocks; default: the suite of this program");
  command->callback([options, &chosen] {
    chosen = [options] {
      const Suite suite = load_loose_files(options->files, options->suite);
      std::string name = "smtpspec replay";
      for (const auto& file : options->files) name += " " + file;
      return run_scenarios(suite, options->target, options->run, false, name);
    };
  });
}

}  // namespace smtpspec::cli
