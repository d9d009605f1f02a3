#include "harness/verdict/verdict.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace smtpspec::verdict {
namespace {

template <class T>
struct Name {
  T value;
  std::string_view text;
};

constexpr std::array kVerdicts{
    Name<Verdict>{Verdict::none, "none"},
    Name<Verdict>{Verdict::pass, "pass"},
    Name<Verdict>{Verdict::warn, "warn"},
    Name<Verdict>{Verdict::inconclusive, "inconclusive"},
    Name<Verdict>{Verdict::fail, "fail"},
    Name<Verdict>{Verdict::error, "error"},
    Name<Verdict>{Verdict::not_applicable, "not_applicable"},
    Name<Verdict>{Verdict::skipped, "skipped"},
};

constexpr std::array kCauses{
    Name<Cause>{Cause::none, "none"},
    Name<Cause>{Cause::greylist, "greylist"},
    Name<Cause>{Cause::rate_limit, "rate-limit"},
    Name<Cause>{Cause::relay_denied, "relay-denied"},
    Name<Cause>{Cause::recipient_refused, "recipient-refused"},
    Name<Cause>{Cause::catch_all, "catch-all"},
    Name<Cause>{Cause::auth_required, "auth-required"},
    Name<Cause>{Cause::tls_required, "tls-required"},
    Name<Cause>{Cause::blocked, "blocked"},
    Name<Cause>{Cause::storage_full, "storage-full"},
    Name<Cause>{Cause::setup_timeout, "setup-timeout"},
    Name<Cause>{Cause::connect, "connect"},
    Name<Cause>{Cause::tls_failed, "tls-failed"},
    Name<Cause>{Cause::mailbox, "mailbox"},
    Name<Cause>{Cause::policy, "policy"},
    Name<Cause>{Cause::announced_limit, "announced-limit"},
    Name<Cause>{Cause::flaky, "flaky"},
    Name<Cause>{Cause::unknown, "unknown"},
};

constexpr std::array kLevels{
    Name<Level>{Level::must, "MUST"},       Name<Level>{Level::must_not, "MUST NOT"},
    Name<Level>{Level::should, "SHOULD"},   Name<Level>{Level::should_not, "SHOULD NOT"},
    Name<Level>{Level::may, "MAY"},         Name<Level>{Level::implied, "IMPLIED"},
    Name<Level>{Level::grammar, "GRAMMAR"},
};

constexpr std::array kOutcomes{
    Name<Outcome>{Outcome::passed, "passed"},
    Name<Outcome>{Outcome::violated, "violated"},
    Name<Outcome>{Outcome::warned, "warned"},
    Name<Outcome>{Outcome::observed, "observed"},
    Name<Outcome>{Outcome::inconclusive, "inconclusive"},
    Name<Outcome>{Outcome::not_reached, "not_reached"},
};

constexpr std::array kRequirementOutcomes{
    Name<RequirementOutcome>{RequirementOutcome::satisfied, "satisfied"},
    Name<RequirementOutcome>{RequirementOutcome::violated, "violated"},
    Name<RequirementOutcome>{RequirementOutcome::untested, "untested"},
    Name<RequirementOutcome>{RequirementOutcome::not_applicable, "not_applicable"},
    Name<RequirementOutcome>{RequirementOutcome::observed, "observed"},
};

constexpr std::array kReachabilities{
    Name<Reachability>{Reachability::answers, "answers"},
    Name<Reachability>{Reachability::unreachable, "unreachable"},
    Name<Reachability>{Reachability::silent, "silent"},
    Name<Reachability>{Reachability::not_smtp, "not_smtp"},
    Name<Reachability>{Reachability::tls_failed, "tls_failed"},
};

template <class Table, class T>
std::string_view name_of(const Table& table, T value) {
  const auto* it = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.value == value; });
  assert(it != table.end());
  return it->text;
}

template <class T, std::size_t N>
std::optional<T> value_of(const std::array<Name<T>, N>& table, std::string_view text) {
  const auto* it = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.text == text; });
  if (it == table.end()) return std::nullopt;
  return it->value;
}

int gravity(RequirementOutcome outcome) {
  switch (outcome) {
    case RequirementOutcome::not_applicable:
      return 0;
    case RequirementOutcome::untested:
      return 1;
    case RequirementOutcome::observed:
      return 2;
    case RequirementOutcome::satisfied:
      return 3;
    case RequirementOutcome::violated:
      return 4;
  }
  return 0;
}

}  // namespace

std::string_view to_string(Verdict verdict) { return name_of(kVerdicts, verdict); }
std::string_view to_string(Cause cause) { return name_of(kCauses, cause); }
std::string_view to_string(Level level) { return name_of(kLevels, level); }
std::string_view to_string(Outcome outcome) { return name_of(kOutcomes, outcome); }
std::string_view to_string(RequirementOutcome outcome) { return name_of(kRequirementOutcomes, outcome); }

std::string_view to_string(Reachability reachability) { return name_of(kReachabilities, reachability); }
std::optional<Reachability> parse_reachability(std::string_view text) { return value_of(kReachabilities, text); }

std::optional<Verdict> parse_verdict(std::string_view text) { return value_of(kVerdicts, text); }
std::optional<Cause> parse_cause(std::string_view text) { return value_of(kCauses, text); }
std::optional<Level> parse_level(std::string_view text) { return value_of(kLevels, text); }
std::optional<Outcome> parse_outcome(std::string_view text) { return value_of(kOutcomes, text); }
std::optional<RequirementOutcome> parse_requirement_outcome(std::string_view text) {
  return value_of(kRequirementOutcomes, text);
}

bool is_in_lattice(Verdict verdict) { return verdict <= Verdict::error; }

Verdict worse(Verdict a, Verdict b) {
  assert(is_in_lattice(a) && is_in_lattice(b));
  return std::max(a, b);
}

RequirementOutcome graver(RequirementOutcome a, RequirementOutcome b) { return gravity(a) < gravity(b) ? b : a; }

bool is_temporary(Cause cause) {
  switch (cause) {
    case Cause::greylist:
    case Cause::rate_limit:
    case Cause::setup_timeout:
    case Cause::connect:
      return true;
    case Cause::none:
    case Cause::relay_denied:
    case Cause::recipient_refused:
    case Cause::catch_all:
    case Cause::auth_required:
    case Cause::tls_required:
    case Cause::blocked:
    case Cause::storage_full:
    case Cause::tls_failed:
    case Cause::mailbox:
    case Cause::policy:
    case Cause::announced_limit:
    case Cause::flaky:
    case Cause::unknown:
      return false;
  }
  return false;
}

}  // namespace smtpspec::verdict
