#include "harness/runner/greeting_probe.h"

#include <cassert>
#include <utility>

#include "harness/scenario/load.h"

namespace smtpspec::runner {
namespace {

constexpr std::string_view kText =
    "scenario probe \"The server greets\"\n"
    "  S: any as greeting\n";

const scenario::Scenario& probe() {
  static const scenario::Loaded loaded = scenario::load_text(kText, "probe", "", scenario::NoFiles());
  assert(loaded.scenarios.size() == 1 && loaded.diagnostics.empty());
  return loaded.scenarios.front();
}

engine::Program compiled() {
  static const scenario::Catalogue no_catalogue{{}};
  return engine::compile({"probe", &probe(), {}}, no_catalogue);
}

}  // namespace

GreetingProbe::GreetingProbe(engine::Variables variables, engine::Settings settings)
    : variables_(std::move(variables)), settings_(settings), program_(compiled()) {}

void GreetingProbe::ask(const Surroundings& surroundings, base::Microseconds patience,
                        std::function<void(const std::string&)> done) {
  engine::Settings settings = settings_;
  settings.reply_timeout = settings.connect_timeout = patience;
  plays_.play(surroundings, program_, variables_, settings, [done = std::move(done)](engine::Conversation& played) {
    const engine::Observation* seen = played.named("greeting");
    if (seen && seen->kind == engine::Observation::Kind::reply) return done("");
    if (seen) return done(engine::to_string(*seen));
    verdict::ScenarioResult result;
    played.conclude(result);
    done(result.reason);
  });
}

}  // namespace smtpspec::runner
