#include <string_view>

#include "harness/base/octets.h"
#include "harness/scenario/lint_rules.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

// "EHLO" or "HELO", where the line begins with that in so many letters; else nothing. LMTP has neither of them
// (RFC 2033 §4.1).
std::string_view hello_of(const Template& payload) {
  if (payload.empty() || payload.front().kind != Piece::Kind::octets) return {};
  const std::string_view text = payload.front().text;
  for (const std::string_view verb : {"EHLO", "HELO"}) {
    if (base::starts_with_ignoring_case(text, verb) && (text.size() == verb.size() || text[verb.size()] <= ' '))
      return verb;
  }
  return {};
}

void visit(const Steps& steps, Findings& findings) {
  for (const Step& step : steps) {
    const auto* send = std::get_if<Send>(&step.body);
    const auto verb = send ? hello_of(send->payload) : std::string_view{};
    if (!verb.empty())
      findings.at_step(base::Severity::warning, step,
                       std::string(verb) + " is no command of LMTP, and this scenario is for the role lmtp too",
                       verb == "EHLO" ? "write {ehlo}, which is LHLO there, or 'role mx | submission' in the head"
                                      : "write 'role mx | submission' in the head");
    if (const Steps* inner = inner_steps(step)) visit(*inner, findings);
  }
}

}  // namespace

void lint_roles(const Scenario& scenario, Findings& findings) {
  // A pasted transcript has no head to say it in, and a scenario for LMTP alone knows what it does.
  if (scenario.checks.empty() || !scenario.is_for(Role::lmtp)) return;
  if (scenario.is_for(Role::mx) || scenario.is_for(Role::submission)) visit(scenario.steps, findings);
}

}  // namespace smtpspec::scenario
