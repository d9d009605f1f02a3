#include "reports/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>

#include "harness/verdict/gate.h"
#include "reports/conclusion.h"
#include "reports/printable.h"
#include "tests/golden/fixture.h"

namespace smtpspec::reports {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string console(const verdict::RunRecord& record, ConsoleOptions options = {}) {
  std::ostringstream out;
  write_console(record, out, options);
  return out.str();
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto value = static_cast<std::uint8_t>(c);
    return (value < 0x20 && c != '\n') || value == 0x7f;
  });
}

TEST(Console, OpensWithHowMuchWasJudgedAndWhetherTheServerConforms) {
  EXPECT_THAT(console(golden::plain_record()),
              StartsWith("6 of 7 applicable requirements judged.\nThe server does not conform: it fails 3 scenarios"));
  EXPECT_THAT(console(golden::conforming_record()),
              StartsWith("6 of 7 applicable requirements judged.\nThe server conforms in all that was judged."));
}

TEST(Console, AWaivedDeviationStandsInFrontOfAnyWordOfConformance) {
  verdict::RunRecord record = golden::conforming_record();
  record.scenarios.front().verdict = verdict::Verdict::fail;
  record.scenarios.front().is_waived = true;
  EXPECT_EQ(conclude(record).sentence, "Apart from 1 waived deviation, the server conforms in all that was judged.");
  EXPECT_EQ(conclude(record).kind, Conclusion::Kind::conforms);
  record.gate.exit_code = verdict::kExitGateNotMet;
  EXPECT_EQ(conclude(record).sentence,
            "Apart from 1 waived deviation, no violation was found, but the run does not "
            "suffice to say that the server conforms.");
}

TEST(Console, WhatWasNotDecidedDoesNotVanishAmongTheWaived) {
  verdict::RunRecord record = golden::conforming_record();
  record.summary.waived = 2;
  record.scenarios.resize(2);
  for (auto& scenario : record.scenarios) scenario.is_waived = true;
  record.scenarios.front().verdict = verdict::Verdict::inconclusive;
  record.scenarios.back().verdict = verdict::Verdict::fail;
  EXPECT_THAT(summary_line(record), HasSubstr("2 waived (1 of them inconclusive)"));
  record.scenarios.front().verdict = verdict::Verdict::warn;
  EXPECT_THAT(summary_line(record), Not(HasSubstr("of them inconclusive")));
}

TEST(Console, NeverSaysThatAServerConformsOfWhichNothingWasJudged) {
  verdict::RunRecord record;
  record.gate = {2, "nothing was judged"};
  EXPECT_THAT(console(record), HasSubstr("Nothing can be said of the server: nothing was judged."));
  EXPECT_THAT(console(record), Not(HasSubstr("conforms")));
}

TEST(Console, NeverSaysThatAServerConformsWhenTheRunWasCutShort) {
  auto record = golden::conforming_record();
  record.was_interrupted = true;
  record.gate = {2, "the run was interrupted"};
  EXPECT_THAT(console(record), Not(HasSubstr("conforms")));
}

TEST(Console, EndsWithTheTarget) {
  EXPECT_THAT(console(golden::plain_record()), EndsWith("(exit code 4)\ntarget: 127.0.0.1:2525\n"));
  const std::string text = console(golden::conforming_record());
  EXPECT_THAT(text.substr(text.rfind('\n', text.size() - 2)), HasSubstr("built-in reference server"));
}

TEST(Console, ExplainsACauseOnceForAllItsScenarios) {
  const std::string text = console(golden::plain_record());
  EXPECT_THAT(text, HasSubstr("INCONCLUSIVE  greylist  9 scenarios\n"));
  const auto first = text.find("as greylisting does");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("as greylisting does", first + 1), std::string::npos);
  EXPECT_THAT(text, HasSubstr("... and 3 more (-v lists all)"));
  EXPECT_THAT(console(golden::plain_record(), {.verbose = true}), Not(HasSubstr("-v lists all")));
}

TEST(Console, QuotesTheScenarioForTheShell) {
  EXPECT_THAT(
      console(golden::plain_record()),
      HasSubstr("smtpspec run --target 127.0.0.1:2525 --select 'smtp.mail.malformed-path[path=<a@b]' --seed 7\n"));
}

TEST(Console, HoldsNoControlOctetWhateverTheServerSent) {
  for (const auto& record : {golden::hostile_record(), golden::raw_record()}) {
    for (const bool verbose : {false, true}) {
      const std::string text = console(record, {.verbose = verbose});
      EXPECT_FALSE(has_control(text));
      EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));  // CSI in UTF-8
      EXPECT_EQ(printable_lines(text), text);
    }
  }
}

TEST(Console, ColoursAreTheOnlyEscapesAndAreClosedOnTheirLine) {
  std::istringstream lines(console(golden::raw_record(), {.color = true}));
  std::string line;
  bool any = false;
  while (std::getline(lines, line)) {
    std::string rest;
    bool is_open = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] != '\x1b') {
        rest += line[i];
        continue;
      }
      any = true;
      const std::size_t end = line.find('m', i);
      ASSERT_NE(end, std::string::npos);
      ASSERT_LE(end - i, 6U);
      is_open = line.substr(i, end - i) != "\x1b[0";
      i = end;
    }
    EXPECT_FALSE(is_open) << line;
    EXPECT_FALSE(has_control(rest));
  }
  EXPECT_TRUE(any);
}

TEST(Console, HoldsNoCommandToACiService) {
  for (auto record : {golden::hostile_record(), golden::raw_record()}) {
    for (auto& scenario : record.scenarios) {
      scenario.title = "::warning::x ::error::y";
      scenario.reason = "::error file=x::pwned ##[error]x " + std::string(90, 'x') + " ::notice::y";
      scenario.wire.push_back({.kind = verdict::WireKind::server, .octets = "::error::z\r\n##[group]x\r\n"});
    }
    std::istringstream lines(console(record, {.verbose = true}));
    std::string line;
    while (std::getline(lines, line)) {
      const auto start = line.find_first_not_of(' ');
      EXPECT_FALSE(start != std::string::npos && line.compare(start, 2, "::") == 0) << line;
      EXPECT_THAT(line, Not(HasSubstr("##[")));
      EXPECT_THAT(line, Not(HasSubstr("##vso[")));
    }
  }
}

TEST(Console, NamesTheRuleOfAFindingThatNoScenarioIsBoundTo) {
  auto record = golden::plain_record();
  record.requirements.clear();
  EXPECT_THAT(console(record), HasSubstr("RFC 5321 section 4.2, MUST [RFC5321-4.2-01]: A reply is made of lines"));
}

TEST(Console, WrapsProse) {
  auto record = golden::plain_record();
  const std::string text = console(record, {.width = 60});
  EXPECT_THAT(text, HasSubstr("      why        A server that takes a path it cannot parse\n"
                              "                 has to invent one when the message bounces,\n"));
}

}  // namespace
}  // namespace smtpspec::reports
