#include "harness/runner/control_delivery.h"

#include <utility>

#include <fmt/format.h>

#include "harness/engine/marker.h"

namespace smtpspec::runner {
namespace {

// As far as the reply that takes it: what the server says to QUIT is not the point.
scenario::Scenario delivery() {
  scenario::Scenario scenario;
  scenario.name = "control";
  scenario.steps = engine::marker_steps(false);
  scenario.steps.resize(scenario.steps.size() - engine::kMarkerFarewellSteps);
  for (auto& step : scenario.steps) step.is_setup = false;
  return scenario;
}

engine::Program compiled(const scenario::Scenario& scenario) {
  static const scenario::Catalogue no_catalogue{{}};
  return engine::compile({"control", &scenario, {}}, no_catalogue);
}

}  // namespace

ControlDelivery::ControlDelivery(engine::Variables variables, engine::Settings settings, std::uint64_t seed)
    : variables_(std::move(variables)),
      settings_(settings),
      seed_(seed),
      scenario_(delivery()),
      program_(compiled(scenario_)) {}

void ControlDelivery::send(const Surroundings& surroundings, const std::string& recipient,
                           std::function<void(const ProvenMailbox::Sent&)> done) {
  const std::string token = fmt::format("tcontrol{:x}n{}", seed_, ++sent_);
  engine::Variables variables = variables_;
  variables.set("token", token);
  variables.set("recipient", recipient);
  plays_.play(surroundings, program_, std::move(variables), settings_,
              [token, done = std::move(done)](engine::Conversation& played) {
                verdict::ScenarioResult result;
                played.conclude(result);
                if (result.verdict == verdict::Verdict::pass) done({engine::marker_token(token), ""});
                else done({"", result.reason});
              });
}

}  // namespace smtpspec::runner
