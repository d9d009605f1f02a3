#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

TEST(Blocks, AreExpandedWithTheirArguments) {
  const auto loaded = load(
      "block hello(name, text)\n  C: EHLO {name}\n  S: 250 \"{text}\" [RFC5321-2.2.1-02]\n\n"
      "scenario a \"t\"\n  use hello(c.example, \"a, {token}\")\n  C: NOOP\n");
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  const auto& steps = loaded.scenarios[0].steps;
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(std::get<Send>(steps[0].body).payload, (Template{octets("EHLO c.example")}));
  const auto& expect = std::get<Expect>(steps[1].body).expectation;
  EXPECT_EQ(expect.texts[0].substring, (Template{octets("a, "), variable("token")}));
  EXPECT_EQ(expect.bindings.size(), 1U);
  EXPECT_TRUE(steps[0].is_setup);
  EXPECT_EQ(steps[0].block, "hello");
  EXPECT_EQ(steps[0].position.line, 2);
  EXPECT_FALSE(steps[2].is_setup);
}

TEST(Blocks, AParameterWithoutAnArgumentKeepsItsMeaning) {
  const auto steps =
      steps_of("  use greet\n  use greet(x.example) on 2\n", "block greet(client)\n  C: EHLO {client}\n");
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(std::get<Send>(steps[0].body).payload, (Template{octets("EHLO "), variable("client")}));
  EXPECT_EQ(std::get<Send>(steps[1].body).payload, (Template{octets("EHLO x.example")}));
  EXPECT_EQ(steps[1].connection, 2);
}

TEST(Blocks, MayUseBlocksThatStandLater) {
  const auto loaded = load(
      "scenario a \"t\"\n  use outer(v)\nblock outer(x)\n  use inner(\"<{x}>\")\n  repeat 2\n    C: {x}\n"
      "block inner(y)\n  C: {y}\n");
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  const auto& steps = loaded.scenarios[0].steps;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(std::get<Send>(steps[0].body).payload, (Template{octets("<v>")}));
  EXPECT_EQ(std::get<Send>(std::get<Repeat>(steps[1].body).steps[0].body).payload, (Template{octets("v")}));
}

TEST(Blocks, ThatUseThemselvesAreRefused) {
  EXPECT_EQ(complaints("block a\n  use b\nblock b\n  use a\nscenario s \"t\"\n  use a\n  C: NOOP\n"),
            "x/test.smtp:4:7: error: block 'a' uses itself\n"
            "    use a\n"
            "        ^\n");
}

TEST(Blocks, ThatMultiplyWithoutEndAreRefused) {
  std::string text = "block b0\n  C: NOOP\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "  use b" + std::to_string(i - 1) + "\n";
    text += "block b" + std::to_string(i) + "\n";
    for (int j = 0; j < 10; ++j) text += before;
  }
  const auto loaded = load(text + "scenario s \"t\"\n  use b29\n");
  EXPECT_TRUE(loaded.has_errors());
  EXPECT_TRUE(loaded.scenarios.empty());
}

TEST(Blocks, ArgumentsThatMultiplyWithoutEndAreRefused) {
  std::string text = "block b0(x)\n  C: {x}\n";
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "{x}";
  for (int i = 1; i < 10; ++i)
    text += "block b" + std::to_string(i) + "(x)\n  use b" + std::to_string(i - 1) + "(\"" + many + "\")\n";
  const auto loaded = load(text + "scenario s \"t\"\n  use b9(abc)\n");
  EXPECT_NE(complaints(loaded).find("too large once its blocks are expanded"), std::string::npos);
}

TEST(Blocks, OfTheSuiteAreSound) {
  std::string text;
  {
    FILE* file = std::fopen(SMTPSPEC_SOURCE_DIR "/scenarios/blocks.smtp", "rb");
    ASSERT_NE(file, nullptr);
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
    std::fclose(file);
  }
  const auto steps =
      steps_of("  use greet\n  use starttls\n  use login\n  use ehlo(a.example)\n  use envelope(a@b, c@d)\n", text);
  ASSERT_EQ(steps.size(), 19U);
  for (const auto& step : steps) EXPECT_TRUE(step.is_setup);
}

}  // namespace
}  // namespace smtpspec::scenario
