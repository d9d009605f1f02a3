// libFuzzer's hooks: all of them in one object, so that whoever asks for the first gets the others too.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fuzz/author/fuzzed_server.h"
#include "fuzz/mutator/mutate.h"
#include "fuzz/mutator/seeds.h"
#include "fuzz/oracles/features.h"

// There where libFuzzer is; without it nobody mutates (replay_main.cc).
extern "C" [[gnu::weak]] std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace smtpspec::fuzz {

namespace {

// Beside the edges of the author's code: which reply came to what in which state.
[[gnu::section("__libfuzzer_extra_counters"), gnu::used]] std::uint8_t counters[kFeatures];

std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::size_t give(const std::string& child, std::uint8_t* data, std::size_t max_size) {
  const std::size_t size = std::min(child.size(), max_size);
  std::memcpy(data, child.data(), size);
  return size;
}

const Vocabulary& words() {
  static const Vocabulary words = vocabulary_of(smtpspec_fuzzed_server);
  return words;
}

void mutate_octets(std::string& octets, std::size_t max_octets, std::uint64_t) {
  const std::size_t size = octets.size();
  octets.resize(std::max(max_octets, size));
  octets.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(octets.data()), size, octets.size()));
}

}  // namespace
}  // namespace smtpspec::fuzz

extern "C" {

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace fz = smtpspec::fuzz;
  const fz::Input input = fz::decode(fz::view(data, size));
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
  namespace fz = smtpspec::fuzz;
  return fz::give(fz::mutate_text(fz::view(data, size), max_size, seed, fz::words(), fz::mutate_octets), data,
                  max_size);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* other,
                                      std::size_t other_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  namespace fz = smtpspec::fuzz;
  return fz::give(fz::cross_text(fz::view(one, one_size), fz::view(other, other_size), max_size, seed), out, max_size);
}

}  // extern "C"
