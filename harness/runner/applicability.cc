#include "harness/runner/applicability.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "harness/base/octets.h"
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

bool has_parameter(const wire::Capability& capability, const std::string& parameter) {
  return std::any_of(capability.parameters.begin(), capability.parameters.end(),
                     [&](const std::string& offered) { return base::equals_ignoring_case(offered, parameter); });
}

// Is this mechanism among those of AUTH? An empty name stands for any.
bool offers_mechanism(const wire::Capabilities& advertised, const std::string& mechanism) {
  const wire::Capability* const auth = advertised.find("AUTH");
  if (!auth) return false;
  return mechanism.empty() || has_parameter(*auth, mechanism);
}

// A number from 1 to `maximum`.
bool is_number_up_to(std::uint64_t maximum, const std::string& text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && number > 0 && number <= maximum;
}

// What stands behind `NAME=` is a number of `minimum` or more.
bool is_promised(const wire::Capability& capability, const std::string& name, int minimum) {
  return std::any_of(capability.parameters.begin(), capability.parameters.end(), [&](const std::string& offered) {
    const auto equals = offered.find('=');
    if (equals == std::string::npos || !base::equals_ignoring_case(offered.substr(0, equals), name)) return false;
    const std::string number = offered.substr(equals + 1);
    return is_number_up_to(std::numeric_limits<std::uint64_t>::max(), number) &&
           !is_number_up_to(static_cast<std::uint64_t>(minimum) - 1, number);
  });
}

// Of an extension that is offered: not with what the scenario needs it with.
std::optional<std::string> unmet_parameter(const scenario::Need& need, const wire::Capabilities& advertised) {
  const wire::Capability* const offered = advertised.find(need.keyword);
  if (offered == nullptr) return std::nullopt;
  if (need.minimum > 0 && !is_promised(*offered, need.parameter, need.minimum))
    return fmt::format("{} is not advertised with {}={} or more", need.keyword, need.parameter, need.minimum);
  if (need.minimum == 0 && !need.parameter.empty() && !has_parameter(*offered, need.parameter))
    return fmt::format("{} is not advertised with {}", need.keyword, need.parameter);
  if (need.maximum > 0 && (offered->parameters.empty() || !is_number_up_to(need.maximum, offered->parameters.front())))
    return fmt::format("{} is not advertised with a number up to {}", need.keyword, need.maximum);
  return std::nullopt;
}

// Offered where the scenario looks for it, or declared and missing. What is offered within TLS alone, as AUTH often is,
// is declared rightly, and is not for a scenario that stays in clear.
std::optional<std::string> unmet_extension(const scenario::Need& need, const Offer& offer) {
  const std::string& keyword = need.keyword;
  if (offer.advertised.advertises(keyword)) return unmet_parameter(need, offer.advertised);
  if (offer.is_in_clear && offer.advertised_in_tls.advertises(keyword))
    return keyword + " is advertised within TLS alone";
  if (std::find(offer.declared.begin(), offer.declared.end(), keyword) != offer.declared.end()) return std::nullopt;
  return keyword + " is not advertised";
}

std::optional<std::string> unmet_mechanism(const std::string& mechanism, const Offer& offer) {
  if (offers_mechanism(offer.advertised, mechanism)) return std::nullopt;
  if (offers_mechanism(offer.advertised_in_tls, mechanism)) return std::nullopt;
  return mechanism.empty() ? std::string("AUTH is not advertised")
                           : fmt::format("AUTH is not advertised with {}", mechanism);
}

// As `needs` names it: itself, or by a value of `each`.
std::string mechanism_of(const scenario::Need& need, const scenario::Instance& instance) {
  if (!need.keyword.starts_with('{')) return need.keyword;
  for (const auto& [variable, value] : instance.values)
    if (need.keyword == "{" + variable + "}") return value;
  return need.keyword;
}

// "needs …", or nothing where the need is met.
std::optional<std::string> unmet(const scenario::Need& need, const scenario::Instance& instance, const Offer& offer) {
  switch (need.kind) {
    case scenario::Need::Kind::extension:
      return unmet_extension(need, offer);
    case scenario::Need::Kind::mailbox:
      return offer.has_mailbox ? std::nullopt : std::optional<std::string>("no mailbox to look into (--mailbox)");
    case scenario::Need::Kind::recipients:
      if (offer.recipients >= static_cast<std::size_t>(need.minimum)) return std::nullopt;
      return fmt::format("fewer than {} recipients are known (profile: addresses.recipients)", need.minimum);
    case scenario::Need::Kind::auth:
      return offer.has_credentials ? std::nullopt : std::optional<std::string>("no credentials (--auth)");
    case scenario::Need::Kind::tls:
      if (offer.has_implicit_tls) return std::nullopt;
      return std::string("the port does not speak TLS from the start (--tls implicit)");
    case scenario::Need::Kind::sasl:
      return unmet_mechanism(mechanism_of(need, instance), offer);
    case scenario::Need::Kind::relay:
    case scenario::Need::Kind::next_hop:
    case scenario::Need::Kind::retry:
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

std::vector<std::string> declared_in_vain(const Offer& offer) {
  std::vector<std::string> missing;
  std::copy_if(offer.declared.begin(), offer.declared.end(), std::back_inserter(missing), [&](const auto& keyword) {
    return !offer.advertised.advertises(keyword) && !offer.advertised_in_tls.advertises(keyword);
  });
  return missing;
}

Applicability decide(const scenario::Instance& instance, const Offer& offer) {
  const scenario::Scenario& scenario = *instance.scenario;
  if (!scenario.is_for(offer.role))
    return {Verdict::not_applicable, fmt::format("not for the role {}", to_string(offer.role))};
  for (const auto& need : scenario.needs)
    if (auto reason = unmet(need, instance, offer)) return {Verdict::not_applicable, std::move(*reason)};
  if (scenario.impact > offer.impact)
    return {Verdict::skipped, fmt::format("impact {} is not allowed here (--impact {})", to_string(scenario.impact),
                                          to_string(scenario.impact))};
  if (scenario.has_tag("slow") && !offer.includes_slow) return {Verdict::skipped, "slow (--slow runs it)"};
  return {};
}

}  // namespace smtpspec::runner
