#include "fuzz/campaign/engine.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/mutator/libfuzzer_hooks.h"
#include "fuzz/oracles/features.h"

namespace smtpspec::fuzz {

namespace {

// The section that libFuzzer looks into after every run, and clears before the next.
[[gnu::section("__libfuzzer_extra_counters"), gnu::used]] volatile std::uint8_t counters[kFeatures];

// A server's, a page's worth of them and more: shared memory is mapped straight over them (fuzz/coverage/coverage.c).
constexpr std::size_t kEdges = 64 * 1024;
constexpr std::size_t kPageOctets = 4096;
[[gnu::section("__libfuzzer_extra_counters"), gnu::used]] alignas(kPageOctets) volatile std::uint8_t edges[kEdges];
std::vector<bool> seen_edges;
std::size_t seen_edges_count = 0;
std::string edges_file;

EngineOptions current_options;
std::function<void(std::string_view)> current_run;

// What the engine says of itself until the first input runs is of no use to people, and some of it alarms them.
int kept_stderr = -1;

void fall_silent() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  kept_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

void speak_again() {
  if (kept_stderr < 0) return;
  dup2(kept_stderr, STDERR_FILENO);
  close(kept_stderr);
  kept_stderr = -1;
}

int run_one(const std::uint8_t* data, std::size_t size) {
  // libFuzzer refuses to start where its first input, an empty one, counts nothing.
  count_feature(kFeatures - 1);
  if (size == 0) return 0;
  speak_again();
  current_run(view_of(data, size));
  return 0;
}

}  // namespace

void count_feature(std::size_t feature) {
  if (feature < kFeatures && counters[feature] < 255)
    counters[feature] = static_cast<std::uint8_t>(counters[feature] + 1);
}

base::Result<std::string, std::string> share_edges() {
  if (sysconf(_SC_PAGESIZE) != static_cast<long>(kPageOctets))
    return base::make_unexpected(std::string("pages of another size"));
  std::string name = "/dev/shm/smtpspec-coverage-XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return base::make_unexpected("/dev/shm: " + std::string(std::strerror(errno)));
  edges_file = name;
  // A daemon that has dropped its privileges starts processes that open it, too.
  void* const place = const_cast<std::uint8_t*>(edges);
  const bool is_mapped = fchmod(file, 0666) == 0 && ftruncate(file, kEdges) == 0 &&
                         mmap(place, kEdges, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == place;
  const std::string error = std::strerror(errno);
  close(file);
  if (!is_mapped) {
    unshare_edges();
    return base::make_unexpected("shared memory: " + error);
  }
  seen_edges.assign(kEdges, false);
  return name;
}

std::size_t covered_edges() {
  for (std::size_t edge = 0; edge < seen_edges.size(); ++edge) {
    if (edges[edge] == 0 || seen_edges[edge]) continue;
    seen_edges[edge] = true;
    ++seen_edges_count;
  }
  return seen_edges_count;
}

void unshare_edges() {
  if (!edges_file.empty()) unlink(edges_file.c_str());
  edges_file.clear();
}

void leave(int exit_code) {
  unshare_edges();
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

}  // namespace smtpspec::fuzz

extern "C" {

int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*run)(const std::uint8_t* data, std::size_t size));

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  namespace fz = smtpspec::fuzz;
  return fz::custom_mutator(data, size, max_size, seed, fz::current_options.words);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size, const std::uint8_t* other,
                                      std::size_t other_size, std::uint8_t* out, std::size_t max_size, unsigned seed) {
  return smtpspec::fuzz::custom_cross_over(one, one_size, other, other_size, out, max_size, seed);
}

}  // extern "C"

namespace smtpspec::fuzz {

bool has_engine() { return true; }

void run_engine(const EngineOptions& options, std::function<void(std::string_view input)> one) {
  current_options = options;
  current_run = std::move(one);
  // A seed of 0 means "choose one" to libFuzzer. Its signal handlers, timers and memory limits are for code that it has
  // instrumented; here they would take the server's troubles for ours.
  std::vector<std::string> arguments{"smtpspec",
                                     "-seed=" + std::to_string(options.seed % 4294967295U + 1),
                                     "-max_len=" + std::to_string(options.max_octets),
                                     "-len_control=0",
                                     std::string("-reload=") + (options.shares_corpus ? "1" : "0"),
                                     "-handle_segv=0",
                                     "-handle_bus=0",
                                     "-handle_abrt=0",
                                     "-handle_ill=0",
                                     "-handle_fpe=0",
                                     "-handle_int=0",
                                     "-handle_term=0",
                                     "-handle_xfsz=0",
                                     "-handle_usr1=0",
                                     "-handle_usr2=0",
                                     "-rss_limit_mb=0",
                                     "-timeout=100000",
                                     "-report_slow_units=100000",
                                     "-artifact_prefix=" + options.corpus + "/",
                                     "-detect_leaks=0",
                                     "-verbosity=0",
                                     "-print_full_coverage=0",
                                     "-use_value_profile=0",
                                     "-shrink=1",
                                     "-reduce_inputs=1",
                                     "-entropic=1",
                                     "-runs=-1"};
  if (!options.corpus.empty()) arguments.push_back(options.corpus);
  arguments.insert(arguments.end(), options.seeds.begin(), options.seeds.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(arguments.size());
  char** begin = pointers.data();
  fall_silent();
  leave(LLVMFuzzerRunDriver(&count, &begin, run_one));
}

}  // namespace smtpspec::fuzz
