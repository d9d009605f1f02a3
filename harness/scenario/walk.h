// Walks over a step's parts, so that each kind of step is taken apart in one place only.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

// The steps of the block below a step; null for a step that takes none.
inline Steps* inner_steps(Step& step) {
  return std::visit(
      [](auto& body) -> Steps* {
        if constexpr (requires { body.steps; }) return &body.steps;
        else return nullptr;
      },
      step.body);
}
inline const Steps* inner_steps(const Step& step) { return inner_steps(const_cast<Step&>(step)); }

// The requirements that a step binds itself, not those of the block below it; null for a step that cannot bind.
inline const std::vector<Binding>* bindings_of(const Step& step) {
  return std::visit(
      [](const auto& body) -> const std::vector<Binding>* {
        if constexpr (requires { body.bindings; }) return &body.bindings;
        else if constexpr (requires { body.expectation; }) return &body.expectation.bindings;
        else return nullptr;
      },
      step.body);
}

// Every template that a step itself sends or looks for.
template <class Visitor>
void for_each_template(Step& step, Visitor visit) {
  if (auto* send = std::get_if<Send>(&step.body)) visit(send->payload);
  if (auto* message = std::get_if<Message>(&step.body)) {
    for (auto& line : message->lines) visit(line);
  }
  if (auto* expect = std::get_if<Expect>(&step.body)) {
    for (auto& text : expect->expectation.texts) visit(text.substring);
  }
  if (auto* scram = std::get_if<Scram>(&step.body)) {
    for (Template* pieces : {&scram->mechanism, &scram->first, &scram->challenge, &scram->last}) visit(*pieces);
  }
  if (auto* delivered = std::get_if<CheckDelivered>(&step.body)) visit(delivered->recipient);
  if (auto* message = std::get_if<CheckMessage>(&step.body)) visit(message->value);
}
template <class Visitor>
void for_each_template(const Step& step, Visitor visit) {
  for_each_template(const_cast<Step&>(step), [&visit](const Template& pieces) { visit(pieces); });
}

}  // namespace smtpspec::scenario
