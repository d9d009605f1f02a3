#include "harness/cli/suite.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include <fmt/format.h>

#include "harness/cli/disk_files.h"
#include "harness/scenario/lint.h"
#include "harness/scenario/load.h"
#include "harness/transport/digest.h"

namespace smtpspec::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLooseFileOctets = 4 * 1024 * 1024;

// The files of a suite on disk; those that belong to it, keep() reads once and for all.
class SuiteFiles final : public scenario::FileSource {
 public:
  explicit SuiteFiles(const std::string& root) : disk_(root) {}

  const DiskFiles& disk() const { return disk_; }
  const base::Result<std::string, std::string>& keep(const std::string& path) {
    return kept_.insert_or_assign(path, disk_.read_listed(path)).first->second;
  }
  base::Result<std::string, std::string> read(const std::string& path) const override {
    const auto found = kept_.find(path);
    return found == kept_.end() ? disk_.read(path) : found->second;
  }

 private:
  DiskFiles disk_;
  std::map<std::string, base::Result<std::string, std::string>> kept_;
};

// A transcript is bound to nothing: it is there to be replayed, not to judge every server by one server's talk.
enum class Transcripts { keep, leave_out };

void take(scenario::Loaded loaded, bool is_linted, Transcripts transcripts, Suite& suite) {
  if (transcripts == Transcripts::leave_out)
    std::erase_if(loaded.scenarios, [](const scenario::Scenario& scenario) { return scenario.checks.empty(); });
  // Where the syntax has mistakes, the suite is not the one that was linted before it was shipped.
  if (is_linted || loaded.has_errors()) scenario::lint_all(loaded, scenario::built_in_catalogue());
  suite.loaded = std::move(loaded.scenarios);
  suite.diagnostics = std::move(loaded.diagnostics);
}

// Root, files and digest of a suite; its paths, or none and a problem.
std::vector<std::string> open_suite(const std::string& root, Suite& suite) {
  const auto files = std::make_shared<SuiteFiles>(root.empty() ? default_suite_root() : root);
  suite.files = files;
  suite.root = files->disk().root();
  auto paths = files->disk().scenario_files();
  if (!paths) suite.problem = paths.error();
  else if (paths->empty()) suite.problem = "no scenario files (*.smtp) in " + suite.root;
  if (!suite.problem.empty()) return {};
  std::string content;
  for (const auto& path : *paths) content += path + '\0' + files->keep(path).value_or("") + '\0';
  const auto& common = files->keep(std::string(scenario::kCommonBlocksFile));
  content += std::string(scenario::kCommonBlocksFile) + '\0' + common.value_or("") + '\0';
  suite.digest = transport::sha256_hex(content);
  return *std::move(paths);
}

}  // namespace

bool Suite::has_errors() const {
  return !problem.empty() || std::any_of(diagnostics.begin(), diagnostics.end(), [](const auto& diagnostic) {
    return diagnostic.severity == base::Severity::error;
  });
}

Suite load_suite(const std::string& root, Linting linting) {
  Suite suite;
  const auto paths = open_suite(root, suite);
  if (!paths.empty())
    take(scenario::load_files(paths, *suite.files), linting == Linting::all || !root.empty(), Transcripts::leave_out,
         suite);
  return suite;
}

Suite load_suite_to_run(const std::string& root, std::string_view sound_digest) {
  Suite suite;
  const auto paths = open_suite(root, suite);
  if (paths.empty()) return suite;
  if (suite.digest == sound_digest) suite.sound = std::make_shared<scenario::SoundSuite>(paths, *suite.files);
  else take(scenario::load_files(paths, *suite.files), !root.empty(), Transcripts::leave_out, suite);
  return suite;
}

Suite load_loose_files(const std::vector<std::string>& paths, const std::string& suite_root) {
  Suite suite;
  const DiskFiles common_files(suite_root.empty() ? default_suite_root() : suite_root);
  suite.root = common_files.root();
  const std::string common = common_files.read(std::string(scenario::kCommonBlocksFile)).value_or("");
  std::string content;
  scenario::Loaded loaded;
  for (const auto& path : paths) {
    const auto text = read_file(path, kMaxLooseFileOctets);
    if (!text) {
      suite.problem += (suite.problem.empty() ? "" : "; ") + text.error();
      continue;
    }
    content += path + '\0' + *text + '\0';
    const DiskFiles beside(fs::path(path).has_parent_path() ? fs::path(path).parent_path().string() : ".");
    scenario::append(loaded, scenario::load_text(*text, path, common, beside));
  }
  suite.digest = transport::sha256_hex(content);
  take(std::move(loaded), true, Transcripts::keep, suite);
  return suite;
}

void print_diagnostics(const std::vector<base::Diagnostic>& diagnostics) {
  int errors = 0;
  int warnings = 0;
  for (const auto& diagnostic : diagnostics) {
    std::cerr << base::render(diagnostic);
    ++(diagnostic.severity == base::Severity::error ? errors : warnings);
  }
  if (errors + warnings > 0)
    std::cerr << fmt::format("{} error{}, {} warning{}\n", errors, errors == 1 ? "" : "s", warnings,
                             warnings == 1 ? "" : "s");
}

}  // namespace smtpspec::cli
