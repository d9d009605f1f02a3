// Whatever a file holds, loading ends, throws nothing and stays within its bounds.
#include <random>

#include "harness/scenario/lint.h"
#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

const std::string_view kFragments[] = {
    "scenario ", "a.b ",       "\"t\"",     "\n",      "\n  ",      "\n    ",  "\n\t",    "C: ",    "C| ",
    "C.",        "C.raw",      "S: ",       "S2: ",    "250",       "250-",    "354",     "2xx|",   "not ",
    "any ",      "closed ",    "silent",    "unless ", "within ",   "2s ",     "as ",     "x ",     "[RFC5321-1-01]",
    "\"",        "/",          "\\",        "{",       "}",         "{{",      "{token}", "block ", "use ",
    "(",         ")",          ",",         "*3",      "*99999999", "b64(",    "file(",   "each ",  "x: ",
    "checks ",   "needs ",     "repeat ",   "100000 ", "pipeline ", "forced ", "when ",   "reply ", "advertised ",
    "check ",    "delivered ", "a/b ",      "in ",     "header ",   "count ",  ">= ",     "#",      "  ",
    "\r\n",      "EHLO ",      "malformed", "split ",
};

TEST(Garbage, OfFragmentsNeverStopsTheLoader) {
  std::mt19937 random(20'081'124);
  std::size_t loaded_scenarios = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = round % 2 == 0 ? "scenario a \"t\"\n  " : "";
    const auto count = random() % 60;
    for (std::size_t i = 0; i < count; ++i) text += kFragments[random() % std::size(kFragments)];
    const auto loaded = load(text);
    for (const auto& diagnostic : loaded.diagnostics) EXPECT_FALSE(base::render(diagnostic).empty());
    for (const auto& scenario : loaded.scenarios) {
      ++loaded_scenarios;
      lint(scenario, built_in_catalogue());
      if (scenario.each.size() < 3) instances_of(scenario);
    }
    for (const auto& broken : loaded.broken) lint(broken, built_in_catalogue());
  }
  EXPECT_GT(loaded_scenarios, 0U);
}

TEST(Garbage, OfOctetsNeverStopsTheLoader) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string text(random() % 400, '\0');
    for (char& c : text) c = static_cast<char>(random());
    load(text);
    load("scenario a \"t\"\n" + text);
  }
}

TEST(Garbage, EveryPrefixOfAScenarioLoads) {
  const std::string text =
      "block g(x)\n  C: EHLO {x}\n  S: 250\nscenario a \"t\"\n  each p: l: \"x\"*3 b\n  use g(\"{token}\")\n"
      "  C| \"a\\x00\"*3 b64(\"x\")  split 1\n  S: 250-a\n  S: 250 \"x\" /y(z)/ unless 4xx  [RFC5321-2.1-03]\n"
      "  when reply 250\n    C.\n      text\n  check m header \"X\" count >= 1\n";
  for (std::size_t length = 0; length <= text.size(); ++length) load(text.substr(0, length));
}

TEST(Garbage, DeepNestingIsRefused) {
  std::string text = "scenario a \"t\"\n";
  for (std::size_t depth = 1; depth < 3000; ++depth) text += std::string(depth, ' ') + "early\n";
  const auto loaded = load(text);
  EXPECT_TRUE(loaded.has_errors());
  EXPECT_LE(loaded.diagnostics.size(), 101U);
}

TEST(Garbage, SizesAreBounded) {
  EXPECT_NE(complaints(std::string(2 << 20, 'a')).find("larger than 1 MiB"), std::string::npos);
  EXPECT_NE(complaints(std::string(70'000, 'a')).find("longer than 65536 octets"), std::string::npos);
  EXPECT_NE(complaints("scenario a \"t\"\n  C| \"abcdefgh\"*99999999\n").find("more than 64 MiB"), std::string::npos);
  EXPECT_NE(complaints("scenario a \"t\"\n  repeat 1000\n    repeat 1000\n      C: NOOP\n").find("repeats counted"),
            std::string::npos);
  std::string many = "scenario a \"t\"\n  each x:";
  for (int i = 0; i < 200; ++i) many += " v" + std::to_string(i);
  std::string again = many.substr(many.find("  each"));
  again.replace(again.find("x:"), 2, "y:");
  EXPECT_NE(complaints(many + "\n" + again + "\n  C: NOOP\n").find("more than 10000 instances"), std::string::npos);
}

TEST(Garbage, DiagnosticsAreBounded) {
  std::string text = "scenario a \"t\"\n";
  for (int i = 0; i < 5000; ++i) text += "  nonsense\n";
  const auto loaded = load(text);
  EXPECT_EQ(loaded.diagnostics.size(), 101U);
  EXPECT_EQ(loaded.diagnostics.front().position.line, 2);
  EXPECT_EQ(loaded.diagnostics.back().message, "and 4900 more mistakes; those above come first");
}

}  // namespace
}  // namespace smtpspec::scenario
