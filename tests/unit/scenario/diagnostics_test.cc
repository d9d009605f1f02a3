// What a user reads when a file is wrong, octet for octet.
#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

// The complaint about one step of an otherwise sound scenario.
std::string about(std::string_view step) {
  return complaints("scenario a \"t\"\n" + std::string(step) + "\n  C: NOOP\n");
}

TEST(Diagnostics, AllMistakesOfAFileAreToldInTheOrderOfItsLines) {
  EXPECT_EQ(complaints("scenario a.b \"t\"\n"
                       "  chekcs RFC5321-2.1-01\n"
                       "  use gret\n"
                       "  C: NOOP   malformd\n"
                       "  S: 250 unles 4xx\n"
                       "  each a: b\n"
                       "scenario c \"t\"\n"
                       "  S: 25O\n"),
            "x/test.smtp:2:3: error: expected a field of the scenario: why, checks, needs, role, impact, tags or each\n"
            "    chekcs RFC5321-2.1-01\n"
            "    ^~~~~~\n"
            "  did you mean 'checks'?\n"
            "x/test.smtp:3:7: error: there is no block of this name\n"
            "    use gret\n"
            "        ^~~~\n"
            "x/test.smtp:4:13: error: expected 'malformed', 'split N' or 'gap 20ms'\n"
            "    C: NOOP   malformd\n"
            "              ^~~~~~~~\n"
            "  did you mean 'malformed'?\n"
            "x/test.smtp:5:10: error: 'unles' is no word of an expectation\n"
            "    S: 250 unles 4xx\n"
            "           ^~~~~\n"
            "  did you mean 'unless'?\n"
            "x/test.smtp:6:3: error: the fields of a scenario stand before its steps\n"
            "    each a: b\n"
            "    ^~~~\n"
            "x/test.smtp:8:6: error: expected a reply code such as 250, 2xx or 250|251, 'not' and a code, 'any', "
            "'closed' or 'silent'\n"
            "    S: 25O\n"
            "       ^~~\n"
            "  did you mean '250'?\n");
}

TEST(Diagnostics, OnlyScenariosWithoutErrorsAreKept) {
  const auto loaded = load("scenario a \"t\"\n  nonsense\nscenario b \"t\"\n  C: NOOP\n");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  EXPECT_EQ(loaded.scenarios[0].name, "b");
  EXPECT_TRUE(loaded.has_errors());
}

TEST(Diagnostics, AMisspeltStep) {
  EXPECT_EQ(about("  pipelne"),
            "x/test.smtp:2:3: error: expected a step: 'C:', 'S:', or a word such as 'use', 'check', 'pipeline'\n"
            "    pipelne\n"
            "    ^~~~~~~\n"
            "  did you mean 'pipeline'?\n");
}

TEST(Diagnostics, AMisspeltBlock) {
  EXPECT_EQ(complaints(load("scenario a \"t\"\n  use gret\n  C: NOOP\n", "block greet\n  S: 220\n")),
            "x/test.smtp:2:7: error: there is no block of this name\n"
            "    use gret\n"
            "        ^~~~\n"
            "  did you mean 'greet'?\n");
}

TEST(Diagnostics, ABraceThatNamesNothing) {
  EXPECT_EQ(about("  C: EHLO {cli ent}"),
            "x/test.smtp:2:11: error: a '{' begins the name of a variable, as in {recipient}; write '{{' for the brace "
            "itself\n"
            "    C: EHLO {cli ent}\n"
            "            ^\n");
}

TEST(Diagnostics, AWordThatWouldBeCommentary) {
  EXPECT_EQ(about("  S: 250 ok unless 4xx"),
            "x/test.smtp:2:13: error: 'unless' stands in commentary and would not be heeded\n"
            "    S: 250 ok unless 4xx\n"
            "              ^~~~~~\n"
            "  put two spaces before it, or quote the text\n");
}

TEST(Diagnostics, TextsAndRegexes) {
  EXPECT_EQ(about("  S: 250 \"ok"),
            "x/test.smtp:2:10: error: this text has no closing double quote\n"
            "    S: 250 \"ok\n"
            "           ^\n");
  EXPECT_EQ(about("  S: 250 \"\\q\""),
            "x/test.smtp:2:11: error: unknown escape; known are \\r \\n \\t \\0 \\\\ \\\" \\xHH\n"
            "    S: 250 \"\\q\"\n"
            "            ^~\n");
  EXPECT_EQ(about("  S: 250 /a(b/"),
            "x/test.smtp:2:10: error: this regex is not valid: missing ): a(b\n"
            "    S: 250 /a(b/\n"
            "           ^~~~~\n");
  EXPECT_EQ(about("  S: 250 /ab"),
            "x/test.smtp:2:10: error: this regex has no closing '/' that a blank or the end of the line follows\n"
            "    S: 250 /ab\n"
            "           ^\n");
}

TEST(Diagnostics, Bindings) {
  EXPECT_EQ(about("  S: 250 [nope]"),
            "x/test.smtp:2:10: error: expected the id of a requirement, such as [RFC5321-4.1.1.2-01]\n"
            "    S: 250 [nope]\n"
            "           ^~~~~~\n");
  EXPECT_EQ(about("  fence [RFC5321-2.1-01"),
            "x/test.smtp:2:9: error: this '[' is never closed; a requirement is written [RFC5321-4.1.1.2-01]\n"
            "    fence [RFC5321-2.1-01\n"
            "          ^\n");
  EXPECT_EQ(about("  S: 5xx [RFC5321-2.1-01]  501"),
            "x/test.smtp:2:28: error: a second pattern stands before the requirement that it belongs to, as in 501 "
            "[RFC5321-4.3.2-05]\n"
            "    S: 5xx [RFC5321-2.1-01]  501\n"
            "                             ^~~\n");
}

TEST(Diagnostics, TimesAndNumbers) {
  EXPECT_EQ(about("  wait 3"),
            "x/test.smtp:2:8: error: expected a time such as 20ms, 2s or 5min (24 hours at most)\n"
            "    wait 3\n"
            "         ^\n");
  EXPECT_EQ(about("  C: NOOP  split 0"),
            "x/test.smtp:2:18: error: expected a number from 1 to 1048576\n"
            "    C: NOOP  split 0\n"
            "                   ^\n");
  EXPECT_EQ(about("  C| \"x\"*0"),
            "x/test.smtp:2:9: error: expected a number of repetitions, as in \"x\"*998\n"
            "    C| \"x\"*0\n"
            "          ^~\n");
}

TEST(Diagnostics, Indentation) {
  EXPECT_EQ(about("  C: NOOP\n    S: 250"),
            "x/test.smtp:3:5: error: the line above takes no block, so this one cannot be indented deeper\n"
            "      S: 250\n"
            "      ^\n");
  EXPECT_EQ(about("  pipeline"),
            "x/test.smtp:2:3: error: expected the steps of this 'pipeline' below, indented\n"
            "    pipeline\n"
            "    ^~~~~~~~\n");
  EXPECT_EQ(about("  early\n      C: NOOP\n    C: NOOP"),
            "x/test.smtp:4:5: error: this indentation matches no open block\n"
            "      C: NOOP\n"
            "      ^\n");
  EXPECT_EQ(about("  C."),
            "x/test.smtp:2:3: error: expected the message's text below, indented\n"
            "    C.\n"
            "    ^~\n");
  EXPECT_EQ(about("  C.\n      a\n    b"),
            "x/test.smtp:4:5: error: this line of the text is indented less than its first line\n"
            "      b\n"
            "      ^\n");
}

TEST(Diagnostics, Heads) {
  EXPECT_EQ(complaints("scenaro a \"t\"\n  C: NOOP\nscenario b\n  C: NOOP\n"),
            "x/test.smtp:1:1: error: expected 'scenario NAME \"what a conforming server does\"' or 'block NAME'\n"
            "  scenaro a \"t\"\n"
            "  ^~~~~~~\n"
            "  did you mean 'scenario'?\n"
            "x/test.smtp:3:11: error: expected one sentence that states what a conforming server does, between double "
            "quotes\n"
            "  scenario b\n"
            "            ^\n");
  EXPECT_EQ(about("  needs mailbx"),
            "x/test.smtp:2:9: error: expected an EHLO keyword in upper case, or recipients >= N, mailbox, auth, tls, "
            "sasl, unknown, relay, next_hop, retry, alias, list, dead_list, undeliverable\n"
            "    needs mailbx\n"
            "          ^~~~~~\n"
            "  did you mean 'mailbox'?\n");
  EXPECT_EQ(about("  impact delivr"),
            "x/test.smtp:2:10: error: expected probe, deliver or stress\n"
            "    impact delivr\n"
            "           ^~~~~~\n"
            "  did you mean 'deliver'?\n");
  EXPECT_EQ(about("  each sender: a"),
            "x/test.smtp:2:8: error: this name has a meaning already; choose another\n"
            "    each sender: a\n"
            "         ^~~~~~~\n");
  EXPECT_EQ(about("  each x: \"a\" \"a\""),
            "x/test.smtp:2:15: error: this value has the same name as one before it\n"
            "    each x: \"a\" \"a\"\n"
            "                ^~~\n");
}

TEST(Diagnostics, Checks) {
  EXPECT_EQ(
      about("  check advertizes SIZE"),
      "x/test.smtp:2:9: error: expected 'advertises', 'not', 'same advertisement', 'tls version', 'tls certificate', "
      "'delivered', NAME/NAME in …, or a message's name and 'header', 'body', 'bytes', 'mail' or 'rcpt'\n"
      "    check advertizes SIZE\n"
      "          ^~~~~~~~~~\n"
      "  did you mean 'advertises'?\n");
  EXPECT_EQ(about("  check a/b in 250"),
            "x/test.smtp:2:16: error: expected a pair of reply patterns such as 250/55x\n"
            "    check a/b in 250\n"
            "                 ^~~\n");
  EXPECT_EQ(about("  check m body = \"x\""),
            "x/test.smtp:2:16: error: expected '==', 'has' or 'lacks' and a text, or a /regex/\n"
            "    check m body = \"x\"\n"
            "                 ^\n");
}

TEST(Diagnostics, AReplyThatGoesOnWithoutAnotherLineIsWarnedOf) {
  const auto loaded = load("scenario a \"t\"\n  S: 220-hello\n  C: NOOP\n");
  EXPECT_FALSE(loaded.has_errors());
  EXPECT_EQ(complaints(loaded),
            "x/test.smtp:2:6: warning: this reply goes on, by its '-', but no further line follows\n"
            "    S: 220-hello\n"
            "       ^~~~\n");
}

TEST(Diagnostics, InATranscript) {
  EXPECT_EQ(complaints("S: 220\nEHLO client.example\n"),
            "x/test.smtp:2:1: error: expected 'C:', 'S:' or a step of a scenario\n"
            "  EHLO client.example\n"
            "  ^~~~\n"
            "  a line to send begins with 'C:'\n");
}

}  // namespace
}  // namespace smtpspec::scenario
