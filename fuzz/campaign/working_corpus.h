// Where libFuzzer writes what is new: a folder in memory, kept in the campaign's own now and then. Every third session
// of a young campaign is new, and much of it is replaced by something smaller within seconds: on a disk, making and
// deleting so many files takes longer than the sessions.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "harness/base/clock.h"

namespace smtpspec::fuzz {

class WorkingCorpus {
 public:
  // `kept`: the campaign's folder, which is there. Where there is little shared memory, or none, that is what is worked
  // in.
  explicit WorkingCorpus(std::string kept);
  // Keeps what is new, and removes the folder in memory.
  ~WorkingCorpus();
  WorkingCorpus(const WorkingCorpus&) = delete;
  WorkingCorpus& operator=(const WorkingCorpus&) = delete;

  const std::string& folder() const { return folder_.empty() ? kept_ : folder_; }
  // Copies what has come since, and deletes of what it has copied what is gone. What was there before it leaves alone.
  void keep();
  // The same if the last time is some seconds ago.
  void keep_if_due();

 private:
  std::string kept_;
  std::string folder_;                            // "": none
  int lock_ = -1;                                 // on it, as long as somebody works there
  std::map<std::string, std::uintmax_t> copied_;  // name and octets
  base::SteadyTime due_;
};

}  // namespace smtpspec::fuzz
