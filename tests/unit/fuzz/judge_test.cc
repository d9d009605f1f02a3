#include "fuzz/oracles/judge.h"

#include <gtest/gtest.h>

#include <set>

#include "fuzz/oracles/features.h"
#include "fuzz/targets/session_player.h"

namespace smtpspec::fuzz {
namespace {

std::set<std::string> oracles(const Talk& talk) {
  std::set<std::string> names;
  for (const Finding& finding : judge(talk)) names.emplace(to_string(finding.oracle));
  return names;
}

using Names = std::set<std::string>;

Talk say(std::string_view client, std::string_view server, End end = End::closed) {
  Talk talk;
  ConnectionTalk& one = talk.connections.emplace_back();
  one.end = end;
  wire::ReplyParser parser;
  parser.feed(server);
  one.dialogue.sent(client);
  while (auto reply = parser.next()) {
    one.dialogue.received(*reply);
    one.replies.push_back(*reply);
  }
  return talk;
}

// A defect of the reference server, and the input that shows it.
Names against(server::Defect defect, std::string_view input) {
  server::Config config = fuzzed_server();
  StillEnvironment environment;
  EXPECT_EQ(oracles(play(decode(input), config, environment).talk), Names{}) << "on the plain server";
  config.defects.add(defect);
  StillEnvironment other;
  return oracles(play(decode(input), config, other).talk);
}

constexpr std::string_view kMessage =
    "F1\nC:EHLO x.example\nC:MAIL FROM:<a@example.org>\nC:RCPT TO:<alice@example.org>\nC:DATA\n";

TEST(FuzzJudge, FindsStateKept) {
  const auto names = against(server::Defect::rset_keeps_recipients,
                             "F1\nC:EHLO x.example\nC:MAIL FROM:<a@example.org>\nC:RCPT "
                             "TO:<alice@example.org>\nC:RSET\nC:MAIL FROM:<a@example.org>\nC:DATA\n");
  EXPECT_EQ(names, Names{"state-kept"});
  EXPECT_EQ(against(server::Defect::starttls_keeps_transaction,
                    "F1\nC:EHLO x.example\nC:MAIL FROM:<a@example.org>\nT:\nC:RCPT TO:<alice@example.org>\n"),
            Names{"state-kept"});
}

TEST(FuzzJudge, FindsAMessageThatEndsWhereItDoesNot) {
  EXPECT_EQ(against(server::Defect::bare_lf_ends_line_in_data, std::string(kMessage) + "D:a\\n.\\nNOOP\\r\\nb\n"),
            Names{"smuggled"});
  EXPECT_EQ(against(server::Defect::lf_dot_crlf_ends_data, std::string(kMessage) + "d:a\\n.\\r\\nNOOP\\r\\n\n"),
            Names{"smuggled"})
      << "in a message without its end";
}

TEST(FuzzJudge, FindsAnAnswerToWhatStoodInClear) {
  EXPECT_EQ(against(server::Defect::starttls_executes_injected_commands, "F1\nC:EHLO x.example\nT:NOOP\\r\\n\n"),
            Names{"answered-in-tls"});
}

TEST(FuzzJudge, FindsRepliesTooManyAndTooFew) {
  EXPECT_EQ(against(server::Defect::reply_sent_twice, "F1\nC:EHLO x.example\nC:RSET\nC:NOOP\n"), Names{"extra-reply"});
  EXPECT_EQ(against(server::Defect::rset_not_answered, "F1\nC:EHLO x.example\nC:RSET\nC:RSET\nC:NOOP\n"),
            Names{"lost-reply"});
}

TEST(FuzzJudge, FindsALongLineThatBecomesTwoCommands) {
  EXPECT_EQ(against(server::Defect::long_line_cut_into_commands,
                    "F1\nC:EHLO x.example\nC:NOOP " + std::string(2000, 'x') + "\n"),
            Names{"extra-reply"});
  // Too long by its CRLF alone.
  EXPECT_EQ(against(server::Defect::long_line_cut_into_commands,
                    "F1\nC:EHLO x.example\nC:NOOP " + std::string(506, 'x') + "\n"),
            Names{"extra-reply"});
}

TEST(FuzzJudge, FindsASizeThatIsNotKept) {
  EXPECT_EQ(against(server::Defect::size_limit_not_enforced_in_data,
                    std::string(kMessage) + "D:" + std::string(20'001, 'x') + "\n"),
            Names{"size-ignored"});
}

TEST(FuzzJudge, FindsRepliesThatAreNone) {
  EXPECT_EQ(against(server::Defect::reply_text_with_nul, "F1\nC:NOOP\n"), Names{"malformed-reply"});
}

TEST(FuzzJudge, FindsAnEndThatNobodyExplains) {
  EXPECT_EQ(oracles(say("NOOP\r\n", "220 a\r\n")), Names{"child-died"});
  EXPECT_EQ(oracles(say("NOOP\r\n", "220 a\r\n421 b\r\n")), Names{});
  EXPECT_EQ(oracles(say("NOOP\r\n", "554 a\r\n")), Names{});
  EXPECT_EQ(oracles(say("A\r\nA\r\nA\r\nNOOP\r\n", "220 a\r\n500 a\r\n500 a\r\n500 a\r\n")), Names{});
  EXPECT_EQ(oracles(say("DATA\r\nunfinished", "220 a\r\n354 a\r\n")), Names{});
}

TEST(FuzzJudge, TellsADeathFromAnEndBehindARefusal) {
  EXPECT_EQ(oracles(say("A\r\nNOOP\r\n", "220 a\r\n500 a\r\n")), Names{"closed-unasked"});
  EXPECT_EQ(oracles(say("RSET\r\nNOOP\r\n", "220 a\r\n250 a\r\n")), Names{"child-died"});
  EXPECT_EQ(oracles(say("STARTTLS\r\nNOOP\r\n", "220 a\r\n501 a\r\n")), Names{})
      << "what stood in clear behind STARTTLS may be taken for an attack";
}

TEST(FuzzJudge, TellsAFarewellToQuitFromOneThatNobodyAsked) {
  EXPECT_EQ(oracles(say("NOOP\r\nQUIT\r\n", "220 a\r\n221 b\r\n")), Names{"lost-reply"});
  Talk talk = say("NOOP\r\n", "220 a\r\n221 b\r\n");
  talk.connections[0].dialogue.sent("NOOP\r\nQUIT\r\n");
  EXPECT_EQ(oracles(talk), Names{}) << "it parts from us, and hears no more";
}

TEST(FuzzJudge, MissesAReplyToAWordThatNobodyKnowsWhereEachWaitsForIts) {
  Talk talk = say("BYE\r\nQUIT\r\n", "220 a\r\n221 b\r\n");
  EXPECT_EQ(oracles(talk), Names{}) << "it may have been understood";
  talk.is_lock_step = true;
  EXPECT_EQ(oracles(talk), Names{"lost-reply"});
  talk = say("QUIT\t\r\nQUIT\r\n", "220 a\r\n221 b\r\n");
  talk.is_lock_step = true;
  EXPECT_EQ(oracles(talk), Names{}) << "it may have been read as QUIT";
}

TEST(FuzzJudge, DoesNotJudgeTheStateByRepliesThatMayBelongElsewhere) {
  const std::string_view client = "MAIL FROM:<a@b.example>\r\nRSET\r\nNOOP\r\nRCPT TO:<c@b.example>\r\nQUIT\r\n";
  EXPECT_EQ(oracles(say(client, "220 a\r\n250 b\r\n250 c\r\n250 d\r\n250 e\r\n503 f\r\n221 g\r\n")),
            Names{"extra-reply"});
}

TEST(FuzzJudge, ExpectsNothingOfATransactionBehindItsMessage) {
  const std::string message = "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@b.example>\r\nDATA\r\nx\r\n.\r\n";
  for (const std::string reply : {"250 e\r\n", "554 e\r\n"}) {
    const auto findings =
        judge(say(message + "RCPT TO:<d@b.example>\r\n", "220 a\r\n250 b\r\n250 c\r\n354 d\r\n" + reply + "250 f\r\n"));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].oracle, Oracle::state_kept);
    EXPECT_EQ(findings[0].key, "RCPT after a message");
  }
}

TEST(FuzzJudge, TellsDeathsApartByASanitizersSummary) {
  Talk talk = say("NOOP\r\n", "220 a\r\n");
  talk.death =
      "ERROR: AddressSanitizer: x on address 0x7f01\n#0 0x7f02 in f\nSUMMARY: AddressSanitizer: x a.c:1 in f\n";
  EXPECT_EQ(judge(talk).at(0).key, "SUMMARY: AddressSanitizer: x a.c:1 in f at NOOP");
  talk.death = "exited";
  EXPECT_EQ(judge(talk).at(0).key, "exited at NOOP");
}

TEST(FuzzJudge, FindsSilence) {
  EXPECT_EQ(oracles(say("NOOP\r\n", "220 a\r\n", End::silent)), Names{"hang"});
  EXPECT_EQ(oracles(say("NOOP\r\n", "220 a\r\n", End::failed)), Names{});
  const std::string_view shifted = "NOOP\n\r\nDATA\r\nRSET\r\nQUIT\r\n";
  EXPECT_EQ(oracles(say(shifted, "220 a\r\n250 b\r\n500 c\r\n354 d\r\n", End::silent)), Names{})
      << "a bare LF may have shifted the replies, so that it reads a message";
}

TEST(FuzzJudge, BlamesADeathOnTheServerAlone) {
  Talk talk = say("NOOP\r\n", "220 a\r\n");
  talk.death = "killed by SIGSEGV";
  ASSERT_EQ(judge(talk).size(), 1U);
  EXPECT_EQ(judge(talk)[0].key, "killed by SIGSEGV at NOOP");
}

TEST(FuzzJudge, ShowsWhatADeadServerHasWrittenWithoutItsControlOctets) {
  Talk talk = say("NOOP\r\n", "220 a\r\n");
  talk.death = "killed by SIGABRT\nread \x1b[2J of \xFF\n";
  ASSERT_EQ(judge(talk).size(), 1U);
  EXPECT_EQ(judge(talk)[0].evidence, "killed by SIGABRT\nread \\x1b[2J of \\xff\n");
}

// The octets that it has not read make its close a reset.
TEST(FuzzJudge, DoesNotTakeAResetThatMayHaveOvertakenTheReplyForADeath) {
  const std::string_view group = "MAIL FROM:<a@b>\r\nQUIT\r\n";
  Talk talk = say(group, "220 a\r\n", End::reset);
  EXPECT_EQ(oracles(talk), Names{"child-died"}) << "a suspicion, where all was said at once";
  talk.is_lock_step = true;
  EXPECT_EQ(oracles(talk), Names{});
  talk = say(group, "220 a\r\n", End::closed);
  talk.is_lock_step = true;
  EXPECT_EQ(oracles(talk), Names{"child-died"}) << "it read all, and ended";
  talk = say("MAIL FROM:<a@b>\r\n", "220 a\r\n", End::reset);
  talk.is_lock_step = true;
  EXPECT_EQ(oracles(talk), Names{"child-died"}) << "nothing was sent behind it";
}

TEST(FuzzJudge, ProvesNothingWhereItIsNotSure) {
  EXPECT_EQ(oracles(say("NOOP\nNOOP\r\nQUIT\r\n", "220 a\r\n250 a\r\n250 a\r\n221 b\r\n250 x\r\n")), Names{});
}

TEST(FuzzJudge, LetsAServerAnswerWhatTheEndLeftUnfinished) {
  EXPECT_EQ(oracles(say("NOOP", "220 a\r\n250 b\r\n")), Names{});
  EXPECT_EQ(oracles(say("NOOP\n", "220 a\r\n250 b\r\n")), Names{});
  EXPECT_EQ(oracles(say("NOOP", "220 a\r\n250 b\r\n250 c\r\n")), Names{"extra-reply"});
  // A message without its end is never taken (RFC 5321 §4.1.1.4).
  EXPECT_EQ(oracles(say("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhello\r\n",
                        "220 a\r\n250 b\r\n250 c\r\n354 d\r\n250 e\r\n")),
            Names{"extra-reply"});
}

TEST(FuzzJudge, HasANameAndAnExpectationForEachOracle) {
  for (auto oracle = Oracle::server_died; oracle <= Oracle::memory_growth; oracle = Oracle(int(oracle) + 1)) {
    EXPECT_EQ(parse_oracle(to_string(oracle)), oracle);
    EXPECT_FALSE(expectation_of(oracle).empty());
  }
}

TEST(FuzzFeatures, DifferByStateVerbAndCode) {
  const auto features = [](const Talk& talk) {
    std::set<std::size_t> all;
    for_each_feature(talk, [&](std::size_t feature) {
      EXPECT_LT(feature, kFeatures);
      all.insert(feature);
    });
    return all;
  };
  const auto first = features(say("NOOP\r\n", "220 a\r\n250 b\r\n"));
  EXPECT_EQ(first, features(say("NOOP\r\n", "220 b\r\n250 other words\r\n")));
  EXPECT_NE(first, features(say("NOOP\r\n", "220 a\r\n500 b\r\n")));
  EXPECT_NE(first, features(say("RSET\r\n", "220 a\r\n250 b\r\n")));
}

}  // namespace
}  // namespace smtpspec::fuzz
