// The first connection of a run: is the target there, does it speak SMTP, what does it advertise. Its scenario is
// ordinary scenario text, played by the ordinary engine.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/conversation.h"
#include "harness/scenario/scenario.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

// `with_tls`: go on through STARTTLS where it is advertised, to see what is advertised then.
const scenario::Scenario& preflight_scenario(bool with_tls);

struct Preflight {
  verdict::Reachability reachability = verdict::Reachability::unreachable;
  std::string reason;  // one sentence, where the target is not fit for a run
  std::string banner;  // escaped
  base::Microseconds greeted_after{0};
  wire::Capabilities plain;
  wire::Capabilities tls;
  bool has_tls = false;
  bool refuses_ehlo = false;  // behind a good greeting, as a server of the other protocol does
};

// What a record tells of it; its address and role are the caller's to fill in.
void describe(const Preflight& preflight, verdict::TargetDescription& target);

// `result` is the concluded conversation's.
Preflight read_preflight(const engine::Conversation& conversation, const verdict::ScenarioResult& result);

}  // namespace smtpspec::runner
