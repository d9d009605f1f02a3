// Linked into a server that is fuzzed with smtpspec fuzz: hands the campaign the edges that run, in shared memory.
//
//   clang -fsanitize-coverage=trace-pc-guard server.c coverage.c    (an edge has a number)
//   gcc   -fsanitize-coverage=trace-pc       server.c coverage.c    (an edge is where it was called from, hashed)
//   smtpspec fuzz --spawn 'exec ./server -p {port}'                 (its status line then counts edges)
//
// Compile this file without -fsanitize-coverage. SMTPSPEC_COVERAGE names a file of SMTPSPEC_COVERAGE_OCTETS octets that
// the campaign has made; without it the server runs as ever. Processes that the server forks share the memory, and so
// do those that it starts anew, with whatever privileges, for as long as they inherit the variable.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef SMTPSPEC_COVERAGE_OCTETS
#define SMTPSPEC_COVERAGE_OCTETS (64 * 1024)  // a power of two, as the campaign has it
#endif

// Until the file is mapped, and where there is none, edges are counted for nobody.
static uint8_t nobody[SMTPSPEC_COVERAGE_OCTETS];
static uint8_t* counters = nobody;

__attribute__((constructor(101))) static void begin(void) {
  const char* name = getenv("SMTPSPEC_COVERAGE");
  if (name == NULL) return;
  const int file = open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void* memory = MAP_FAILED;
  if (lseek(file, 0, SEEK_END) == SMTPSPEC_COVERAGE_OCTETS)
    memory = mmap(NULL, SMTPSPEC_COVERAGE_OCTETS, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory != MAP_FAILED) counters = memory;
}

static void count(uintptr_t edge) {
  uint8_t* counter = &counters[edge & (SMTPSPEC_COVERAGE_OCTETS - 1)];
  // Saturated: 256 rounds of a loop are not none. Processes that count at once may lose one, which does no harm.
  if (*counter != UINT8_MAX) ++*counter;
}

void __sanitizer_cov_trace_pc_guard_init(uint32_t* first, uint32_t* end) {
  static uint32_t edges;
  if (first == end || *first != 0) return;
  for (uint32_t* guard = first; guard < end; ++guard) *guard = ++edges;
}

void __sanitizer_cov_trace_pc_guard(uint32_t* guard) { count(*guard); }

void __sanitizer_cov_trace_pc(void) {
  // Loaded elsewhere at each start, a program is the same to us: only the distance to this function counts.
  const uintptr_t place = (uintptr_t)__builtin_return_address(0) - (uintptr_t)&__sanitizer_cov_trace_pc;
  count(place ^ place >> 16);
}
