#include "harness/scenario/lint.h"

#include "harness/wire/command.h"
#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

constexpr Requirement kEntries[] = {
    {"T-1-01", "RFC 1", "1", "", verdict::Level::must, "server", "s", "wire", "h", "", ""},
    {"T-1-02", "RFC 1", "1", "", verdict::Level::must, "client", "s", "wire", "h", "", ""},
};

// What the linter says of steps bound to T-1-01, as a user reads it.
std::string findings(std::string_view head_and_steps, std::string_view common = "") {
  const auto loaded = load("scenario a \"t\"\n" + std::string(head_and_steps), common);
  EXPECT_EQ(complaints(loaded), "");
  std::string out;
  for (const auto& scenario : loaded.scenarios) {
    for (const auto& diagnostic : lint(scenario, Catalogue(kEntries))) out += base::render(diagnostic);
  }
  return out;
}

// The same, with a sound head around the steps.
std::string about(std::string_view steps, std::string_view needs = "STARTTLS, PIPELINING") {
  return findings("  checks T-1-01\n  impact deliver\n  needs " + std::string(needs) + "\n  tags slow\n" +
                  std::string(steps) + "  C: NOOP\n  S: 250 [T-1-01]\n");
}

TEST(Lint, ASoundScenarioHasNoFindings) {
  EXPECT_EQ(about("  connect\n  S: 220\n  C: {ehlo} {client}\n  S: 250\n  C: MAIL FROM:<{sender}>\n  S: 250\n"
                  "  C: RCPT TO:<{recipients[3]}>\n  S: 250\n  C: DATA\n  S: 354\n  C.\n    Subject: x\n  S: 250\n",
                  "recipients >= 3"),
            "");
}

TEST(Lint, BindingsAndChecksAgree) {
  EXPECT_EQ(findings("  checks T-1-01 T-1-2\n  C: NOOP\n  S: 250 [T-1-02]\n  C: NOOP\n  S: 250 [X-99]\n"),
            "x/test.smtp:2:10: error: T-1-01 is listed here, but no step is bound to it\n"
            "    checks T-1-01 T-1-2\n"
            "           ^~~~~~\n"
            "x/test.smtp:2:17: error: the catalogue has no requirement T-1-2\n"
            "    checks T-1-01 T-1-2\n"
            "                  ^~~~~\n"
            "  did you mean 'T-1-02'?\n"
            "x/test.smtp:6:10: error: the catalogue has no requirement X-99\n"
            "    S: 250 [X-99]\n"
            "           ^~~~~~\n");
  EXPECT_EQ(findings("  checks T-1-01\n  C: NOOP\n  S: 250 [T-1-02]\n"),
            "x/test.smtp:2:10: error: T-1-01 is listed here, but no step is bound to it\n"
            "    checks T-1-01\n"
            "           ^~~~~~\n"
            "x/test.smtp:4:10: error: T-1-02 is bound here, but `checks` does not list it\n"
            "    S: 250 [T-1-02]\n"
            "           ^~~~~~~~\n");
  // Misspelt in one of the two places, it is told there, and meant is what the other one has.
  EXPECT_EQ(findings("  checks T-1-01\n  C: NOOP\n  S: 250 [T-2-01]\n"),
            "x/test.smtp:4:10: error: the catalogue has no requirement T-2-01\n"
            "    S: 250 [T-2-01]\n"
            "           ^~~~~~~~\n"
            "  did you mean 'T-1-01'?\n");
}

TEST(Lint, ADutyOfTheClientIsNoneOfTheServer) {
  EXPECT_EQ(findings("  checks T-1-02\n  C: NOOP\n  S: 250 [T-1-02]\n"),
            "x/test.smtp:2:10: warning: T-1-02 binds the client, not the server under test\n"
            "    checks T-1-02\n"
            "           ^~~~~~\n");
}

TEST(Lint, VariablesHaveAValueBeforeTheyAreUsed) {
  EXPECT_EQ(about("  C: VRFY {recipent}\n  S: any\n"),
            "x/test.smtp:6:11: error: nothing gives the variable 'recipent' a value\n"
            "    C: VRFY {recipent}\n"
            "            ^~~~~~~~~~\n"
            "  did you mean 'recipient'?\n");
  EXPECT_EQ(
      about("  C: HELP\n  S: 214 /(?<topic>\\w+)/\n  capture x from reply /(.)/\n  C: HELP {topic}{x}\n  S: 214\n"),
      "");
  EXPECT_EQ(about("  repeat 3 as i\n    C: NOOP {i}\n    S: 250\n"), "");
  EXPECT_NE(about("  repeat 3 as i\n    C: NOOP\n    S: 250\n  C: HELP {i}\n  S: 214\n").find("variable 'i'"),
            std::string::npos);
  EXPECT_NE(about("  C: VRFY {recipients[4]}\n  S: any\n").find("needs recipients >= 4"), std::string::npos);
  EXPECT_NE(about("  C: VRFY {recipients}\n  S: any\n").find("takes an index"), std::string::npos);
}

TEST(Lint, RepliesAndMessagesAreNamedBeforeTheyAreCompared) {
  EXPECT_EQ(about("  C: NOOP\n  S: any as known\n  check knwon/known in 250/250\n"),
            "x/test.smtp:8:3: error: no reply before this line is named 'knwon' by 'as'\n"
            "    check knwon/known in 250/250\n"
            "    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
            "  did you mean 'known'?\n");
  EXPECT_NE(about("  check m body == \"x\"\n").find("no message before this line is named 'm'"), std::string::npos);
}

TEST(Lint, NeedsSayWhatTheStepsUse) {
  const auto text = findings(
      "  checks T-1-01\n  pipeline\n    C: MAIL FROM:<{user}@b>\n    C: RCPT TO:<{relay}>\n  S: 250\n  S: 250\n"
      "  check delivered\n  C: DATA\n  S: 354\n  C.\n    x\n  S: 250 [T-1-01]\n  wait 1s\n");
  for (const char* part :
       {"`pipeline` that is not forced asks for 'PIPELINING'", "{user} asks for 'auth'", "{relay} asks for 'relay'",
        "`check delivered` asks for 'mailbox'", "`impact` says probe", "waiting is for scenarios with the tag slow"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(
      findings("  checks T-1-01\n  when advertised PIPELINING\n    pipeline\n      C: NOOP\n      S: 250 [T-1-01]\n"),
      "");
}

// What comes to the next hop is no matter of the mailbox.
TEST(Lint, TheNextHopIsNeededByItsAddressAndByTheEnvelope) {
  const std::string begin = "  checks T-1-01\n  needs next_hop\n  impact deliver\n";
  EXPECT_EQ(findings(begin + "  check delivered {relayed} as m\n  check m mail has \"a\" [T-1-01]\n"), "");
  EXPECT_NE(findings("  checks T-1-01\n  needs mailbox\n  check delivered as m\n  check m rcpt has \"a\" [T-1-01]\n")
                .find("what the next hop was told asks for 'next_hop'"),
            std::string::npos);
  for (const char* claim : {"check not delivered {relayed}", "check delivered count == 1 a@{relayed_domain}"})
    EXPECT_EQ(findings(begin + "  " + claim + " [T-1-01]\n"), "") << claim;
  const auto later = findings(begin + "  check delivered {relayed_later} [T-1-01]\n");
  EXPECT_NE(later.find("{relayed_later} asks for 'retry'"), std::string::npos) << later;
  EXPECT_EQ(later.find("'mailbox'"), std::string::npos) << later;
}

TEST(Lint, ACaptureIsOfAMessageThatWasFetched) {
  const std::string begin = "  checks T-1-01\n  needs mailbox\n  check delivered as m [T-1-01]\n";
  EXPECT_EQ(findings(begin + "  capture x from m header \"Subject\" /(.)/\n  C: HELP {x}\n  S: any\n"), "");
  EXPECT_NE(findings(begin + "  capture x from n body /(.)/\n  C: HELP {x}\n  S: any\n")
                .find("no message before this line is named 'n' by 'as'"),
            std::string::npos);
  EXPECT_NE(findings(begin + "  capture x from m rcpt /(.)/\n  C: HELP {x}\n  S: any\n")
                .find("what the next hop was told asks for 'next_hop'"),
            std::string::npos);
}

TEST(Lint, WhatIsNeededIsUsed) {
  EXPECT_EQ(about("  C: VRFY {unknown}\n  S: any\n", "STARTTLS, mailbox, unknown, tls"),
            "x/test.smtp:4:19: error: no step uses what is needed here\n"
            "    needs STARTTLS, mailbox, unknown, tls\n"
            "                    ^~~~~~~\n"
            "x/test.smtp:4:37: error: no step uses what is needed here\n"
            "    needs STARTTLS, mailbox, unknown, tls\n"
            "                                      ^~~\n");
}

TEST(Lint, ALineThatBreaksTheGrammarSaysSo) {
  EXPECT_NE(about("  C: MAIL FROM:<a@@b.example>\n  S: 501\n").find("error: this line breaks the grammar: "),
            std::string::npos);
  EXPECT_EQ(about("  C: MAIL FROM:<a@@b.example>  malformed\n  S: 501\n"), "");
  EXPECT_EQ(about("  C: NOOP  malformed\n  S: 250\n"),
            "x/test.smtp:6:3: warning: this line says 'malformed', but it is well-formed\n"
            "    C: NOOP  malformed\n"
            "    ^~~~~~~~~~~~~~~~~~\n");
  EXPECT_EQ(about("  C: FOOBAR  malformed\n  S: 500\n"), "");
}

TEST(Lint, MalformedIsForItsOwnLineAndNoOther) {
  EXPECT_EQ(about("  pipeline\n    C: MAIL FROM:<a@@b>  malformed\n    C: NOOP\n    C: MAIL FROM:<b@@c>\n"
                  "  S: 501\n  S: 250\n  S: 501\n"),
            "x/test.smtp:9:5: error: this line breaks the grammar: " +
                std::string(wire::check_command_line("MAIL FROM:<b@@c>")->message) +
                "\n"
                "      C: MAIL FROM:<b@@c>\n"
                "      ^~~~~~~~~~~~~~~~~~~\n"
                "  if that is the point, write 'malformed' behind it\n");
}

TEST(Lint, EveryValueOfALineIsHeldAgainstTheGrammar) {
  const auto with_values = [](const std::string& values, const std::string& trailer) {
    return findings("  checks T-1-01\n  each path: " + values + "\n  C: MAIL FROM:{path}" + trailer +
                    "\n  S: 501 [T-1-01]\n");
  };
  EXPECT_EQ(with_values("good: \"<a@b.example>\" null: \"<>\"", ""), "");
  EXPECT_NE(with_values("good: \"<a@b.example>\" bad: \"<a@b\"", "").find("breaks the grammar"), std::string::npos);
  EXPECT_EQ(with_values("good: \"<a@b.example>\" bad: \"<a@b\"", "  malformed"), "");
}

TEST(Lint, ALineMayBeSentInSeveralPieces) {
  EXPECT_EQ(about("  C| \"NOO\"\n  C| \"P\\r\\n\"\n  S: 250\n"), "");
  EXPECT_EQ(about("  C| \"NOOP\\n\"  malformed\n  C| \"NOOP\\r\\n\"  malformed\n  S: any\n"), "");
  EXPECT_NE(about("  C| \"NOOP\\n\"\n  C| \"NOOP\\r\\n\"\n  S: any\n").find("breaks the grammar"), std::string::npos);
}

TEST(Lint, ACapturedWordMayBeAnything) {
  EXPECT_EQ(about("  C: VRFY {recipient}\n  S: 250\n  capture address from reply /<(.*)>/\n"
                  "  C: RCPT TO:<{address}>\n  S: any\n"),
            "");
}

TEST(Lint, TextChunksAndSaslAnswersAreNoCommands) {
  EXPECT_EQ(about("  C: DATA\n  S: 354\n  C: <a@@b>\n  C: .\n  S: 250\n  C: AUTH LOGIN\n  S: 334\n  C: YWxpY2U=\n"
                  "  S: 334\n  C: *\n  S: 501\n  C: BDAT 3 LAST\n  C| \"<@>\"\n  S: 250\n"),
            "");
}

TEST(Lint, NothingIsWrittenWhileAReplyIsOwed) {
  EXPECT_EQ(about("  connect\n  C: {ehlo} {client}\n  S: 250\n"),
            "x/test.smtp:7:3: error: a reply to an earlier line is still owed here\n"
            "    C: {ehlo} {client}\n"
            "    ^~~~~~~~~~~~~~~~~~\n"
            "  expect it first; to write all the same, use a 'pipeline' or 'early' block\n"
            "x/test.smtp:9:3: error: a reply to an earlier line is still owed here\n"
            "    C: NOOP\n"
            "    ^~~~~~~\n"
            "  expect it first; to write all the same, use a 'pipeline' or 'early' block\n");
  EXPECT_EQ(about("  connect\n  early\n    C: {ehlo} {client}\n  S: 220\n  S: 250\n"), "");
  EXPECT_EQ(about("  C: NOOP\n  C: NOOP\n  S: 250\n  S: 250\n"), "");
  EXPECT_NE(about("  C: NOOP\n  C: NOOP\n  S: 250\n").find("still owed"), std::string::npos);
  EXPECT_EQ(about("  pipeline\n    repeat 3\n      C: NOOP\n      S: 250\n"), "");
  EXPECT_EQ(about("  repeat 3\n    C: NOOP\n    S: 250\n"), "");
  EXPECT_NE(about("  C: NOOP\n  S: 250\n  S: 250\n").find("warning: no reply is owed here"), std::string::npos);
}

TEST(Lint, NothingIsDoneOnAConnectionThatTheServerHasClosed) {
  EXPECT_EQ(about("  C: QUIT\n  S: 221\n  S: closed\n"),
            "x/test.smtp:9:3: error: the server has closed the connection above\n"
            "    C: NOOP\n"
            "    ^~~~~~~\n"
            "  write 'connect' for another one\n");
  EXPECT_EQ(about("  C: QUIT\n  S: 221\n  S: closed\n  connect\n  S: 220\n"), "");
  EXPECT_EQ(about("  C: QUIT\n  S: 221|closed\n"), "");
  EXPECT_EQ(about("  C: HELP\n  S: any\n  when reply 221\n    S: closed\n"), "");
}

TEST(Lint, AConditionCanHold) {
  EXPECT_EQ(about("  C: HELP\n  S: 2xx\n  when reply 5xx\n    C: NOOP\n    S: 250\n"),
            "x/test.smtp:8:3: error: this is never reached: the latest reply is 2xx\n"
            "    when reply 5xx\n"
            "    ^~~~~~~~~~~~~~\n");
  EXPECT_EQ(about("  C: HELP\n  S: 2xx|502\n  when reply 5xx\n    C: NOOP\n    S: 250\n"), "");
  EXPECT_EQ(about("  C: HELP\n  S: not 2xx\n  when reply 502\n    C: NOOP\n    S: 250\n"), "");
  EXPECT_EQ(about("  C: HELP\n  S: 2xx\n  fence ehlo\n  when reply 5xx\n    C: NOOP\n    S: 250\n"), "");
}

TEST(Lint, WhatABlockDoesIsToldAtTheScenario) {
  EXPECT_EQ(
      findings("  checks T-1-01\n  use b\n  C: NOOP\n  S: 250 [T-1-01]\n", "block b\n  C: VRFY {nobody}\n  S: 250\n"),
      "x/test.smtp:1:10: error: block 'b', `C: VRFY {nobody}`: nothing gives the variable 'nobody' a value\n"
      "  scenario a \"t\"\n"
      "           ^\n");
}

TEST(Lint, ATranscriptIsWarnedRatherThanRefused) {
  const auto loaded = load("S: 220\nC: MAIL FROM: <a@b.example>\nS: 250\n");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  const auto found = lint(loaded.scenarios[0], Catalogue(kEntries));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, base::Severity::warning);
}

TEST(Lint, AScenarioThatIsForLmtpTooSaysHello) {
  const std::string steps = "  connect\n  S: 220\n  C: EHLO {client}\n  S: 250 [T-1-01]\n";
  EXPECT_EQ(findings("  checks T-1-01\n" + steps),
            "x/test.smtp:5:3: warning: EHLO is no command of LMTP, and this scenario is for the role lmtp too\n"
            "    C: EHLO {client}\n"
            "    ^~~~~~~~~~~~~~~~\n"
            "  write {ehlo}, which is LHLO there, or 'role mx | submission' in the head\n");
  EXPECT_EQ(findings("  checks T-1-01\n  role mx | submission\n" + steps), "");
  EXPECT_EQ(findings("  checks T-1-01\n  role lmtp\n" + steps), "");
  EXPECT_EQ(findings("  checks T-1-01\n  connect\n  S: 220\n  C: EHLOX  malformed\n  S: 5xx [T-1-01]\n"), "");
}

}  // namespace
}  // namespace smtpspec::scenario
