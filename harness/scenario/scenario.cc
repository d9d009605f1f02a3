#include "harness/scenario/scenario.h"

#include <algorithm>
#include <utility>

namespace smtpspec::scenario {
namespace {

struct RoleName {
  Role role;
  std::string_view name;
};
constexpr RoleName kRoles[] = {
    {Role::any, "any"}, {Role::mx, "mx"}, {Role::submission, "submission"}, {Role::lmtp, "lmtp"}};

struct ImpactName {
  Impact impact;
  std::string_view name;
};
constexpr ImpactName kImpacts[] = {{Impact::probe, "probe"}, {Impact::deliver, "deliver"}, {Impact::stress, "stress"}};

bool names(const Template& pieces, std::string_view variable) {
  return std::any_of(pieces.begin(), pieces.end(),
                     [&](const Piece& piece) { return piece.kind == Piece::Kind::variable && piece.text == variable; });
}

}  // namespace

bool CodePattern::matches(int code) const {
  if (code < 0 || code > 999) return false;
  const int places[] = {code / 100, code / 10 % 10, code % 10};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] != 'x' && digits[i] - '0' != places[i]) return false;
  }
  return true;
}

bool ReplyPattern::matches_code(int code) const {
  if (any) return true;
  const bool listed = std::any_of(codes.begin(), codes.end(), [code](const CodePattern& p) { return p.matches(code); });
  return negated ? !listed : listed;
}

bool Pipeline::operator==(const Pipeline& other) const {
  return is_forced == other.is_forced && pacing == other.pacing && steps == other.steps;
}
bool Early::operator==(const Early& other) const { return steps == other.steps; }
bool When::operator==(const When& other) const {
  return kind == other.kind && keyword == other.keyword && reply == other.reply && steps == other.steps;
}
bool Repeat::operator==(const Repeat& other) const {
  return times == other.times && variable == other.variable && steps == other.steps;
}
bool Refusable::operator==(const Refusable& other) const {
  return pattern == other.pattern && steps == other.steps && bindings == other.bindings;
}

std::string_view to_string(Role role) {
  for (const auto& entry : kRoles) {
    if (entry.role == role) return entry.name;
  }
  return "any";
}

std::string_view to_string(Impact impact) {
  for (const auto& entry : kImpacts) {
    if (entry.impact == impact) return entry.name;
  }
  return "probe";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const auto& entry : kRoles) {
    if (entry.name == text) return entry.role;
  }
  return std::nullopt;
}

std::optional<Impact> parse_impact(std::string_view text) {
  for (const auto& entry : kImpacts) {
    if (entry.name == text) return entry.impact;
  }
  return std::nullopt;
}

bool CheckDelivered::is_for_next_hop() const {
  return names(recipient, "relayed") || names(recipient, "relayed_domain") || is_deferred();
}

bool CheckDelivered::is_deferred() const { return names(recipient, "relayed_later"); }

bool Scenario::has_tag(std::string_view tag) const { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }

bool Scenario::is_for(Role role) const {
  return roles.empty() || std::find(roles.begin(), roles.end(), role) != roles.end();
}

std::vector<Instance> instances_of(const Scenario& scenario) {
  std::vector<Instance> instances{Instance{scenario.name, &scenario, {}}};
  std::vector<std::string> labels{""};
  for (const auto& each : scenario.each) {
    std::vector<Instance> widened;
    std::vector<std::string> widened_labels;
    for (std::size_t i = 0; i < instances.size(); ++i) {
      for (const auto& value : each.values) {
        widened.push_back(instances[i]);
        widened.back().values.emplace_back(each.variable, value.value);
        widened_labels.push_back(labels[i] + (labels[i].empty() ? "" : ",") + each.variable + "=" + value.label);
      }
    }
    instances = std::move(widened);
    labels = std::move(widened_labels);
  }
  for (std::size_t i = 0; i < instances.size(); ++i) {
    if (!labels[i].empty()) instances[i].id += "[" + labels[i] + "]";
  }
  return instances;
}

}  // namespace smtpspec::scenario
