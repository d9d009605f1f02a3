#include <algorithm>
#include <set>
#include <string>

#include "harness/scenario/lint_rules.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

using base::Severity;

class BindingRules {
 public:
  BindingRules(const Scenario& scenario, const Soundness& soundness, const Catalogue& catalogue, Findings& findings)
      : scenario_(scenario), soundness_(soundness), catalogue_(catalogue), findings_(findings) {}

  void run() {
    visit(scenario_.steps);
    for (std::size_t i = 0; i < scenario_.checks.size(); ++i) {
      const auto& id = scenario_.checks[i];
      const auto position = i < scenario_.check_positions.size() ? scenario_.check_positions[i] : scenario_.position;
      const Requirement* entry = catalogue_.find(id);
      if (entry == nullptr) {
        findings_.at_head(Severity::error, position, "the catalogue has no requirement " + id, suggestion(id));
      } else if (!bound_.contains(id)) {
        if (!soundness_.are_steps_whole) continue;
        findings_.at_head(Severity::error, position, id + " is listed here, but no step is bound to it");
      } else if (entry->role == "client" || entry->role == "operator") {
        findings_.at_head(Severity::warning, position,
                          id + " binds the " + std::string(entry->role) + ", not the server under test");
      }
    }
  }

 private:
  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      if (const auto* bindings = bindings_of(step)) {
        for (const Binding& binding : *bindings) check(step, binding);
      }
      if (const Steps* inner = inner_steps(step)) visit(*inner);
    }
  }

  void check(const Step& step, const Binding& binding) {
    bound_.insert(binding.requirement);
    const auto& listed = scenario_.checks;
    if (std::find(listed.begin(), listed.end(), binding.requirement) != listed.end()) return;
    if (catalogue_.find(binding.requirement) == nullptr) {
      findings_.at_place(Severity::error, step, binding.position,
                         "the catalogue has no requirement " + binding.requirement, suggestion(binding.requirement));
      return;
    }
    if (soundness_.is_faulty("checks")) return;
    findings_.at_place(Severity::error, step, binding.position,
                       binding.requirement + " is bound here, but `checks` does not list it");
  }

  std::string suggestion(const std::string& id) const {
    const std::string near = catalogue_.nearest(id);
    return near.empty() ? "" : "did you mean '" + near + "'?";
  }

  const Scenario& scenario_;
  const Soundness& soundness_;
  const Catalogue& catalogue_;
  Findings& findings_;
  std::set<std::string> bound_;
};

}  // namespace

void lint_bindings(const Scenario& scenario, const Soundness& soundness, const Catalogue& catalogue,
                   Findings& findings) {
  BindingRules(scenario, soundness, catalogue, findings).run();
}

}  // namespace smtpspec::scenario
