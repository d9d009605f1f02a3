#include "fuzz/mutator/mutate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace smtpspec::fuzz {
namespace {

const Vocabulary kWords;
constexpr std::size_t kMaxOctets = 4096;

TEST(FuzzMutator, GivesTheSameChildForTheSameSeed) {
  const std::string parent = "F1\nC:EHLO x\nC:MAIL FROM:<a@b>\nC:RCPT TO:<c@d>\nC:DATA\nD:hello\n";
  std::set<std::string> children;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string child = mutate_text(parent, kMaxOctets, seed, kWords);
    ASSERT_EQ(child, mutate_text(parent, kMaxOctets, seed, kWords));
    children.insert(child);
  }
  EXPECT_GT(children.size(), 400U);
}

TEST(FuzzMutator, StaysWithinTheLimitsForHundredsOfGenerations) {
  std::string text;
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    text = mutate_text(text, kMaxOctets, seed, kWords);
    ASSERT_LE(text.size(), kMaxOctets);
    ASSERT_LE(decode(text).steps.size(), kMaxSteps);
    longest = std::max(longest, text.size());
  }
  EXPECT_GT(longest, kMaxOctets / 2);
}

TEST(FuzzMutator, AlwaysWritesTheFormThatItReads) {
  std::string text;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    text = mutate_text(text, kMaxOctets, seed, kWords);
    ASSERT_EQ(encode(decode(text)), text);
  }
}

TEST(FuzzMutator, HandsSingleLinesToTheEnginesOwnMutation) {
  int calls = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    mutate_text("F1\nC:NOOP\n", kMaxOctets, seed, kWords,
                [&](std::string& octets, std::size_t max_octets, std::uint64_t) {
                  ASSERT_LE(octets.size(), max_octets);
                  octets += '!';
                  ++calls;
                });
  }
  EXPECT_GT(calls, 10);
}

TEST(FuzzMutator, CrossesStepsOfBothParents) {
  const std::string one = "F1\nC:A1\nC:A2\nC:A3\n";
  const std::string other = "F1\nC:B1\nC:B2\nC:B3\n";
  int mixed = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string child = cross_text(one, other, kMaxOctets, seed);
    ASSERT_EQ(child, cross_text(one, other, kMaxOctets, seed));
    for (const Step& step : decode(child).steps)
      ASSERT_TRUE((one + other).find(step.octets) != std::string::npos) << child;
    mixed += child.find("C:A") != std::string::npos && child.find("C:B") != std::string::npos;
  }
  EXPECT_GT(mixed, 60);
}

TEST(FuzzMutator, CrossesInOrder) {
  // Of each parent the steps come in their order; each of them is there at most once.
  const Input one = decode("F1\nC:A1\nC:A2\nC:A3\nC:A4\n");
  const Input other = decode("F1\nC:B1\nC:B2\nC:B3\nC:B4\n");
  std::set<std::string> children;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Input child = cross(one, other, random);
    for (const char parent : {'A', 'B'}) {
      std::vector<std::string> steps;
      for (const Step& step : child.steps)
        if (step.octets[0] == parent) steps.push_back(step.octets);
      ASSERT_TRUE(std::is_sorted(steps.begin(), steps.end())) << encode(child);
      ASSERT_EQ(std::set<std::string>(steps.begin(), steps.end()).size(), steps.size()) << encode(child);
    }
    children.insert(encode(child));
  }
  EXPECT_GT(children.size(), 50U);
}

TEST(FuzzMutator, CrossesWithNothing) {
  const Input one = decode("F1\nC:A1\nC:A2\n");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    EXPECT_LE(cross(one, {}, random).steps.size(), 2U);
    EXPECT_LE(cross({}, one, random).steps.size(), 2U);
    EXPECT_TRUE(cross({}, {}, random).steps.empty());
  }
}

TEST(FuzzMutator, CrossesToNoMoreThanAllowed) {
  Input one;
  for (std::size_t i = 0; i < kMaxSteps; ++i) one.steps.push_back({StepKind::line, std::string(200, 'x')});
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const Input child = cross(one, one, random);
    ASSERT_LE(child.steps.size(), kMaxSteps);
    longest = std::max(longest, child.steps.size());
    ASSERT_LE(cross_text(encode(one), encode(one), kMaxOctets, seed).size(), kMaxOctets);
  }
  EXPECT_EQ(longest, kMaxSteps);
}

}  // namespace
}  // namespace smtpspec::fuzz
