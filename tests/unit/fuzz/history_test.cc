#include "fuzz/campaign/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace smtpspec::fuzz {
namespace {

Session session(const std::string& lines, Mode mode = Mode::blast) { return {decode("F1\n" + lines), mode}; }

bool says(const Session& one, std::string_view word) {
  return std::any_of(one.input.steps.begin(), one.input.steps.end(),
                     [&](const Step& step) { return step.octets.find(word) != std::string::npos; });
}

// A server that keeps what an earlier connection has said: the last session shows it behind one that says `word`.
ShowsBehind kept_word(std::string_view word) {
  return [word](const std::vector<Session>& sessions) {
    return says(sessions.back(), "RCPT") &&
           std::any_of(sessions.begin(), sessions.end() - 1, [&](const Session& one) { return says(one, word); });
  };
}

std::deque<Session> many(std::size_t count, std::size_t telling) {
  std::deque<Session> sessions;
  for (std::size_t at = 0; at < count; ++at)
    sessions.push_back(
        session(at == telling ? "C:NOOP\nC:MAIL FROM:<kept@example.org>\nC:HELP\n" : "C:NOOP\nC:RSET\n"));
  return sessions;
}

TEST(FuzzHistory, HoldsTheLastSessionsOnly) {
  History history;
  for (int at = 0; at < 100; ++at) history.add(session("C:NOOP " + std::to_string(at) + "\n"));
  ASSERT_EQ(history.sessions().size(), kRememberedSessions);
  EXPECT_EQ(history.sessions().front(), session("C:NOOP " + std::to_string(100 - kRememberedSessions) + "\n"));
  EXPECT_EQ(history.sessions().back(), session("C:NOOP 99\n"));
  history.clear();
  EXPECT_TRUE(history.sessions().empty());
}

TEST(FuzzHistory, ConfirmsTheFirstWayThatShowsItEachTime) {
  int plays = 0;
  const auto shows = [&](const std::vector<Session>& sessions) {
    ++plays;
    return kept_word("MAIL")(sessions);
  };
  const Behind behind = confirm_behind(many(15, 4), {session("C:NOOP\n"), session("C:RCPT TO:<a@b>\n")}, 3, shows);
  EXPECT_EQ(behind.plays, 3);
  EXPECT_EQ(behind.shown, 3);
  EXPECT_EQ(plays, 4) << "the first way is given up behind its first play";
  ASSERT_EQ(behind.sessions.size(), 16U);
  EXPECT_EQ(behind.sessions.back(), session("C:RCPT TO:<a@b>\n"));
  EXPECT_EQ(behind.sessions[4].mode, Mode::lock_step) << "as a scenario says it";
}

TEST(FuzzHistory, SaysTheEarlierSessionsAsTheyWereWhereLockStepDoesNotShowIt) {
  const auto shows = [](const std::vector<Session>& sessions) { return sessions.front().mode == Mode::blast; };
  const Behind behind = confirm_behind(many(2, 0), {session("C:RCPT TO:<a@b>\n", Mode::lock_step)}, 2, shows);
  EXPECT_EQ(behind.shown, 2);
  EXPECT_EQ(behind.sessions.front().mode, Mode::blast);
}

TEST(FuzzHistory, ConfirmsNothingThatShowsNowAndThen) {
  int plays = 0;
  const auto shows = [&](const std::vector<Session>&) { return ++plays % 3 != 0; };
  const Behind behind = confirm_behind(many(3, 0), {session("C:RCPT\n"), session("C:DATA\n")}, 3, shows);
  EXPECT_LT(behind.shown, 3);
}

TEST(FuzzHistory, ShrinksToTheSessionsThatAreNeeded) {
  std::vector<Session> sessions;
  for (const Session& one : many(15, 7)) sessions.push_back(one);
  sessions[7].mode = Mode::grouped;
  sessions.push_back(session("C:EHLO x\nC:RCPT TO:<a@b>\nC:QUIT\n", Mode::lock_step));
  ASSERT_TRUE(kept_word("MAIL")(sessions));
  const std::vector<Session> small = shrink_behind(sessions, kept_word("MAIL"), 400);
  ASSERT_EQ(small.size(), 2U);
  EXPECT_EQ(small[0], session("C:MAIL\n", Mode::grouped)) << "modes stay with their sessions";
  EXPECT_EQ(small[1], session("C:RCPT\n", Mode::lock_step));
}

TEST(FuzzHistory, ShrinksWithinItsPlaysAndGivesWhatShowedIt) {
  for (const std::size_t most : {0U, 1U, 5U, 17U, 60U}) {
    std::vector<Session> sessions;
    for (const Session& one : many(12, 11)) sessions.push_back(one);
    sessions.push_back(session("C:RCPT TO:<a@b>\n"));
    std::size_t plays = 0;
    const auto shows = [&](const std::vector<Session>& some) {
      ++plays;
      return kept_word("MAIL")(some);
    };
    const std::vector<Session> small = shrink_behind(sessions, shows, most);
    EXPECT_LE(plays, most);
    EXPECT_TRUE(kept_word("MAIL")(small));
    if (most == 0) {
      EXPECT_EQ(small, sessions);
    }
  }
}

// What shows alone needs none of those before it.
TEST(FuzzHistory, DropsAllOfThemWhereTheLastShowsItAlone) {
  std::vector<Session> sessions;
  for (const Session& one : many(9, 3)) sessions.push_back(one);
  sessions.push_back(session("C:RCPT TO:<a@b>\n"));
  const auto shows = [](const std::vector<Session>& some) { return says(some.back(), "RCPT"); };
  EXPECT_EQ(shrink_behind(sessions, shows, 200).size(), 1U);
}

}  // namespace
}  // namespace smtpspec::fuzz
