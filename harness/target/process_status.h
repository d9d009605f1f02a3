// What /proc tells of a process. For this room's sources.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace smtpspec::target {

struct ProcessStatus {
  pid_t id = 0;
  char state = 0;  // as in proc(5): 'Z' is a zombie
  pid_t parent = 0;
  pid_t group = 0;
  std::uint64_t resident_octets = 0;

  // The dead whom nobody has reaped are dead: a container's first process may reap nobody.
  bool is_alive() const { return state != 'Z' && state != 'X'; }
};

// Of every process there is; empty: there is no /proc to be read.
std::vector<ProcessStatus> all_processes();

}  // namespace smtpspec::target
