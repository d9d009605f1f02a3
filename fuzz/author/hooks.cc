// libFuzzer's hooks: all of them in one object, so that whoever asks for the first gets the others too.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// There where libFuzzer is; without it nobody mutates (replay_main.cc).
extern "C" [[gnu::weak]] std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

#include "fuzz/author/fuzzed_server.h"
#include "fuzz/mutator/libfuzzer_hooks.h"
#include "fuzz/mutator/seeds.h"
#include "fuzz/oracles/features.h"

namespace smtpspec::fuzz {

namespace {

// Beside the edges of the author's code: which reply came to what in which state.
[[gnu::section("__libfuzzer_extra_counters"), gnu::used]] std::uint8_t counters[kFeatures];

const Vocabulary& words() {
  static const Vocabulary words = vocabulary_of(smtpspec_fuzzed_server);
  return words;
}

}  // namespace
}  // namespace smtpspec::fuzz

extern "C" {

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace fz = smtpspec::fuzz;
  const fz::Input input = fz::decode(fz::view_of(data, size));
  fz::parse(input, smtpspec_fuzzed_server);
  const std::string complaint = fz::complaint_about(input, smtpspec_fuzzed_server, [](std::size_t feature) {
    if (fz::counters[feature] < 255) ++fz::counters[feature];
  });
  if (complaint.empty()) return 0;
  std::fprintf(stderr, "smtpspec: %s", complaint.c_str());
  std::fflush(stderr);
  std::abort();
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  return smtpspec::fuzz::custom_mutator(data, size, max_size, seed, smtpspec::fuzz::words());
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* other,
                                      std::size_t other_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  return smtpspec::fuzz::custom_cross_over(one, one_size, other, other_size, out, max_size, seed);
}

}  // extern "C"
