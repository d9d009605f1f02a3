#include "fuzz/campaign/working_corpus.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace smtpspec::fuzz {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMemory = "/dev/shm";
constexpr std::string_view kPrefix = "smtpspec-corpus-";
constexpr std::uintmax_t kLeastFreeOctets = 256 * 1024 * 1024;
constexpr std::uintmax_t kFullOctets = 32 * 1024 * 1024;
constexpr std::chrono::seconds kPause{5};
constexpr int kPauseFactor = 50;  // keeping takes at most a fiftieth of the time

std::uintmax_t free_octets() {
  struct statvfs state {};
  if (statvfs(kMemory.data(), &state) != 0) return 0;
  return static_cast<std::uintmax_t>(state.f_bavail) * state.f_frsize;
}

// A descriptor that holds the lock; -1: somebody else does.
int locked(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0 || flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  close(file);
  return -1;
}

// What a campaign that was killed has left: nobody holds its lock any more.
void remove_left_over() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(kMemory, error)) {
    if (!entry.path().filename().native().starts_with(kPrefix)) continue;
    const int lock = locked(entry.path());
    if (lock < 0) continue;
    fs::remove_all(entry.path(), error);
    close(lock);
  }
}

}  // namespace

WorkingCorpus::WorkingCorpus(std::string kept)
    : kept_(std::move(kept)), due_(std::chrono::steady_clock::now() + kPause) {
  remove_left_over();
  if (free_octets() < kLeastFreeOctets) return;
  std::string name = std::string(kMemory) + "/" + std::string(kPrefix) + "XXXXXX";
  if (!mkdtemp(name.data())) return;
  lock_ = locked(name);
  if (lock_ >= 0) folder_ = name;
}

WorkingCorpus::~WorkingCorpus() {
  keep();
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
  if (lock_ >= 0) close(lock_);
}

void WorkingCorpus::keep() {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::set<std::string> present;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename();
    const std::uintmax_t octets = entry.file_size(ignored);
    present.insert(name);
    // A worker may have been writing it the last time.
    const auto known = copied_.find(name);
    if (known != copied_.end() && known->second == octets) continue;
    if (fs::copy_file(entry.path(), fs::path(kept_) / name, fs::copy_options::overwrite_existing, ignored))
      copied_[name] = octets;
  }
  std::erase_if(copied_, [&](const auto& one) {
    return !present.contains(one.first) && (fs::remove(fs::path(kept_) / one.first, ignored), true);
  });
  if (free_octets() >= kFullOctets) return;
  for (const auto& [name, octets] : std::exchange(copied_, {})) fs::remove(fs::path(folder_) / name, ignored);
}

void WorkingCorpus::keep_if_due() {
  const auto now = std::chrono::steady_clock::now();
  if (now < due_) return;
  keep();
  const auto then = std::chrono::steady_clock::now();
  due_ = then + std::max<base::SteadyTime::duration>(kPause, kPauseFactor * (then - now));
}

}  // namespace smtpspec::fuzz
