// The scenarios of a run: loaded, linted, and known by a digest.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/load.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::cli {

// Of the suite that this program knows: reports/CERTIFICATION.md says what each part of it promises.
inline constexpr const char* kSuiteVersion = "0.1.0";

struct Suite {
  std::string root;
  std::string digest;                         // SHA-256 over names and contents of its files
  std::vector<base::Diagnostic> diagnostics;  // of parser and linter
  std::string problem;                        // the suite as a whole cannot be read; empty: it can
  std::vector<scenario::Scenario> loaded;
  // In place of `loaded`, and the files behind it.
  std::shared_ptr<const scenario::FileSource> files;
  std::shared_ptr<scenario::SoundSuite> sound;

  const std::vector<scenario::Scenario>& scenarios() const { return sound ? sound->scenarios() : loaded; }
  bool has_errors() const;
};

// The suite that belongs to this program is linted before it is shipped; a run need not do it again.
enum class Linting { all, foreign_only };

// Every scenario below `root`, an empty root meaning the suite that belongs to this program.
Suite load_suite(const std::string& root, Linting linting);

// The same for a run. If the suite is the one that was loaded and linted without a complaint when this program was
// built, by its digest, only the heads are loaded: steps are, by suite.sound->complete(), when they are played.
Suite load_suite_to_run(const std::string& root, std::string_view sound_digest);

// Files outside the suite, by path from the working directory; common blocks are the suite's.
Suite load_loose_files(const std::vector<std::string>& paths, const std::string& suite_root);

// To stderr, all of them, with a closing count.
void print_diagnostics(const std::vector<base::Diagnostic>& diagnostics);

}  // namespace smtpspec::cli
