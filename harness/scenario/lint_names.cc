#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/base/octets.h"
#include "harness/scenario/lint_rules.h"
#include "harness/scenario/payload.h"
#include "harness/scenario/regex.h"
#include "harness/scenario/walk.h"

namespace smtpspec::scenario {
namespace {

using base::Severity;

class NameRules {
 public:
  NameRules(const Scenario& scenario, const Soundness& soundness, Findings& findings)
      : scenario_(scenario), soundness_(soundness), findings_(findings) {
    for (const Each& each : scenario.each) variables_.insert(each.variable);
  }

  void run() { visit(scenario_.steps); }

 private:
  // In the order in which the steps are played: a name is known from where it is given.
  void visit(const Steps& steps) {
    for (const Step& step : steps) {
      for_each_template(step, [&](const Template& pieces) { check_template(step, pieces); });
      learn_and_check(step);
      const Steps* inner = inner_steps(step);
      if (inner == nullptr) continue;
      const auto* repeat = std::get_if<Repeat>(&step.body);
      const bool adds = repeat != nullptr && !repeat->variable.empty() && variables_.insert(repeat->variable).second;
      visit(*inner);
      if (adds) variables_.erase(repeat->variable);
    }
  }

  void learn_and_check(const Step& step) {
    if (const auto* expect = std::get_if<Expect>(&step.body)) {
      if (!expect->expectation.known_as.empty()) replies_.insert(expect->expectation.known_as);
      for (const TextPattern& text : expect->expectation.texts) {
        if (text.kind != TextPattern::Kind::regex) continue;
        for (auto& name : named_groups(text.regex)) variables_.insert(std::move(name));
      }
    } else if (const auto* capture = std::get_if<Capture>(&step.body)) {
      if (!capture->message.empty()) check_known(step, "message", capture->message, messages_);
      variables_.insert(capture->name);
    } else if (std::holds_alternative<Scram>(step.body)) {
      variables_.insert({"proof", "signature"});
    } else if (const auto* relation = std::get_if<CheckRelation>(&step.body)) {
      for (const auto& name : {relation->left, relation->right}) check_known(step, "reply", name, replies_);
    } else if (const auto* delivered = std::get_if<CheckDelivered>(&step.body)) {
      if (!delivered->known_as.empty()) messages_.insert(delivered->known_as);
    } else if (const auto* message = std::get_if<CheckMessage>(&step.body)) {
      check_known(step, "message", message->message, messages_);
    }
  }

  void check_known(const Step& step, const std::string& what, const std::string& name,
                   const std::set<std::string>& known) {
    if (known.contains(name) || soundness_.may_be_given(name)) return;
    findings_.at_step(Severity::error, step, "no " + what + " before this line is named '" + name + "' by 'as'",
                      did_you_mean(name, {known.begin(), known.end()}));
  }

  void check_template(const Step& step, const Template& pieces) {
    for (const Piece& piece : pieces) {
      if (piece.kind == Piece::Kind::base64) check_template(step, piece.inner);
      if (piece.kind == Piece::Kind::variable) check_variable(step, piece.text);
    }
  }

  void check_variable(const Step& step, const std::string& name) {
    if (variables_.contains(name) || soundness_.may_be_given(name)) return;
    if (is_built_in_variable(name)) {
      if (name.find('[') != std::string::npos) check_index(step, name);
      return;
    }
    std::vector<std::string> known = built_in_variables();
    known.insert(known.end(), variables_.begin(), variables_.end());
    if (name == "recipients") {
      at_variable(step, name, "'recipients' takes an index, as in {recipients[1]}");
      return;
    }
    at_variable(step, name, "nothing gives the variable '" + name + "' a value", did_you_mean(name, known));
  }

  // `recipients[3]`, or by a variable that counts.
  void check_index(const Step& step, const std::string& name) {
    const auto open = name.find('[');
    const std::string index = name.substr(open + 1, name.size() - open - 2);
    if (!base::is_digit(index[0])) {
      if (!variables_.contains(index) && !soundness_.may_be_given(index))
        at_variable(step, name, "nothing gives the index '" + index + "' a value",
                    did_you_mean(index, {variables_.begin(), variables_.end()}));
      return;
    }
    if (soundness_.is_faulty("needs")) return;
    int minimum = 0;
    for (const Need& need : scenario_.needs)
      if (need.kind == Need::Kind::recipients) minimum = std::max(minimum, need.minimum);
    if (index.size() > 6 || std::stoi(index) == 0 || std::stoi(index) > minimum)
      at_variable(step, name, "{" + name + "} asks for 'needs recipients >= " + index + "', counted from 1");
  }

  // Where the variable stands, if that is in the step's first line.
  void at_variable(const Step& step, const std::string& name, std::string message, std::string suggestion = {}) {
    SourcePosition position = step.position;
    const auto at = step.source.find("{" + name + "}");
    if (at != std::string::npos) {
      position.column += static_cast<int>(at);
      position.length = static_cast<int>(name.size()) + 2;
    }
    findings_.at_place(Severity::error, step, position, std::move(message), std::move(suggestion));
  }

  const Scenario& scenario_;
  const Soundness& soundness_;
  Findings& findings_;
  std::set<std::string> variables_;
  std::set<std::string> replies_;
  std::set<std::string> messages_;
};

}  // namespace

void lint_names(const Scenario& scenario, const Soundness& soundness, Findings& findings) {
  NameRules(scenario, soundness, findings).run();
}

}  // namespace smtpspec::scenario
