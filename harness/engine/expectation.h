// One expectation against one observation. Says what matched and, where it did not, which part in words; what follows
// for the verdict is the conversation's business.
#pragma once

#include <map>
#include <string>

#include "harness/base/clock.h"
#include "harness/engine/policy.h"
#include "harness/engine/variables.h"
#include "harness/scenario/scenario.h"
#include "harness/wire/capabilities.h"
#include "harness/wire/reply.h"

namespace smtpspec::engine {

// What came when a reply was due.
struct Observation {
  enum class Kind { reply, closed, timed_out };
  Kind kind = Kind::timed_out;
  wire::Reply reply;             // reply only
  ReplyContext context;          // reply only: what it answers
  bool was_reset = false;        // closed only: RST rather than FIN
  bool was_notified = false;     // closed only: by close_notify of TLS
  base::Microseconds waited{0};  // from our last octet (or the connection) to the reply's end, the close or now
  bool is_refusal() const { return kind == Kind::reply && reply.code >= 400 && reply.code <= 599; }
  bool is_acceptance() const { return kind == Kind::reply && reply.code >= 200 && reply.code <= 399; }
};

// "250 2.1.0 ok", "250-mail.example.org (+7 lines)", "connection reset", "no reply within 20 s"; printable.
std::string to_string(const Observation& observation);

bool matches(const scenario::ReplyPattern& pattern, const Observation& observation);

// Bounds on time widen by the factor, and by what the network itself takes.
struct Timing {
  double scale = 1.0;
  base::Microseconds round_trip{0};
};

struct Comparison {
  bool is_match = false;
  std::string mismatch;                         // "it took 3 s"; empty where the code itself is wrong
  std::string expected;                         // beside the code, and not met: "enhanced status code 2.1.0"; or empty
  std::map<std::string, std::string> captures;  // named groups of its regexes
};

Comparison compare(const scenario::Expectation& expectation, const Observation& observation,
                   const wire::Capabilities* capabilities, const Variables& variables, const Timing& timing);

}  // namespace smtpspec::engine
