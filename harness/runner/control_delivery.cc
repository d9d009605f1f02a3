#include "harness/runner/control_delivery.h"

#include <utility>

#include <fmt/format.h>

#include "harness/engine/marker.h"

namespace smtpspec::runner {
namespace {

scenario::Scenario delivery() {
  scenario::Scenario scenario;
  scenario.name = "control";
  scenario.steps = engine::marker_steps();
  for (auto& step : scenario.steps) step.is_setup = false;  // here it is the point that the server takes it
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

ControlDelivery::~ControlDelivery() = default;

void ControlDelivery::send(const Surroundings& surroundings, const std::string& recipient,
                           std::function<void(const ProvenMailbox::Sent&)> done) {
  const std::string token = fmt::format("tcontrol{:x}n{}", seed_, ++sent_);
  engine::Variables variables = variables_;
  variables.set("token", token);
  variables.set("recipient", recipient);
  under_way_.push_back(std::make_unique<Play>(surroundings, program_, std::move(variables), settings_));
  const auto self = std::prev(under_way_.end());
  (*self)->start([this, self, token, done = std::move(done)] {
    verdict::ScenarioResult result;
    (*self)->conversation().conclude(result);
    (*self)->say_farewell([this, self] { under_way_.erase(self); });
    if (result.verdict == verdict::Verdict::pass) done({engine::marker_token(token), ""});
    else done({"", result.reason});
  });
}

}  // namespace smtpspec::runner
