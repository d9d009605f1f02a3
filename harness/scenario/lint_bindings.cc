#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

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
    collect(scenario_.steps);
    pair_misspelt();
    visit(scenario_.steps);
    for (std::size_t i = 0; i < scenario_.checks.size(); ++i) {
      const auto& id = scenario_.checks[i];
      const auto position = i < scenario_.check_positions.size() ? scenario_.check_positions[i] : scenario_.position;
      const Requirement* entry = catalogue_.find(id);
      if (entry == nullptr) {
        findings_.at_head(Severity::error, position, "the catalogue has no requirement " + id, suggestion(id));
      } else if (!bound_.contains(id)) {
        if (soundness_.are_steps_whole && !excused_.contains(id))
          findings_.at_head(Severity::error, position, id + " is listed here, but no step is bound to it");
      } else if (entry->role == "client" || (entry->role == "operator" && entry->observable == "none")) {
        // What an operator owes shows on the server, where anything shows of it.
        findings_.at_head(Severity::warning, position,
                          id + " binds the " + std::string(entry->role) + ", not the server under test");
      }
    }
  }

 private:
  void collect(const Steps& steps) {
    for (const Step& step : steps) {
      if (const auto* bindings = bindings_of(step)) {
        for (const Binding& binding : *bindings) bound_.insert(binding.requirement);
      }
      if (const Steps* inner = inner_steps(step)) collect(*inner);
    }
  }

  // An id that the catalogue does not have, in one of the two places, stands for one that is missing there: it is told
  // once, as what it is.
  void pair_misspelt() {
    const std::set<std::string> listed(scenario_.checks.begin(), scenario_.checks.end());
    const auto pair = [this](const std::set<std::string>& here, const std::set<std::string>& there) {
      std::vector<std::string> missing;
      for (const auto& id : there) {
        if (!here.contains(id) && catalogue_.find(id) != nullptr) missing.push_back(id);
      }
      for (const auto& id : here) {
        if (catalogue_.find(id) != nullptr || there.contains(id)) continue;
        const std::string meant = base::nearest_spelling(id, missing);
        if (meant.empty()) continue;
        std::erase(missing, meant);
        excused_.insert(meant);
        meant_[id] = meant;
      }
    };
    pair(listed, bound_);
    pair(bound_, listed);
  }

  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      if (const auto* bindings = bindings_of(step)) {
        for (const Binding& binding : *bindings) check(step, binding);
      }
      if (const Steps* inner = inner_steps(step)) visit(*inner);
    }
  }

  void check(const Step& step, const Binding& binding) {
    const auto& listed = scenario_.checks;
    if (std::find(listed.begin(), listed.end(), binding.requirement) != listed.end()) return;
    if (catalogue_.find(binding.requirement) == nullptr) {
      findings_.at_place(Severity::error, step, binding.position,
                         "the catalogue has no requirement " + binding.requirement, suggestion(binding.requirement));
      return;
    }
    if (soundness_.is_faulty("checks") || excused_.contains(binding.requirement)) return;
    findings_.at_place(Severity::error, step, binding.position,
                       binding.requirement + " is bound here, but `checks` does not list it");
  }

  std::string suggestion(const std::string& id) const {
    const auto meant = meant_.find(id);
    const std::string near = meant != meant_.end() ? meant->second : catalogue_.nearest(id);
    return near.empty() ? "" : "did you mean '" + near + "'?";
  }

  const Scenario& scenario_;
  const Soundness& soundness_;
  const Catalogue& catalogue_;
  Findings& findings_;
  std::set<std::string> bound_;
  std::set<std::string> excused_;             // missing in one place, by a misspelling that is told
  std::map<std::string, std::string> meant_;  // what a misspelt id stands for
};

}  // namespace

void lint_bindings(const Scenario& scenario, const Soundness& soundness, const Catalogue& catalogue,
                   Findings& findings) {
  BindingRules(scenario, soundness, catalogue, findings).run();
}

}  // namespace smtpspec::scenario
