#include "fuzz/mutator/input.h"

#include <gtest/gtest.h>

#include "fuzz/mutator/mutate.h"

namespace smtpspec::fuzz {
namespace {

TEST(FuzzInput, ReadsEveryKindOfStep) {
  const Input input = decode(
      "F1\nC:EHLO x\nR:NOOP\\n\nD:a\\r\\n\nd:b\nB:cd\nL+2:ef\nL-1:g\nT:NOOP\\r\\n\nA:PLAIN\\r\\nAA==\nH\n2\n1\n");
  ASSERT_EQ(input.steps.size(), 12U);
  EXPECT_EQ(input.steps[0], (Step{StepKind::line, "EHLO x"}));
  EXPECT_EQ(input.steps[1], (Step{StepKind::raw, "NOOP\n"}));
  EXPECT_EQ(input.steps[2], (Step{StepKind::data, "a\r\n"}));
  EXPECT_EQ(input.steps[3], (Step{StepKind::data, "b", false}));
  EXPECT_EQ(input.steps[4], (Step{StepKind::chunk, "cd", false}));
  EXPECT_EQ(input.steps[5], (Step{StepKind::chunk, "ef", true, 2}));
  EXPECT_EQ(input.steps[6], (Step{StepKind::chunk, "g", true, -1}));
  EXPECT_EQ(input.steps[7], (Step{StepKind::starttls, "NOOP\r\n"}));
  EXPECT_EQ(input.steps[8], (Step{StepKind::auth, "PLAIN\r\nAA=="}));
  EXPECT_EQ(input.steps[9].kind, StepKind::half_close);
  EXPECT_EQ(input.steps[10].number, 2);
  EXPECT_EQ(input.steps[11].number, 1);
}

TEST(FuzzInput, TakesAListOfCommandsForWhatItIs) {
  const Input input = decode("EHLO x\r\nB2:not a number of octets\nLx:y\nC:bad escape \\q");
  ASSERT_EQ(input.steps.size(), 4U);
  EXPECT_EQ(input.steps[0], (Step{StepKind::line, "EHLO x"}));
  EXPECT_EQ(input.steps[1], (Step{StepKind::chunk, "not a number of octets", false, 2}));
  EXPECT_EQ(input.steps[2], (Step{StepKind::line, "Lx:y"}));
  EXPECT_EQ(input.steps[3], (Step{StepKind::line, "bad escape \\q"}));
}

TEST(FuzzInput, WritesTheWireFormOfEachStep) {
  EXPECT_EQ(wire_form({StepKind::line, "NOOP"}), "NOOP\r\n");
  EXPECT_EQ(wire_form({StepKind::data, ""}), ".\r\n");
  EXPECT_EQ(wire_form({StepKind::data, "a"}), "a\r\n.\r\n");
  EXPECT_EQ(wire_form({StepKind::data, "a\r\n"}), "a\r\n.\r\n");
  EXPECT_EQ(wire_form({StepKind::data, "a", false}), "a");
  EXPECT_EQ(wire_form({StepKind::chunk, "abc", false}), "BDAT 3\r\nabc");
  EXPECT_EQ(wire_form({StepKind::chunk, "abc", true, -9}), "BDAT 0 LAST\r\nabc");
  EXPECT_EQ(wire_form({StepKind::auth, "LOGIN\r\nAA=="}), "AUTH LOGIN\r\nAA==\r\n");
  EXPECT_EQ(wire_form({StepKind::starttls, "NOOP\r\n"}), "STARTTLS\r\nNOOP\r\n");
}

TEST(FuzzInput, IsTheSameAfterWritingAndReading) {
  Random random(1);
  const Vocabulary words;
  for (int i = 0; i < 2000; ++i) {
    const Input input = generate(random, words);
    ASSERT_EQ(decode(encode(input)), input) << encode(input);
  }
}

TEST(FuzzInput, MakesSomethingOfAnyOctets) {
  Random random(2);
  std::size_t steps = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string octets;
    for (std::size_t left = random.below(200); left > 0; --left) octets += static_cast<char>(random.below(256));
    const Input input = decode(octets);
    ASSERT_LE(input.steps.size(), kMaxSteps);
    ASSERT_EQ(decode(encode(input)), input);
    steps += input.steps.size();
  }
  EXPECT_GT(steps, 2000U);
}

TEST(FuzzInput, KeepsItsLimits) {
  EXPECT_EQ(decode(std::string(1000, '\n')).steps.size(), kMaxSteps);
  EXPECT_EQ(decode("C:" + std::string(kMaxStepOctets + 1, 'x')).steps.at(0).octets.size(), kMaxStepOctets);
}

TEST(FuzzInput, SaysApartWhatStoodBehindStarttls) {
  EXPECT_EQ(encode(with_starttls_apart(decode("F1\nT:NOOP\\r\\n\nT:\nC:NOOP\n"))),
            "F1\nC:STARTTLS\nR:NOOP\\r\\n\nT:\nC:NOOP\n");
}

TEST(FuzzInput, SaysTheLinesOfAMessageOneByOne) {
  const Input lines = with_messages_as_lines(decode("F1\nC:DATA\nD:a\\r\\n\\nb\nd:c\\r\\nd\nL:e\\r\\nf\n"));
  EXPECT_EQ(encode(lines), "F1\nC:DATA\nC:a\nC:\\nb\nC:.\nC:c\nR:d\nL:e\\r\\nf\n");
  std::string octets;
  for (const Step& step : lines.steps) octets += wire_form(step);
  EXPECT_EQ(octets, "DATA\r\na\r\n\nb\r\n.\r\nc\r\ndBDAT 4 LAST\r\ne\r\nf");
}

}  // namespace
}  // namespace smtpspec::fuzz
