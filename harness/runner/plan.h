// Everything a run needs to know before it starts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/engine/conversation.h"
#include "harness/engine/policy.h"
#include "harness/runner/applicability.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"
#include "harness/transport/tls_policy.h"

namespace smtpspec::runner {

struct Plan {
  std::vector<scenario::Instance> instances;  // what was selected, in suite order
  // Gives a scenario its steps, before it is played; empty: all of them have theirs.
  std::function<void(const scenario::Scenario&)> complete;
  const scenario::Catalogue* catalogue = nullptr;
  Offer offer;                  // its advertisement is filled in by the preflight
  engine::Variables variables;  // of the profile; {token} is set anew for every try
  engine::Settings settings;
  engine::RetryPolicy retry;
  transport::TlsPolicy tls;
  std::string tls_server_name;  // for SNI; may be empty
  bool implicit_tls = false;
  bool is_mailbox_known = false;      // to be the recipient's: the built-in server's own
  bool looks_behind_starttls = true;  // preflight: also what is advertised within TLS
  int jobs = 16;                      // conversations at a time; fewer where the server allows fewer
  std::uint64_t seed = 0;
  bool shuffle = false;
  int repeat = 1;                 // plays of each scenario; they must agree
  bool keeps_whole_logs = false;  // no budget for the wire logs: what the server sends is kept to the last octet
};

}  // namespace smtpspec::runner
