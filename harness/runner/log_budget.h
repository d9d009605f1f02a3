// Bounds what the wire logs of a whole run hold in memory: a server that answers everything at length would otherwise
// make the record as large as it likes.
#pragma once

#include <cstddef>

#include "harness/verdict/wire_log.h"

namespace smtpspec::runner {

class LogBudget {
 public:
  // Every log may hold `share` octets; what a log holds beyond comes out of `common` octets for all of them together.
  LogBudget(std::size_t share, std::size_t common) : share_(share), common_(common) {}

  // Shortens the log's longest entries where the budget is spent; their notes tell how much is left out.
  void keep_within(verdict::WireLog& log);

 private:
  std::size_t share_;
  std::size_t common_;
};

}  // namespace smtpspec::runner
