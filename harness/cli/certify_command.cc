#include <iostream>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/bundle.h"
#include "harness/cli/command.h"
#include "harness/cli/disk_files.h"
#include "harness/cli/record_file.h"
#include "harness/cli/rejudged_run.h"
#include "harness/cli/run_options.h"
#include "harness/cli/version.h"
#include "harness/transport/digest.h"
#include "harness/transport/signature.h"
#include "harness/verdict/certification.h"
#include "harness/verdict/gate.h"
#include "reports/run_record_json.h"

namespace smtpspec::cli {
namespace {

constexpr std::size_t kMaxKeyOctets = 64 * 1024;
constexpr std::size_t kMaxSubjectOctets = 1u << 30;

struct Options {
  TargetOptions target;
  std::string record_file;  // empty: run now
  std::string key_file;
  std::string output;
  std::vector<std::string> subject_files;
  int jobs = 16;
  std::optional<std::uint64_t> seed;
  bool verbose = false;
};

int usage_error(const std::string& message) {
  std::cerr << "smtpspec: " << message << '\n';
  return verdict::kExitUsage;
}

base::Result<std::vector<reports::Subject>, std::string> read_subject_files(const std::vector<std::string>& files) {
  std::vector<reports::Subject> subjects;
  for (const auto& file : files) {
    const auto octets = read_file(file, kMaxSubjectOctets);
    if (!octets) return base::make_unexpected("--subject: " + octets.error());
    subjects.push_back({"subject:" + file.substr(file.rfind('/') + 1), transport::sha256_hex(*octets)});
  }
  return subjects;
}

// Everything there is, unless it was run before.
base::Result<verdict::RunRecord, int> make_record(const Options& options, const Suite& suite) {
  if (!options.record_file.empty()) {
    auto stored = read_record_file(options.record_file);
    if (!stored) return base::make_unexpected(usage_error("--record: " + stored.error()));
    if (stored->suite_digest != suite.digest || stored->tool_version != kVersion)
      return base::make_unexpected(usage_error("--record: it is not of this suite and this version of smtpspec"));
    return *std::move(stored);
  }
  RunOptions run;
  run.jobs = options.jobs;
  run.seed = options.seed;
  run.slow = true;
  run.impact = "stress";
  run.min_conclusive = verdict::kCertifiedConclusivePercent;
  run.verbose = options.verbose;
  run.keeps_whole_logs = true;
  run.ignores_expected_deviations = true;
  return play_scenarios(suite, options.target, run, true, "smtpspec run");
}

int certify(const Options& options) {
  const auto key = read_file(options.key_file, kMaxKeyOctets);
  if (!key) return usage_error("--key: " + key.error());
  // Told before a run of minutes, not after it.
  if (const auto tried = transport::sign_ed25519(*key, ""); !tried) return usage_error("--key: " + tried.error());
  auto subjects = read_subject_files(options.subject_files);
  if (!subjects) return usage_error(subjects.error());
  if (const auto can = can_be_written(options.output); !can) return usage_error("--output: " + can.error());

  const Suite suite = load_suite("", Linting::all);
  auto record = make_record(options, suite);
  if (!record) return record.error();
  // What is sealed is what a reader of the file gets, so that the reports can be made from it again, octet for octet.
  std::ostringstream written_record;
  reports::write_run_record(*record, written_record);
  auto read = reports::read_run_record(written_record.str());
  if (!read) {
    std::cerr << "smtpspec: the record cannot be read back: " << read.error() << '\n';
    return verdict::kExitUnavailable;
  }
  record = *std::move(read);
  const int exit_code = tell(*record, {}, options.verbose);
  auto objections = verdict::objections(*record);
  if (!options.record_file.empty()) {
    const auto again = rejudge_run(*record, suite);
    if (!again) objections.push_back(again.error());
    else if (!again->not_recorded.empty())
      objections.push_back(fmt::format("{} scenarios of the suite are not in the record, {} first",
                                       again->not_recorded.size(), again->not_recorded.front()));
  }
  if (!objections.empty()) {
    std::cerr << "smtpspec: not certified:\n";
    for (const auto& objection : objections) std::cerr << "  " << base::escape(objection) << '\n';
    return exit_code != verdict::kExitGateMet ? exit_code : static_cast<int>(verdict::kExitGateNotMet);
  }

  Files files = report_bundle(*record);
  auto suite_files = read_folder(suite.root);
  if (!suite_files) return usage_error(suite_files.error());
  for (auto& [name, octets] : *suite_files) files.emplace(std::string(kSuiteFolder) + "/" + name, std::move(octets));
  files.emplace(kManifestFile, manifest_of(files));
  const auto of_files = subjects_of(files);
  subjects->insert(subjects->end(), of_files.begin(), of_files.end());
  reports::Envelope envelope{reports::make_statement(*record, *subjects), "", ""};
  auto signature = transport::sign_ed25519(*key, reports::pre_authentication_encoding(envelope.payload));
  if (!signature) return usage_error("--key: " + signature.error());
  envelope.key_id = signature->key_id;
  envelope.signature = signature->octets;
  files.emplace(kAttestationFile, reports::write_envelope(envelope));
  if (const auto written = write_folder(options.output, files); !written) {
    std::cerr << "smtpspec: " << written.error() << '\n';
    return verdict::kExitUnavailable;
  }
  std::cout << fmt::format("certified: {} files in {}, signed by {}\n", files.size(), base::escape(options.output),
                           envelope.key_id);
  return verdict::kExitGateMet;
}

}  // namespace

void add_certify_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "certify",
      "Run the whole suite and, if nothing stands in the way, seal the result.\n\n"
      "  openssl genpkey -algorithm ed25519 -out key.pem\n"
      "  smtpspec certify --profile mine.toml --key key.pem --output certificate\n\n"
      "Everything is run, the slow scenarios too; there is no selection and no waiver, and nothing may be flaky.\n"
      "Exit codes: 0 certified, else those of smtpspec run (2: passed, and too little for a certificate).");
  options->target.add_to(*command);
  command->add_option("--key", options->key_file, "Ed25519 private key, PEM, not encrypted")->required();
  command->add_option("--output", options->output, "Folder to make")->required();
  command->add_option("--subject", options->subject_files,
                      "File that was tested, the server's program or image, repeatable: its digest is signed");
  command->add_option("--record", options->record_file,
                      "Seal this run record of this suite, made with --slow and --impact stress, and run nothing");
  command->add_option("--jobs", options->jobs, "Conversations at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of every random choice; printed in the record");
  command->add_flag("-v,--verbose", options->verbose, "Tell of every scenario");
  command->callback([options, &chosen] { chosen = [options] { return certify(*options); }; });
}

}  // namespace smtpspec::cli
