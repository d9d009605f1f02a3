// What the loader's tests share: files in memory, and short ways to load a text.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "harness/scenario/load.h"

namespace smtpspec::scenario {

struct MemoryFiles : FileSource {
  std::map<std::string, std::string> files;
  base::Result<std::string, std::string> read(const std::string& path) const override {
    const auto found = files.find(path);
    if (found == files.end()) return base::make_unexpected(std::string("no such file"));
    return found->second;
  }
};

inline Loaded load(std::string_view text, std::string_view common = "") {
  return load_text(text, "x/test.smtp", common, MemoryFiles{});
}

// Every diagnostic as a user reads it.
inline std::string complaints(const Loaded& loaded) {
  std::string out;
  for (const auto& diagnostic : loaded.diagnostics) out += base::render(diagnostic);
  return out;
}
inline std::string complaints(std::string_view text) { return complaints(load(text)); }

// The steps of a scenario without head, complaints being a failure of the test.
inline Steps steps_of(std::string_view steps, std::string_view common = "") {
  std::string text = "scenario a.b \"t\"\n";
  text += steps;
  auto loaded = load(text, common);
  EXPECT_EQ(complaints(loaded), "");
  return loaded.scenarios.empty() ? Steps{} : loaded.scenarios[0].steps;
}

// The only step, as a T; a default one if it is none.
template <class T>
T only(std::string_view step) {
  const auto steps = steps_of(step);
  EXPECT_EQ(steps.size(), 1U);
  if (steps.size() != 1 || !std::holds_alternative<T>(steps[0].body)) {
    ADD_FAILURE() << "another kind of step than expected: " << step;
    return T{};
  }
  return std::get<T>(steps[0].body);
}

inline Piece octets(std::string text, std::size_t times = 1) {
  return {Piece::Kind::octets, std::move(text), {}, times};
}
inline Piece variable(std::string name, std::size_t times = 1) {
  return {Piece::Kind::variable, std::move(name), {}, times};
}

}  // namespace smtpspec::scenario
