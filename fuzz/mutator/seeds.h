// What a campaign begins with where nothing else is given: one plain session for each thing that SMTP can do.
#pragma once

#include <vector>

#include "fuzz/mutator/input.h"
#include "fuzz/mutator/vocabulary.h"

namespace smtpspec::fuzz {

std::vector<Input> basic_seeds(const Vocabulary& words);

}  // namespace smtpspec::fuzz
