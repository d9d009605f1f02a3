#include "harness/runner/applicability.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "harness/scenario/named_address.h"

namespace smtpspec::runner {
namespace {

using verdict::Verdict;

std::optional<std::string> unmet_address(scenario::Need::Kind kind, const Offer& offer) {
  if (offer.addresses.contains(kind)) return std::nullopt;
  const auto* const address =
      std::find_if(scenario::kNamedAddresses.begin(), scenario::kNamedAddresses.end(),
                   [&](const scenario::NamedAddress& candidate) { return candidate.kind == kind; });
  return std::string(address->when_not);
}

// "needs …", or nothing where the need is met.
std::optional<std::string> unmet(const scenario::Need& need, const Offer& offer) {
  switch (need.kind) {
    case scenario::Need::Kind::extension:
      if (offer.advertised.advertises(need.keyword)) return std::nullopt;
      if (std::find(offer.declared.begin(), offer.declared.end(), need.keyword) != offer.declared.end())
        return std::nullopt;
      return need.keyword + " is not advertised";
    case scenario::Need::Kind::mailbox:
      return offer.has_mailbox ? std::nullopt : std::optional<std::string>("no mailbox to look into (--mailbox)");
    case scenario::Need::Kind::recipients:
      if (offer.recipients >= static_cast<std::size_t>(need.minimum)) return std::nullopt;
      return fmt::format("fewer than {} recipients are known (profile: addresses.recipients)", need.minimum);
    case scenario::Need::Kind::auth:
      return offer.has_credentials ? std::nullopt : std::optional<std::string>("no credentials (--auth)");
    case scenario::Need::Kind::tls:
      return offer.can_tls ? std::nullopt : std::optional<std::string>("no TLS is offered");
    case scenario::Need::Kind::relay:
    case scenario::Need::Kind::unknown_recipient:
    case scenario::Need::Kind::alias:
    case scenario::Need::Kind::list:
    case scenario::Need::Kind::dead_list:
    case scenario::Need::Kind::undeliverable:
      return unmet_address(need.kind, offer);
  }
  return std::nullopt;
}

}  // namespace

Applicability decide(const scenario::Scenario& scenario, const Offer& offer) {
  const bool fits = scenario.roles.empty() ||
                    std::any_of(scenario.roles.begin(), scenario.roles.end(),
                                [&](scenario::Role role) { return role == scenario::Role::any || role == offer.role; });
  if (!fits) return {Verdict::not_applicable, fmt::format("not for the role {}", to_string(offer.role))};
  for (const auto& need : scenario.needs)
    if (auto reason = unmet(need, offer)) return {Verdict::not_applicable, std::move(*reason)};
  if (scenario.impact > offer.impact)
    return {Verdict::skipped, fmt::format("impact {} is not allowed here (--impact {})", to_string(scenario.impact),
                                          to_string(scenario.impact))};
  if (scenario.has_tag("slow") && !offer.includes_slow) return {Verdict::skipped, "slow (--slow runs it)"};
  return {};
}

}  // namespace smtpspec::runner
