// Mail sessions as fast as a server takes them, every reply parsed and checked: the tester's own cost under load.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/transport/endpoint.h"

namespace smtpspec::bench {

struct MailLoad {
  transport::Endpoint endpoint;
  int sessions = 10'000;  // in all
  int concurrency = 50;
  int mails_per_session = 1;
  std::size_t message_octets = 1024;
  bool is_pipelined = false;  // MAIL, RCPT and DATA in one write
};

struct LoadResult {
  std::uint64_t mails = 0;
  std::uint64_t replies = 0;
  std::uint64_t deviations = 0;  // on the form of replies
  std::uint64_t refused = 0;     // sessions that met another reply than the one due, or a broken connection
  double seconds = 0;
};

LoadResult run_mail_load(const MailLoad& load);

// Opens so many connections, reads each greeting and lets them lie. Octets of resident memory for each one.
double idle_octets_per_session(const transport::Endpoint& endpoint, int sessions);

}  // namespace smtpspec::bench
