// Inputs as scenarios and back: every scenario is a seed, and a finding is a scenario that `smtpspec replay` plays.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fuzz/mutator/input.h"
#include "fuzz/mutator/vocabulary.h"
#include "harness/scenario/scenario.h"

namespace smtpspec::fuzz {

// Not taken over: how sends are cut into segments, waits, and what is expected. Of `when` and `repeat` the block is
// played once; `auth` becomes PLAIN with the vocabulary's user; a variable that the vocabulary does not know becomes
// its name.
Input from_scenario(const scenario::Scenario& scenario, const Vocabulary& words);

struct ScenarioHead {
  std::string name;     // "fuzz.state-kept.1a2b3c4d"
  std::string title;    // one sentence
  std::string why;      // one sentence; may be empty
  std::string comment;  // lines for people, each written behind "# "; may be empty
};

// What a reply to a step must be where more is known than that one comes: by index of the step. "not 2xx|354".
using Demands = std::map<std::size_t, std::string>;

// The text of a scenario that is bound to no requirement, so that each of its lines judges. It says what the input
// says, in lock-step: each command gets one reply, of any code where nothing else is demanded; what only makes sense
// behind a 354, 334 or 220 is said only behind one; at the end a fence proves that no reply was left over.
std::string to_scenario(const Input& input, const ScenarioHead& head, const Demands& demands = {});

// The same behind sessions that came before it, oldest first, each over connections of its own that have ended, by QUIT
// where the server listens to commands, before the next begin. Nothing is demanded of these but that they are answered.
std::string to_scenario(std::span<const Input> earlier, const Input& input, const ScenarioHead& head,
                        const Demands& demands = {});

}  // namespace smtpspec::fuzz
