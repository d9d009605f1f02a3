// The linter's rules, a group each, and what they share. Only lint() calls them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/base/diagnostic.h"
#include "harness/scenario/broken.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

class Findings {
 public:
  Findings(const Scenario& scenario, std::vector<base::Diagnostic>& out) : scenario_(scenario), out_(out) {}

  // At a step. What comes from a block is told at the scenario's name, since the block may stand in another file.
  void at_step(base::Severity severity, const Step& step, std::string message, std::string suggestion = {});
  // At a place in the step's line, such as a binding's.
  void at_place(base::Severity severity, const Step& step, SourcePosition position, std::string message,
                std::string suggestion = {});
  // At a place in the scenario's head.
  void at_head(base::Severity severity, SourcePosition position, std::string message, std::string suggestion = {});

 private:
  const Scenario& scenario_;
  std::vector<base::Diagnostic>& out_;
};

// `checks` and bindings agree, ids resolve and bind the server.
void lint_bindings(const Scenario& scenario, const Soundness& soundness, const Catalogue& catalogue,
                   Findings& findings);

// Variables, replies and messages are named before they are used.
void lint_names(const Scenario& scenario, const Soundness& soundness, Findings& findings);

// `needs`, `impact` and `tags` say what the steps use.
void lint_needs(const Scenario& scenario, const Soundness& soundness, Findings& findings);

// A command line is well-formed, or says `malformed`.
void lint_grammar(const Scenario& scenario, const Soundness& soundness, Findings& findings);

// A scenario that is for LMTP and for SMTP opens its session by {ehlo}.
void lint_roles(const Scenario& scenario, Findings& findings);

// Nothing is written while a reply is owed.
void lint_turns(const Scenario& scenario, Findings& findings);

// Every step can be come to.
void lint_reach(const Scenario& scenario, const Catalogue& catalogue, Findings& findings);

}  // namespace smtpspec::scenario
