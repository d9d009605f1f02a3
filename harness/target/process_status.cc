#include "harness/target/process_status.h"

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

namespace smtpspec::target {

namespace {

// "PID (name) STATE PARENT GROUP …", where the name may hold anything, parentheses too. None: it has gone meanwhile.
std::optional<ProcessStatus> status_of(const char* id) {
  std::ifstream file(std::string("/proc/") + id + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  ProcessStatus status;
  status.id = std::atoi(id);
  // Field 24 counts pages.
  long pages = 0;
  const int fields =
      std::sscanf(line.c_str() + name_end + 1,
                  " %c %d %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld",
                  &status.state, &status.parent, &status.group, &pages);
  if (fields < 3) return std::nullopt;
  if (fields == 4 && pages > 0)
    status.resident_octets = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return status;
}

}  // namespace

std::vector<ProcessStatus> all_processes() {
  std::vector<ProcessStatus> all;
  std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), ::closedir);
  if (!folder) return all;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (const auto status = status_of(entry->d_name)) all.push_back(*status);
  }
  return all;
}

}  // namespace smtpspec::target
