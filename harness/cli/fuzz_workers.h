// Several campaigns side by side, each a process of its own with a server of its own; what they find comes together
// here.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "fuzz/campaign/worker_words.h"
#include "harness/base/result.h"

namespace smtpspec::cli {

// In a worker: says one line to whoever started it. False: nobody listens any more.
using Say = std::function<bool(const fuzz::Word& word)>;

struct Workers {
  std::size_t count = 2;
  // Runs in worker `index`, from 0, in a process that fork() has just made; its result is that process's exit code.
  std::function<int(std::size_t index, const Say& say)> work;
  // Runs here. False: they shall all come to their end.
  std::function<bool(const fuzz::Found& found)> on_found;
  std::function<void(const fuzz::Status& status)> on_status;
  std::function<void(const std::string& text)> on_trouble;
};

// Until the last of them has ended. SIGINT and SIGTERM are handed on to them: each of them ends its own server. Gives
// the exit code of a worker that did not come to its end as it should, or 0. Call it before this process has threads or
// an event loop.
base::Result<int, std::string> run_workers(const Workers& workers);

}  // namespace smtpspec::cli
