#include "fuzz/mutator/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "fuzz/mutator/mutate.h"

namespace smtpspec::fuzz {
namespace {

bool says(const Input& input, std::string_view word) {
  return std::any_of(input.steps.begin(), input.steps.end(),
                     [&](const Step& step) { return step.octets.find(word) != std::string::npos; });
}

TEST(FuzzShrink, LeavesTheStepAndTheOctetsThatShowIt) {
  const Input input = decode(
      "F1\nC:EHLO client.example.org\nC:MAIL FROM:<sender@example.org> SIZE=100\nC:RCPT "
      "TO:<alice@example.org>\nC:DATA\n"
      "D:Subject: x\\r\\n\\r\\nsome text with a needle in it\nC:QUIT\n");
  const Input small = shrink(
      input, [](const Input& one) { return says(one, "needle"); }, 1000);
  EXPECT_EQ(encode(small), "F1\nD:needle\n");
}

TEST(FuzzShrink, KeepsStepsThatOnlyShowItTogether) {
  const Input input = decode("F1\nC:NOOP\nC:MAIL a\nC:HELP\nC:HELP\nC:RCPT b\nC:NOOP\nC:RSET\n");
  const Input small = shrink(
      input, [](const Input& one) { return says(one, "MAIL") && says(one, "RCPT"); }, 1000);
  EXPECT_EQ(encode(small), "F1\nC:MAIL\nC:RCPT\n");
}

TEST(FuzzShrink, CountsHowOftenItAsks) {
  Random random(4);
  const Vocabulary words;
  for (const std::size_t most : {0U, 1U, 7U, 50U}) {
    std::size_t asks = 0;
    const Input input = generate(random, words);
    const Input small = shrink(
        input, [&](const Input&) { return ++asks % 3 == 0; }, most);
    EXPECT_LE(asks, most);
    EXPECT_LE(small.steps.size(), input.steps.size());
    if (most == 0) {
      EXPECT_EQ(small, input);
    }
  }
}

// Whatever is asked for, what is given showed it.
TEST(FuzzShrink, NeverGivesWhatDoesNotShowIt) {
  const Vocabulary words;
  int shrunk = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const Input input = generate(random, words);
    const auto shows = [](const Input& one) {
      std::size_t octets = 0;
      for (const Step& step : one.steps) octets += step.octets.size();
      return octets % 7 == 3 || one.steps.size() > 6;
    };
    const Input small = shrink(input, shows, 400);
    ASSERT_TRUE(!shows(input) || shows(small)) << encode(small);
    shrunk += encode(small).size() < encode(input).size();
  }
  EXPECT_GT(shrunk, 30);
}

TEST(FuzzShrink, GivesTheSameForTheSame) {
  Random random(11);
  const Vocabulary words;
  const Input input = generate(random, words);
  const auto shows = [](const Input& one) { return encode(one).size() > 60; };
  EXPECT_EQ(shrink(input, shows, 300), shrink(input, shows, 300));
}

}  // namespace
}  // namespace smtpspec::fuzz
