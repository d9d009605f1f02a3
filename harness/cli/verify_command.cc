#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "harness/base/octets.h"
#include "harness/cli/bundle.h"
#include "harness/cli/command.h"
#include "harness/cli/disk_files.h"
#include "harness/cli/rejudged_run.h"
#include "harness/cli/version.h"
#include "harness/transport/digest.h"
#include "harness/transport/signature.h"
#include "harness/verdict/certification.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/gate.h"
#include "reports/run_record_json.h"

namespace smtpspec::cli {
namespace {

constexpr std::size_t kMaxKeyOctets = 64 * 1024;
constexpr std::size_t kMaxSubjectOctets = 1u << 30;
constexpr std::size_t kMostTold = 100;

struct Options {
  std::string bundle;
  std::string key_file;
  std::vector<std::string> subject_files;
};

// What is wrong with a bundle, each thing with the file that it is about.
class Findings {
 public:
  void add(std::string_view file, std::string_view what) {
    std::cout << fmt::format("{}: {}\n", base::escape(file), base::escape(what));
    ++count_;
  }
  bool is_empty() const { return count_ == 0; }

 private:
  int count_ = 0;
};

// The subjects that the signature vouches for; without a valid one, those of the manifest, to name what was altered.
std::vector<reports::Subject> check_signature(const Files& files, const std::string& key, Findings& findings) {
  const auto file = files.find(kAttestationFile);
  if (file == files.end()) {
    findings.add(kAttestationFile, "it is missing");
    return {};
  }
  const auto envelope = reports::read_envelope(file->second);
  if (!envelope) {
    findings.add(kAttestationFile, envelope.error());
    return {};
  }
  const auto is_signed =
      transport::verify_ed25519(key, reports::pre_authentication_encoding(envelope->payload), envelope->signature);
  const auto id = transport::key_id(key);
  if (!is_signed || !*is_signed || !id || *id != envelope->key_id) {
    findings.add(kAttestationFile, "the signature is not that of the key");
    return {};
  }
  const auto subjects = reports::read_subjects(envelope->payload);
  if (!subjects) {
    findings.add(kAttestationFile, subjects.error());
    return {};
  }
  return *subjects;
}

std::vector<reports::Subject> read_manifest(const Files& files) {
  std::vector<reports::Subject> subjects;
  const auto file = files.find(kManifestFile);
  if (file == files.end()) return subjects;
  constexpr std::size_t kDigestDigits = 64;
  std::string_view text = file->second;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.size() > kDigestDigits + 2)
      subjects.push_back({std::string(line.substr(kDigestDigits + 2)), std::string(line.substr(0, kDigestDigits))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return subjects;
}

void check_sums(const Files& files, const std::vector<reports::Subject>& subjects, Findings& findings) {
  std::set<std::string_view> known{kAttestationFile};
  for (const auto& subject : subjects) {
    if (subject.name.starts_with("subject:")) continue;
    known.insert(subject.name);
    const auto file = files.find(subject.name);
    if (file == files.end()) findings.add(subject.name, "it is missing");
    else if (transport::sha256_hex(file->second) != subject.sha256) findings.add(subject.name, "it was altered");
  }
  for (const auto& [name, octets] : files)
    if (!known.contains(name)) findings.add(name, "it is not part of the certificate");
}

void check_subject_files(const Options& options, const std::vector<reports::Subject>& subjects, Findings& findings) {
  for (const auto& file : options.subject_files) {
    const auto octets = read_file(file, kMaxSubjectOctets);
    const std::string digest = octets ? transport::sha256_hex(*octets) : "";
    const bool is_known = std::any_of(subjects.begin(), subjects.end(), [&](const auto& subject) {
      return subject.name.starts_with("subject:") && subject.sha256 == digest;
    });
    if (!is_known) findings.add(file, octets ? "the certificate is not about this file" : octets.error());
  }
}

// The bundle hangs together: now what it says is looked at again.
void check_record(const Options& options, const Files& files, Findings& findings) {
  const auto file = files.find(kRecordFile);
  const auto record = file == files.end()
                          ? base::Result<verdict::RunRecord, std::string>(base::make_unexpected(std::string("missing")))
                          : reports::read_run_record(file->second);
  if (!record) return findings.add(kRecordFile, record.error());
  for (const auto& objection : verdict::objections(*record)) findings.add(kRecordFile, objection);

  const Suite suite = load_suite(options.bundle + "/" + kSuiteFolder, Linting::all);
  if (!suite.problem.empty()) return findings.add(kSuiteFolder, suite.problem);
  if (suite.digest != record->suite_digest) findings.add(kSuiteFolder, "it is not the suite that was run");
  if (suite.has_errors()) return findings.add(kSuiteFolder, "this version of smtpspec cannot read it");
  const auto again = rejudge_run(*record, suite);
  if (!again) return findings.add(kRecordFile, again.error());
  if (!again->not_recorded.empty())
    findings.add(kRecordFile, fmt::format("{} scenarios of the suite are not in it, {} first",
                                          again->not_recorded.size(), again->not_recorded.front()));
  for (const auto& id : again->not_in_suite) findings.add(kRecordFile, id + " is not in the suite");
  std::size_t told = 0;
  for (std::size_t i = 0; i < again->record.scenarios.size(); ++i) {
    const auto& after = again->record.scenarios[i];
    const auto before = std::find_if(record->scenarios.begin(), record->scenarios.end(),
                                     [&](const auto& scenario) { return scenario.id == after.id; });
    if (before->verdict == after.verdict && before->checks == after.checks) continue;
    if (++told <= kMostTold)
      findings.add(kRecordFile, fmt::format("{}: recorded as {}, judged anew as {}", after.id,
                                            to_string(before->verdict), to_string(after.verdict)));
  }
  if (record->tool_version == kVersion && again->record.requirements != record->requirements)
    findings.add(kRecordFile, "its requirements are not what its scenarios come to");
  if (record->tool_version == kVersion)
    for (const auto& [name, octets] : report_bundle(*record))
      if (const auto found = files.find(name); found == files.end() || found->second != octets)
        findings.add(name, "it is not what the record gives");
  std::cout << fmt::format("{} of {} scenarios were judged anew from their recordings, {} could not be\n",
                           again->judged, record->scenarios.size(), again->not_rejudged.size());
  for (const auto& [scenario, reason] : again->not_rejudged)
    std::cout << fmt::format("  {}: {}\n", base::escape(scenario), base::escape(reason));
  std::cout << fmt::format("server: {} (role {}), suite {} {}, smtpspec {}\n", base::escape(record->target.address),
                           base::escape(record->target.role), base::escape(record->suite_version),
                           record->suite_digest.substr(0, 12), base::escape(record->tool_version));
  if (record->tool_version != kVersion)
    std::cout << fmt::format("note: it was made by another version than this one, {}; see reports/CERTIFICATION.md\n",
                             kVersion);
}

int verify(const Options& options) {
  const auto usage_error = [](const std::string& message) {
    std::cerr << "smtpspec: " << message << '\n';
    return static_cast<int>(verdict::kExitUsage);
  };
  const auto key = read_file(options.key_file, kMaxKeyOctets);
  if (!key) return usage_error("--key: " + key.error());
  if (const auto id = transport::key_id(*key); !id) return usage_error("--key: " + id.error());
  const auto files = read_folder(options.bundle);
  if (!files) return usage_error(files.error());

  Findings findings;
  const auto vouched = check_signature(*files, *key, findings);
  const auto listed = read_manifest(*files);
  if (!vouched.empty()) {
    check_sums(*files, vouched, findings);
  } else {
    auto subjects = listed;
    if (const auto manifest = files->find(kManifestFile); manifest != files->end())
      subjects.push_back({kManifestFile, transport::sha256_hex(manifest->second)});
    check_sums(*files, subjects, findings);
  }
  check_subject_files(options, vouched, findings);
  Files summed = *files;
  summed.erase(kManifestFile);
  summed.erase(kAttestationFile);
  if (findings.is_empty() && files->at(kManifestFile) != manifest_of(summed))
    findings.add(kManifestFile, "it is not the list of the files");
  if (findings.is_empty()) check_record(options, *files, findings);
  if (!findings.is_empty()) {
    std::cout << "the certificate does not hold\n";
    return verdict::kExitFail;
  }
  std::cout << "the certificate holds\n";
  return verdict::kExitGateMet;
}

}  // namespace

void add_verify_command(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("verify",
                                             "Check a certificate: signature, sums, and every verdict once more.\n\n"
                                             "  smtpspec verify certificate --key public.pem\n\n"
                                             "Every file that was altered, added or taken away is named, and every "
                                             "verdict that the recorded conversations do\n"
                                             "not bear out. Exit codes: 0 it holds, 1 it does not, 3 usage.");
  command->add_option("BUNDLE", options->bundle, "Folder that smtpspec certify made")->required();
  command->add_option("--key", options->key_file, "Ed25519 public key, PEM, of whom you trust")->required();
  command->add_option("--subject", options->subject_files, "File that the certificate must be about, repeatable");
  command->callback([options, &chosen] { chosen = [options] { return verify(*options); }; });
}

}  // namespace smtpspec::cli
