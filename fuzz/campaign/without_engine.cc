// Built where libFuzzer's archive is not: the campaign is refused, and says why.
#include "fuzz/campaign/engine.h"

#include <cstdlib>
#include <iostream>

namespace smtpspec::fuzz {

bool has_engine() { return false; }

void count_feature(std::size_t /*feature*/) {}

base::Result<std::string, std::string> share_edges() { return base::make_unexpected(std::string("no engine")); }

std::size_t covered_edges() { return 0; }

void unshare_edges() {}

void run_engine(const EngineOptions& /*options*/, std::function<void(std::string_view input)> /*one*/) { leave(4); }

void leave(int exit_code) {
  std::cout.flush();
  std::cerr.flush();
  std::_Exit(exit_code);
}

}  // namespace smtpspec::fuzz
