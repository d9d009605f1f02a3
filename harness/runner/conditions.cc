#include "harness/runner/conditions.h"

namespace smtpspec::runner {
namespace {

// Nobody knows it any more; what is made from it is redacted in the log and not compared.
constexpr const char* kLostPassword = "not recorded";

}  // namespace

verdict::Conditions conditions_of(const Plan& plan) {
  verdict::Conditions conditions;
  conditions.confirmations = plan.retry.confirmations;
  conditions.repeat = plan.repeat;
  for (const auto& [name, value] : plan.variables.values())
    if (name != "password") conditions.variables[name] = value;
  conditions.recipients = plan.variables.recipients();
  conditions.has_password = plan.variables.find("password").has_value();
  conditions.reply_timeout = plan.settings.reply_timeout;
  conditions.time_scale = plan.settings.time_scale;
  conditions.demands_tls = plan.settings.demands_tls;
  conditions.demands_auth = plan.settings.demands_auth;
  return conditions;
}

engine::Variables variables_of(const verdict::Conditions& conditions, const verdict::ScenarioResult& result,
                               const scenario::Instance& instance) {
  engine::Variables variables;
  for (const auto& [name, value] : conditions.variables) variables.set(name, value);
  variables.set_recipients(conditions.recipients);
  if (conditions.has_password) variables.set("password", kLostPassword);
  variables.set("token", result.token);
  for (const auto& [name, value] : instance.values) variables.set(name, value);
  return variables;
}

engine::Settings settings_of(const verdict::Conditions& conditions) {
  engine::Settings settings;
  settings.reply_timeout = conditions.reply_timeout;
  settings.time_scale = conditions.time_scale;
  settings.demands_tls = conditions.demands_tls;
  settings.demands_auth = conditions.demands_auth;
  return settings;
}

}  // namespace smtpspec::runner
