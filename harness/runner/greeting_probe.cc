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

GreetingProbe::~GreetingProbe() = default;

void GreetingProbe::ask(const Surroundings& surroundings, std::function<void(Greeting)> done) {
  using Kind = engine::Observation::Kind;
  under_way_.push_back(std::make_unique<Play>(surroundings, program_, variables_, settings_));
  const auto self = std::prev(under_way_.end());
  (*self)->start([this, self, done = std::move(done)] {
    const engine::Observation* seen = (*self)->conversation().named("greeting");
    const Kind kind = seen ? seen->kind : Kind::closed;
    (*self)->say_farewell([this, self] { under_way_.erase(self); });
    done(kind == Kind::reply ? Greeting::came : kind == Kind::timed_out ? Greeting::silent : Greeting::broken);
  });
}

}  // namespace smtpspec::runner
