#include "fuzz/campaign/engine.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/campaign/working_corpus.h"
#include "fuzz/mutator/libfuzzer_hooks.h"
#include "fuzz/oracles/features.h"

extern "C" {
int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*run)(const std::uint8_t* data, std::size_t size));
// Of libFuzzer, for the code that it has instrumented.
void __sanitizer_cov_8bit_counters_init(std::uint8_t* begin, std::uint8_t* end);
}

namespace smtpspec::fuzz {

namespace {

constexpr std::size_t kPageOctets = 4096;

// Counters of modules of code to libFuzzer, which looks through them after every run and clears them before the next.
// They stand in the order in which features were first seen, so that it need not look where nothing ever was.
static_assert(kFeatures % kPageOctets == 0 && kFeatures < 65'536);
alignas(kPageOctets) std::uint8_t counters[kFeatures];
std::uint16_t places[kFeatures];  // of a feature, from 1; 0: not seen yet
std::size_t taken_places = 0;
std::size_t told_places = 0;

// A server's: shared memory is mapped straight over them (fuzz/coverage/coverage.c). To look through them costs more
// than our own do, and most servers count nothing: libFuzzer hears of them when one has.
constexpr std::size_t kEdges = 64 * 1024;
constexpr std::size_t kRunsBetweenLooks = 64;
alignas(kPageOctets) std::uint8_t edges[kEdges];
bool are_edges_told = false;
std::size_t runs_until_look = 0;
std::vector<bool> seen_edges;
std::size_t seen_edges_count = 0;
std::string edges_file;

EngineOptions current_options;
std::optional<WorkingCorpus> own_corpus;
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

constexpr std::size_t kWordEdges = sizeof(std::uint64_t);

std::uint64_t edges_of_word(std::size_t first) {
  std::uint64_t word = 0;
  std::memcpy(&word, edges + first, sizeof word);
  return word;
}

void tell_of_edges() {
  if (are_edges_told || seen_edges.empty() || runs_until_look-- > 0) return;
  runs_until_look = kRunsBetweenLooks;
  for (std::size_t first = 0; first < kEdges && !are_edges_told; first += kWordEdges)
    are_edges_told = edges_of_word(first) != 0;
  if (are_edges_told) __sanitizer_cov_8bit_counters_init(edges, edges + kEdges);
}

int run_one(const std::uint8_t* data, std::size_t size) {
  // libFuzzer refuses to start where its first input, an empty one, counts nothing.
  count_feature(kFeatures - 1);
  if (size == 0) return 0;
  speak_again();
  current_run(view_of(data, size));
  if (own_corpus) own_corpus->keep_if_due();
  return 0;
}

}  // namespace

void count_feature(std::size_t feature) {
  if (feature >= kFeatures) return;
  if (places[feature] == 0) places[feature] = static_cast<std::uint16_t>(++taken_places);
  if (taken_places > told_places) {
    __sanitizer_cov_8bit_counters_init(counters + told_places, counters + told_places + kPageOctets);
    told_places += kPageOctets;
  }
  std::uint8_t& counter = counters[places[feature] - 1];
  if (counter < 255) counter = static_cast<std::uint8_t>(counter + 1);
}

base::Result<std::string, std::string> share_edges() {
  if (sysconf(_SC_PAGESIZE) != static_cast<long>(kPageOctets))
    return base::make_unexpected(std::string("pages of another size"));
  std::string name = "/dev/shm/smtpspec-coverage-XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return base::make_unexpected("/dev/shm: " + std::string(std::strerror(errno)));
  edges_file = name;
  // A daemon that has dropped its privileges starts processes that open it, too.
  const bool is_mapped = fchmod(file, 0666) == 0 && ftruncate(file, kEdges) == 0 &&
                         mmap(edges, kEdges, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == edges;
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
  tell_of_edges();
  if (!are_edges_told) return 0;
  for (std::size_t first = 0; first < seen_edges.size(); first += kWordEdges) {
    if (edges_of_word(first) == 0) continue;
    for (std::size_t edge = first; edge < first + kWordEdges; ++edge) {
      if (edges[edge] == 0 || seen_edges[edge]) continue;
      seen_edges[edge] = true;
      ++seen_edges_count;
    }
  }
  return seen_edges_count;
}

void unshare_edges() {
  if (!edges_file.empty()) unlink(edges_file.c_str());
  edges_file.clear();
}

void leave(int exit_code) {
  unshare_edges();
  own_corpus.reset();
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

}  // namespace smtpspec::fuzz

extern "C" {

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
  if (options.working_corpus.empty()) own_corpus.emplace(options.corpus);
  const std::string corpus = own_corpus ? own_corpus->folder() : options.working_corpus;
  // A seed of 0 means "choose one" to libFuzzer. Its signal handlers, timers and memory limits are for code that it has
  // instrumented; here they would take the server's troubles for ours.
  std::vector<std::string> arguments{"smtpspec",
                                     "-seed=" + std::to_string(options.seed % 4294967295U + 1),
                                     "-max_len=" + std::to_string(options.max_octets),
                                     "-len_control=0",
                                     std::string("-reload=") + (options.working_corpus.empty() ? "0" : "1"),
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
                                     "-artifact_prefix=" + corpus + "/",
                                     "-detect_leaks=0",
                                     "-verbosity=0",
                                     "-print_full_coverage=0",
                                     "-use_value_profile=0",
                                     "-shrink=1",
                                     "-reduce_inputs=1",
                                     "-entropic=1",
                                     "-runs=-1"};
  arguments.push_back(corpus);
  if (corpus != options.corpus) arguments.push_back(options.corpus);
  arguments.insert(arguments.end(), options.seeds.begin(), options.seeds.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(arguments.size());
  char** begin = pointers.data();
  tell_of_edges();
  fall_silent();
  leave(LLVMFuzzerRunDriver(&count, &begin, run_one));
}

}  // namespace smtpspec::fuzz
