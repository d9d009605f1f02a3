// Where a recording does not tell, the playback says so. That it tells otherwise is shown with every other test of this
// room: fake_world.cc plays each conversation back.
#include "harness/engine/playback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/fake_world.h"

namespace smtpspec::engine {
namespace {

using testing::HasSubstr;
using verdict::Verdict;
using verdict::WireKind;

struct Again {
  std::string problem;
  verdict::ScenarioResult result;
};

// `text` over a recording of another conversation.
Again judge(const std::string& text, const verdict::WireLog& log) {
  const scenario::Loaded loaded = scenario::load_text(text, "test.smtp", "", scenario::NoFiles());
  const auto instances = scenario::instances_of(loaded.scenarios.at(0));
  const Program program = compile(instances.front(), test_catalogue());
  Variables variables;
  variables.set("client", "client.example.org");
  variables.set("token", "token1");
  Conversation conversation(program, variables, {});
  Again again{play_back(conversation, log), {}};
  if (again.problem.empty()) conversation.conclude(again.result);
  return again;
}

std::string scenario_text(const std::string& steps) {
  return "scenario a.b \"Title\"\n  checks RFC1-1-01\n  S: 220\n" + steps;
}

const std::string kNoop = scenario_text("  C: NOOP\n  S: 250 [RFC1-1-01]\n");

verdict::WireLog recording() { return play(kNoop).result.wire; }

TEST(Playback, AnotherExpectationIsJudgedOverTheOldConversation) {
  const Again again = judge(scenario_text("  C: NOOP\n  S: 5xx [RFC1-1-01]\n"), recording());
  EXPECT_EQ(again.problem, "");
  EXPECT_EQ(again.result.verdict, Verdict::fail);
  EXPECT_EQ(again.result.checks.front().got.substr(0, 3), "250");
}

TEST(Playback, AnotherCommandIsNotGuessedAt) {
  EXPECT_EQ(judge(scenario_text("  C: RSET\n  S: 250 [RFC1-1-01]\n"), recording()).problem,
            "the scenario sends 'RSET\\r\\n' where 'NOOP\\r\\n' was sent");
}

TEST(Playback, WhatComesBehindTheRecordingIsNotGuessedAt) {
  EXPECT_EQ(judge(scenario_text("  C: NOOP\n  S: 250\n  C: RSET\n  S: 250 [RFC1-1-01]\n"), recording()).problem,
            "the recording ends before the scenario does");
}

TEST(Playback, WaitingWhereTheRecordingGoesOnIsNotGuessedAt) {
  EXPECT_THAT(judge(scenario_text("  S: 220\n  C: NOOP\n  S: 250 [RFC1-1-01]\n"), recording()).problem,
              HasSubstr("waits for the server where the recording has 'C'"));
}

TEST(Playback, OctetsThatWereLeftOutEndIt) {
  auto log = recording();
  verdict::shorten(log.back(), 3);
  EXPECT_THAT(judge(kNoop, log).problem, HasSubstr("octets of what the server sent are not kept"));
}

TEST(Playback, OfALongSendTheBeginningAndTheLengthAreCompared) {
  const auto text = [](int digits) {
    return scenario_text("  C: NOOP " + std::string(static_cast<std::size_t>(digits), 'x') +
                         "\n  S: 250 [RFC1-1-01]\n");
  };
  auto log = play(text(400)).result.wire;
  for (auto& entry : log)
    if (entry.kind == WireKind::client) verdict::shorten(entry, 20);
  EXPECT_EQ(judge(text(400), log).problem, "");
  EXPECT_THAT(judge(text(401), log).problem, HasSubstr("was sent"));
}

TEST(Playback, ARedactedExchangeStandsForTheSameOne) {
  auto log = recording();
  for (auto& entry : log) {
    if (entry.kind != WireKind::client) continue;
    entry.octets = "****\r\n";
    entry.redacted = true;
  }
  EXPECT_EQ(judge(kNoop, log).problem, "");
}

TEST(Playback, AnEntryThatCannotAnswerIsNotHandedToTheConversation) {
  for (int kind = 0; kind <= static_cast<int>(WireKind::mailbox_answer); ++kind) {
    for (std::size_t i = 0; i < recording().size(); ++i) {
      auto log = recording();
      log[i].kind = static_cast<WireKind>(kind);
      const Again again = judge(kNoop, log);
      // Whatever stands there, there is a verdict or a reason for none.
      EXPECT_NE(again.problem.empty(), again.result.verdict == Verdict::none) << kind << " at " << i;
    }
  }
}

TEST(Playback, AnEmptyRecordingTellsNothing) { EXPECT_EQ(judge(kNoop, {}).problem, "nothing was recorded"); }

}  // namespace
}  // namespace smtpspec::engine
