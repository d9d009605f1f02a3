#include "fuzz/mutator/scenario_form.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fuzz/mutator/mutate.h"
#include "harness/scenario/catalogue.h"
#include "harness/scenario/lint.h"
#include "harness/scenario/load.h"

namespace smtpspec::fuzz {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

scenario::Loaded load(const std::string& text) {
  return scenario::load_text(text, "finding.smtp", text_of(SMTPSPEC_SOURCE_DIR "/scenarios/blocks.smtp"),
                             scenario::NoFiles());
}

std::string errors_of(const scenario::Loaded& loaded) {
  std::string text;
  for (const auto& diagnostic : loaded.diagnostics)
    if (diagnostic.severity == base::Severity::error) text += base::render(diagnostic);
  return text;
}

TEST(FuzzScenarioForm, MakesASeedOfAScenario) {
  const auto loaded = load(
      "scenario a.b \"Title\"\n  use hello\n  C: MAIL FROM:<{sender}>\n  S: 250\n  C: DATA\n  S: 354\n  C.\n    "
      "Subject: x\n"
      "\n    .dot\n  S: 250\n  C: STARTTLS\n  S: 220\n  starttls\n  half-close\n  S: closed\n");
  ASSERT_EQ(errors_of(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  EXPECT_EQ(
      encode(from_scenario(loaded.scenarios[0], {})),
      "F1\nC:EHLO client.example.org\nC:MAIL FROM:<sender@example.org>\nC:DATA\nD:Subject: x\\r\\n\\r\\n..dot\\r\\n\n"
      "T:\nH\n");
}

TEST(FuzzScenarioForm, KeepsWhatIsInjectedBehindStarttls) {
  const auto loaded = load(
      "scenario a.b \"Title\"\n  connect\n  S: 220\n  pipeline forced\n    C: STARTTLS\n    C: NOOP\n  S: any\n"
      "  when reply 220\n    starttls\n");
  ASSERT_EQ(errors_of(loaded), "");
  EXPECT_EQ(encode(from_scenario(loaded.scenarios.at(0), {})), "F1\nT:NOOP\\r\\n\n");
}

TEST(FuzzScenarioForm, MakesASeedOfEveryScenarioThatIsShipped) {
  std::size_t scenarios = 0;
  std::size_t steps = 0;
  for (const auto& entry : fs::recursive_directory_iterator(SMTPSPEC_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() != ".smtp" || entry.path().filename() == "blocks.smtp") continue;
    for (const auto& scenario : load(text_of(entry.path())).scenarios) {
      const Input input = from_scenario(scenario, {});
      ASSERT_EQ(decode(encode(input)), input) << scenario.name;
      ++scenarios;
      steps += input.steps.size();
    }
  }
  EXPECT_GT(scenarios, 300U);
  EXPECT_GT(steps, 4 * scenarios);
}

TEST(FuzzScenarioForm, WritesAScenarioThatOneCanRead) {
  const Input input =
      decode("F1\nC:EHLO x.example\nC:MAIL FROM:<a@\nC:DATA\nD:hello {x}\nL:abc\nT:NOOP\\r\\n\nA:LOGIN\\r\\nAA==\n");
  const std::string text =
      to_scenario(input, {"fuzz.test", "A \"title\"", "Because", "Found by\na test"}, {{1, "not 2xx"}});
  EXPECT_EQ(
      text,
      "# Found by\n# a test\nscenario fuzz.test \"A \\\"title\\\"\"\n  why \"Because\"\n  connect\n  S: 220\n"
      "  C| \"EHLO x.example\\r\\n\"\n  S: any\n  C| \"MAIL FROM:<a@\\r\\n\"  malformed\n  S: not 2xx\n"
      "  C| \"DATA\\r\\n\"\n  S: any\n  when reply 354\n    C| \"hello \\x7bx}\\r\\n.\\r\\n\"\n    S: any\n"
      "  C| \"BDAT 3 LAST\\r\\nabc\"\n  S: any\n  pipeline forced\n    C| \"STARTTLS\\r\\nNOOP\\r\\n\"  malformed\n"
      "  S: any\n  when reply 220\n    starttls\n  C| \"AUTH LOGIN\\r\\n\"\n  S: any\n  when reply 334\n"
      "    C| \"AA==\\r\\n\"\n    S: any\n  fence\n");
  EXPECT_EQ(errors_of(load(text)), "");
}

TEST(FuzzScenarioForm, SaysEarlierSessionsOverConnectionsOfTheirOwn) {
  const std::vector<Input> earlier{decode("F1\nC:EHLO x\nC:MAIL FROM:<a@b>\nC:QUIT\nC:NOOP\n2\nC:DATA\nd:text\n"),
                                   decode("F1\nC:NOOP\nH\n")};
  const std::string text = to_scenario(earlier, decode("F1\nC:RCPT TO:<c@d>\nC:NOOP\n"), {"fuzz.test", "Title", "", ""},
                                       {{0, "not 2xx"}, {1, "250"}});
  EXPECT_EQ(text,
            "scenario fuzz.test \"Title\"\n  # session 1 of 3\n  connect\n  S: 220\n  C| \"EHLO x\\r\\n\"\n  S: any\n"
            "  C| \"MAIL FROM:<a@b>\\r\\n\"\n  S: any\n  C| \"QUIT\\r\\n\"\n  S: any\n  connect 2\n  S2: 220\n"
            "  C2| \"DATA\\r\\n\"\n  S2: any\n  when reply 354 on 2\n    C2| \"text\"\n  half-close\n  S: any|closed\n"
            "  close\n  half-close on 2\n  S2: any|closed\n  close on 2\n  # session 2 of 3\n  connect\n  S: 220\n"
            "  C| \"NOOP\\r\\n\"\n  S: any\n  half-close\n  S: any|closed\n  close\n"
            "  # the last session, which shows it\n  connect\n  S: 220\n  C| \"RCPT TO:<c@d>\\r\\n\"\n  S: not 2xx\n"
            "  C| \"NOOP\\r\\n\"\n  S: 250\n  fence\n");
  EXPECT_EQ(errors_of(load(text)), "");
}

TEST(FuzzScenarioForm, WritesEarlierSessionsThatTheLinterTakes) {
  Random random(21);
  const Vocabulary words;
  for (int i = 0; i < 200; ++i) {
    const std::vector<Input> earlier{generate(random, words), generate(random, words)};
    const std::string text = to_scenario(earlier, generate(random, words), {"fuzz.test", "Title", "", ""});
    auto loaded = load(text);
    scenario::lint_all(loaded, scenario::built_in_catalogue());
    ASSERT_EQ(errors_of(loaded), "") << text;
  }
}

TEST(FuzzScenarioForm, EndsAMessageThatWasNotEnded) {
  const std::string end = "  when reply 354\n    C| \"\\r\\n.\\r\\n\"\n    S: any\n  fence\n";
  for (const std::string_view rest : {"", "d:a\\n.\\r\\n\n", "d:a\nC:NOOP\nR:\\n.\n"}) {
    const std::string text = to_scenario(decode("F1\nC:DATA\n" + std::string(rest)), {"fuzz.test", "Title", "", ""});
    EXPECT_TRUE(text.ends_with(end)) << text;
    EXPECT_EQ(errors_of(load(text)), "");
  }
  const std::string granted = to_scenario(decode("F1\nC:DATA\n"), {"fuzz.test", "Title", "", ""}, {{0, "not 354"}});
  EXPECT_TRUE(granted.ends_with("  S: not 354\n  fence\n")) << granted;
  EXPECT_EQ(errors_of(load(granted)), "");
}

TEST(FuzzScenarioForm, AwaitsAReplyToEachCommandBehindTheEndOfAMessage) {
  const Input input = decode("F1\nC:DATA\nD:text\\r\\n.\\r\\nNOOP\\r\\n\n");
  const std::string text = to_scenario(input, {"fuzz.test", "Title", "Because", "Found by a test"}, {{1, "not 2xx"}});
  EXPECT_NE(text.find("  when reply 354\n"
                      "    C| \"text\\r\\n.\\r\\nNOOP\\r\\n.\\r\\n\"\n"
                      "    S: not 2xx\n"
                      "    S: any\n"
                      "    S: any\n"
                      "  fence\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(errors_of(load(text)), "");
}

TEST(FuzzScenarioForm, TakesWhatStandsInAChunkForContent) {
  for (const std::string_view step : {"d:text\n.\r\n", "A:PLAIN AAAA", "T:"}) {
    const std::string text = to_scenario(decode("F1\nC:BDAT 18446744073709551616\n" + std::string(step) + "\nC:NOOP\n"),
                                         {"fuzz.test", "Title", "", ""});
    EXPECT_EQ(text.find("when"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("  half-close\n  S: closed\n")) << text;
    EXPECT_EQ(errors_of(load(text)), "") << text;
  }
}

TEST(FuzzScenarioForm, WritesScenariosThatTheLinterTakes) {
  Random random(9);
  const Vocabulary words;
  for (int i = 0; i < 300; ++i) {
    const Input input = generate(random, words);
    const std::string text = to_scenario(input, {"fuzz.test", "Title", "", ""});
    auto loaded = load(text);
    scenario::lint_all(loaded, scenario::built_in_catalogue());
    ASSERT_EQ(errors_of(loaded), "") << text;
    ASSERT_EQ(loaded.scenarios.size(), 1U);
  }
}

TEST(FuzzScenarioForm, SaysTheSameAfterThereAndBack) {
  const std::string steps = "F1\nC:EHLO client.example.org\nC:MAIL FROM:<a@b>\nC:RCPT TO:<c@d>\nC:RSET\nT:\nC:NOOP\n";
  const auto loaded = load(to_scenario(decode(steps), {"fuzz.test", "Title", "", ""}));
  ASSERT_EQ(errors_of(loaded), "");
  const Input back = from_scenario(loaded.scenarios.at(0), {});
  // The fence is one command more.
  EXPECT_EQ(encode(back), steps + "C:NOOP\n");
}

// Conditions, AUTH and messages included: whatever is written as a scenario is said octet for octet by its seed.
TEST(FuzzScenarioForm, SaysEveryOctetAfterThereAndBack) {
  const Vocabulary words;
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    const Input input = generate(random, words);
    const auto said = [](const Input& one) {
      std::string octets;
      for (const Step& step : one.steps) octets += wire_form(step);
      return octets;
    };
    const bool has_one_connection = std::all_of(input.steps.begin(), input.steps.end(), [](const Step& step) {
      return step.kind != StepKind::connection && step.kind != StepKind::half_close;
    });
    if (!has_one_connection || input.steps.size() > kMaxSteps / 2) continue;
    const auto loaded = load(to_scenario(input, {"fuzz.test", "Title", "", ""}));
    ASSERT_EQ(errors_of(loaded), "");
    const std::string back = said(from_scenario(loaded.scenarios.at(0), words));
    // What ends the scenario, such as the fence, comes behind.
    ASSERT_TRUE(back.starts_with(said(input))) << encode(input) << back;
    ++compared;
  }
  EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace smtpspec::fuzz
