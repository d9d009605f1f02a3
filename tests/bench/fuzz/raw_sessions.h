// What a fuzzer's sessions cost at the least: the same octets on a bare socket, read to the end and judged by nobody.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace smtpspec::bench {

struct RawResult {
  std::uint64_t sessions = 0;
  std::uint64_t octets = 0;  // that came back
  double seconds = 0;
};

// Each session: connect to 127.0.0.1, read the greeting, write all, half-close, read to the end; so many at a time.
// Ends the process with a message where the server cannot be reached.
RawResult run_raw_sessions(std::uint16_t port, const std::vector<std::string>& sessions, int concurrency);

}  // namespace smtpspec::bench
