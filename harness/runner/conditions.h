// What a run was made with, as far as the record keeps it and a later judgement needs it: both ways.
#pragma once

#include "harness/engine/conversation.h"
#include "harness/runner/plan.h"
#include "harness/verdict/run_record.h"

namespace smtpspec::runner {

verdict::Conditions conditions_of(const Plan& plan);

// Of the try that was recorded. The password is in no record: a word stands for it that is none.
engine::Variables variables_of(const verdict::Conditions& conditions, const verdict::ScenarioResult& result,
                               const scenario::Instance& instance);
engine::Settings settings_of(const verdict::Conditions& conditions);

}  // namespace smtpspec::runner
