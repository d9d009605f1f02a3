// Text to model. Loading never throws and never stops at the first mistake: it returns every diagnostic of every file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/base/result.h"
#include "harness/scenario/broken.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// Where files come from; only cli implements it on disk. Paths are relative to the suite's root and use '/'.
class FileSource {
 public:
  virtual ~FileSource() = default;
  // The file's octets, or why it could not be read. A path that leaves the suite's root is refused.
  // Several threads may ask at a time.
  virtual base::Result<std::string, std::string> read(const std::string& path) const = 0;
};

// For texts of our own, which name no file.
class NoFiles final : public FileSource {
 public:
  base::Result<std::string, std::string> read(const std::string& path) const override {
    return base::make_unexpected("no file " + path);
  }
};

// Blocks that every file may `use`: the text of scenarios/blocks.smtp.
inline constexpr std::string_view kCommonBlocksFile = "blocks.smtp";

struct Loaded {
  std::vector<std::string> files;      // in the order in which they were loaded
  std::vector<Scenario> scenarios;     // in file order; only those without errors
  std::vector<BrokenScenario> broken;  // the others, for the linter; transcripts are not among them
  std::vector<base::Diagnostic> diagnostics;
  bool has_errors() const;
};

// `text` holds one or more scenarios and blocks, or is a bare transcript (no `scenario` line): then its name is
// `transcript_name`. `common` holds the text of the common blocks, may be empty.
Loaded load_text(std::string_view text, const std::string& file, std::string_view common, const FileSource& files);

// What another text held, behind what is there.
void append(Loaded& loaded, Loaded more);

// Every file; names must be unique over all of them.
Loaded load_files(const std::vector<std::string>& paths, const FileSource& files);

// A suite that is known to have no mistakes, as load_files() and the linter have found when its program was built. Only
// the heads are loaded, which is all that a run needs to begin; the steps of a scenario are loaded when it is played.
class SoundSuite {
 public:
  // `files` outlives the suite.
  SoundSuite(const std::vector<std::string>& paths, const FileSource& files);
  ~SoundSuite();

  // In file order, without transcripts, which are bound to nothing. A scenario without steps is to be completed before
  // anything asks for them.
  const std::vector<Scenario>& scenarios() const { return scenarios_; }
  // `scenario` is one of scenarios().
  void complete(const Scenario& scenario);

 private:
  struct File;
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
  std::vector<Scenario> scenarios_;
};

}  // namespace smtpspec::scenario
