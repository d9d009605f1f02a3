// The words of a judgement: what a scenario, a check and a requirement can come to.
// The lattice is that of ISO 9646 / TTCN-3: a verdict can only worsen, and the first reason of the winning class is
// kept. `not_applicable` and `skipped` stand outside it: they are decided before the run and are in no denominator.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace smtpspec::verdict {

enum class Verdict { none, pass, warn, inconclusive, fail, error, not_applicable, skipped };

// Why a scenario could not be judged. Everything here is the reason for an `inconclusive`, never for a fail.
enum class Cause {
  none,
  greylist,
  rate_limit,
  relay_denied,
  recipient_refused,
  catch_all,
  auth_required,
  tls_required,
  blocked,
  storage_full,
  setup_timeout,
  connect,
  tls_failed,
  mailbox,
  policy,
  announced_limit,  // LIMITS told it before (RFC 9422)
  flaky,
  unknown,
};

// How a requirement binds: the RFC 2119 word, IMPLIED for binding text without one, GRAMMAR for ABNF.
enum class Level { must, must_not, should, should_not, may, implied, grammar };

// What one bound expectation came to. `observed` is a MAY: noted, not judged. `not_reached` means that the scenario
// ended before the expectation was due.
enum class Outcome { passed, violated, warned, observed, inconclusive, not_reached };

// What all scenarios of a requirement come to together.
enum class RequirementOutcome { satisfied, violated, untested, not_applicable, observed };

// What the first connection of a run met.
enum class Reachability { answers, unreachable, silent, not_smtp, tls_failed };

std::string_view to_string(Reachability reachability);
std::optional<Reachability> parse_reachability(std::string_view text);
std::string_view to_string(Verdict verdict);
std::string_view to_string(Cause cause);
std::string_view to_string(Level level);
std::string_view to_string(Outcome outcome);
std::string_view to_string(RequirementOutcome outcome);
std::optional<Verdict> parse_verdict(std::string_view text);
std::optional<Cause> parse_cause(std::string_view text);
std::optional<Level> parse_level(std::string_view text);
std::optional<Outcome> parse_outcome(std::string_view text);
std::optional<RequirementOutcome> parse_requirement_outcome(std::string_view text);

// The worse of two verdicts within the lattice; both must be in it (none … error).
Verdict worse(Verdict a, Verdict b);
bool is_in_lattice(Verdict verdict);

// What two scenarios, or a scenario and a finding, say together of one requirement: violated outweighs satisfied, which
// outweighs observed, then untested, then not_applicable.
RequirementOutcome graver(RequirementOutcome a, RequirementOutcome b);

// A fault in the tester's own hands (`error`), in the server's (`fail`), or a temporary condition that a later try may
// lift: only these causes are retried.
bool is_temporary(Cause cause);

}  // namespace smtpspec::verdict
