// A scenario with mistakes in it, as far as it could be read. Nobody plays it; the linter looks at it all the same, so
// that what else is wrong is told at once, and not when the first mistakes are mended.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "harness/scenario/scenario.h"

namespace smtpspec::scenario {

using Words = std::set<std::string, std::less<>>;

// What the linter may rely on. What is not known to be missing must not be said to be missing: that would be a
// consequence of a mistake told already, and no mistake.
struct Soundness {
  Words faulty_fields;                          // "needs", where the field could not be read as a whole
  bool are_steps_whole = true;                  // none was left out
  std::size_t sound_steps = 0;                  // where they are not: those before the first that was
  std::shared_ptr<const Words> mistaken_words;  // names in lines with mistakes, which may have been given there

  bool is_faulty(std::string_view field) const { return faulty_fields.contains(field); }
  bool may_be_given(std::string_view name) const { return mistaken_words && mistaken_words->contains(name); }
};

struct BrokenScenario {
  Scenario scenario;
  Soundness soundness;
};

}  // namespace smtpspec::scenario
