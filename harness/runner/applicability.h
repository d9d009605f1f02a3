// What is decided about a scenario before it runs: it applies, it does not (with the reason), or the user left it out.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "harness/scenario/scenario.h"
#include "harness/verdict/verdict.h"
#include "harness/wire/capabilities.h"

namespace smtpspec::runner {

// What this run can offer to a scenario.
struct Offer {
  scenario::Role role = scenario::Role::mx;
  scenario::Impact impact = scenario::Impact::deliver;  // the most that is allowed
  bool includes_slow = false;                           // scenarios that wait 10 s or more
  bool has_mailbox = false;
  std::set<scenario::Need::Kind> addresses;  // named ones that are known
  bool has_credentials = false;
  bool has_implicit_tls = false;  // the port speaks TLS from the first octet
  std::size_t recipients = 1;
  wire::Capabilities advertised;         // of the first EHLO of the run
  wire::Capabilities advertised_in_tls;  // of the first EHLO behind STARTTLS; empty where that was not tried
  bool is_in_clear = true;               // the plainest session stays in clear: nobody is made to begin by STARTTLS
  std::vector<std::string> declared;     // extension keywords of the profile, upper case
};

struct Applicability {
  verdict::Verdict verdict = verdict::Verdict::none;  // none: it applies; else not_applicable or skipped
  std::string reason;
};

// Keywords that the profile declares and that neither EHLO, in clear or behind STARTTLS, has offered.
std::vector<std::string> declared_in_vain(const Offer& offer);

Applicability decide(const scenario::Instance& instance, const Offer& offer);

}  // namespace smtpspec::runner
