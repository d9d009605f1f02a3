// libFuzzer as engine: it keeps the corpus, chooses parents and calls our mutator (fuzz/mutator); what is new it is
// told by counters, which need no instrumentation of anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutator/vocabulary.h"
#include "harness/base/result.h"

namespace smtpspec::fuzz {

// False where the program was built without libFuzzer's archive (Debian: libclang-rt-14-dev).
bool has_engine();

struct EngineOptions {
  std::uint64_t seed = 1;             // the same seed and the same counters give the same inputs
  std::size_t max_octets = 8 * 1024;  // of an input's file form
  std::string corpus;                 // folder: read first, and what is new is kept there
  std::vector<std::string> seeds;     // folders that are only read
  Vocabulary words;
  // Of engines that share a corpus: the folder in which all write what is new, and read it, and of which somebody else
  // keeps it in `corpus`. "": this engine has one of its own.
  std::string working_corpus;
};

// Counts a feature of the input that is being run, below kFeatures of oracles/features.h.
void count_feature(std::size_t feature);

// Makes shared memory in which an instrumented server counts its edges (fuzz/coverage), as feedback of this engine.
// Gives the file's name, for the server's SMTPSPEC_COVERAGE; the error says why there is none.
base::Result<std::string, std::string> share_edges();
// Edges that were seen since share_edges(); looks at what the server has counted since the last run began.
std::size_t covered_edges();
// Removes the file. Servers that run already go on with the memory.
void unshare_edges();

// Runs `one` on one input after the other and never returns: `one` ends the process by leave() when it has enough. Once
// in a process, which must not be meant to go on after it: libFuzzer's own driver ends by exit().
[[noreturn]] void run_engine(const EngineOptions& options, std::function<void(std::string_view input)> one);

// Ends the process at once, with what is written to streams written: a plain exit() would be taken by libFuzzer for a
// crash of what it runs.
[[noreturn]] void leave(int exit_code);

}  // namespace smtpspec::fuzz
