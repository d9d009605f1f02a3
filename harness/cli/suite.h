// The scenarios of a run: loaded, linted, and known by a digest.
#pragma once

#include <string>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::cli {

struct Suite {
  std::string root;
  std::string digest;  // SHA-256 over names and contents of its files
  std::vector<scenario::Scenario> scenarios;
  std::vector<base::Diagnostic> diagnostics;  // of parser and linter
  std::string problem;                        // the suite as a whole cannot be read; empty: it can
  bool has_errors() const;
};

// The suite that belongs to this program is linted before it is shipped; a run need not do it again.
enum class Linting { all, foreign_only };

// Every scenario below `root`, an empty root meaning the suite that belongs to this program.
Suite load_suite(const std::string& root, Linting linting);

// Files outside the suite, by path from the working directory; common blocks are the suite's.
Suite load_loose_files(const std::vector<std::string>& paths, const std::string& suite_root);

// To stderr, all of them, with a closing count.
void print_diagnostics(const std::vector<base::Diagnostic>& diagnostics);

}  // namespace smtpspec::cli
