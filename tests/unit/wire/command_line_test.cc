// What the linter asks: is a line a command by the grammar?
#include <gtest/gtest.h>

#include "harness/wire/command.h"

namespace smtpspec::wire {
namespace {

using namespace std::string_literals;
using R = SyntaxReason;

class WellFormed : public testing::TestWithParam<std::string> {};
TEST_P(WellFormed, LineIsACommand) {
  const auto error = check_command_line(GetParam());
  EXPECT_FALSE(error.has_value()) << error->message;
}
INSTANTIATE_TEST_SUITE_P(Rfc5321, WellFormed,
                         testing::Values("EHLO client.example", "ehlo [127.0.0.1]", "EHLO [IPv6:::1]",
                                         "HELO client.example", "MAIL FROM:<>", "MAIL FROM:<a@b>", "mail from:<a@b>",
                                         "MAIL FROM:<a@b> SIZE=1 BODY=8BITMIME", "MAIL FROM:<@a,@b:c@d>",
                                         "MAIL FROM:<\"\"@d>", "MAIL FROM:<\"a b\"@d>",
                                         "MAIL FROM:<" + std::string(100, 'a') + "@d>", "RCPT TO:<a@b>",
                                         "RCPT TO:<Postmaster>", "RCPT TO:<postmaster@b>", "RCPT TO:<a@[1.2.3.4]>",
                                         "RCPT TO:<a@b> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b", "DATA", "data", "RSET",
                                         "QUIT", "VRFY Smith", "VRFY smith@example.org", "EXPN Example-People", "HELP",
                                         "HELP MAIL", "NOOP", "NOOP \"a b\"", "NOOP x"));
INSTANTIATE_TEST_SUITE_P(Extensions, WellFormed,
                         testing::Values("LHLO client.example", "LHLO [127.0.0.1]", "STARTTLS", "AUTH PLAIN",
                                         "AUTH PLAIN AGEAYg==", "AUTH EXTERNAL =", "BDAT 0", "BDAT 86 LAST",
                                         "ETRN example.org", "ETRN @example.org", "ETRN #queue", "TURN", "ATRN",
                                         "ATRN example.org,example.com", "BURL imap://a@b/INBOX;uid=1 LAST",
                                         "BURL imap://a@b/INBOX"));
INSTANTIATE_TEST_SUITE_P(UnknownVerbs, WellFormed,
                         testing::Values("XCLIENT ADDR=127.0.0.1", "FOO", "X", "SEND FROM:<a@b>", "VERB on  off",
                                         "MAILX a", std::string(600, 'V')));

struct Bad {
  std::string line;
  std::size_t offset;
  SyntaxReason reason;
};
void PrintTo(const Bad& bad, std::ostream* out) { *out << testing::PrintToString(bad.line); }
class Malformed : public testing::TestWithParam<Bad> {};
TEST_P(Malformed, LineIsRefusedWithThePlace) {
  const auto error = check_command_line(GetParam().line);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->offset, GetParam().offset) << error->message;
  EXPECT_EQ(error->reason, GetParam().reason) << to_string(error->reason);
}
INSTANTIATE_TEST_SUITE_P(Verbs, Malformed,
                         testing::Values(Bad{"", 0, R::bad_verb}, Bad{" ", 0, R::bad_verb},
                                         Bad{" NOOP", 0, R::bad_verb}, Bad{"NO-OP", 2, R::bad_verb},
                                         Bad{"X1", 1, R::bad_verb}, Bad{"EHLO\tb", 4, R::control_octet},
                                         Bad{"NOOP\r", 4, R::control_octet}, Bad{"\xff", 0, R::not_ascii},
                                         Bad{"NO\0OP"s, 2, R::control_octet}, Bad{"FOO a\rb", 5, R::control_octet},
                                         Bad{"FOO \xc3\xa4", 4, R::not_ascii}, Bad{"FOO ", 3, R::trailing_space},
                                         Bad{"GET / HTTP/1.1\r", 14, R::control_octet}));
INSTANTIATE_TEST_SUITE_P(
    Spaces, Malformed,
    testing::Values(Bad{"NOOP ", 4, R::trailing_space}, Bad{"RSET ", 4, R::trailing_space},
                    Bad{"QUIT  ", 4, R::trailing_space}, Bad{"DATA ", 4, R::trailing_space},
                    Bad{"HELP ", 4, R::trailing_space}, Bad{"EHLO  a", 5, R::extra_space},
                    Bad{"EHLO a ", 6, R::trailing_space}, Bad{"MAIL  FROM:<a@b>", 5, R::extra_space},
                    Bad{"MAIL FROM: <a@b>", 10, R::extra_space}, Bad{"MAIL FROM :<a@b>", 5, R::bad_clause},
                    Bad{"MAIL FROM:<a@b> ", 15, R::trailing_space}, Bad{"RCPT TO: <a@b>", 8, R::extra_space},
                    Bad{"RCPT TO:<a@b> ", 13, R::trailing_space}, Bad{"VRFY a ", 6, R::trailing_space},
                    Bad{"BDAT  1", 5, R::extra_space}, Bad{"NOOP a b", 6, R::bad_string}));
INSTANTIATE_TEST_SUITE_P(
    Arguments, Malformed,
    testing::Values(
        Bad{"EHLO", 4, R::missing_argument}, Bad{"EHLO ", 5, R::missing_argument}, Bad{"HELO", 4, R::missing_argument},
        Bad{"HELO [127.0.0.1]", 5, R::bad_domain}, Bad{"MAIL", 4, R::missing_argument},
        Bad{"RCPT", 4, R::missing_argument}, Bad{"VRFY", 4, R::missing_argument}, Bad{"AUTH", 4, R::missing_argument},
        Bad{"BDAT", 4, R::missing_argument}, Bad{"ETRN", 4, R::missing_argument}, Bad{"BURL", 4, R::missing_argument},
        Bad{"DATA now", 5, R::unexpected_argument}, Bad{"RSET x", 5, R::unexpected_argument},
        Bad{"RSET  x", 5, R::unexpected_argument}, Bad{"QUIT x", 5, R::unexpected_argument},
        Bad{"STARTTLS x", 9, R::unexpected_argument}, Bad{"TURN x", 5, R::unexpected_argument},
        Bad{"MAIL FROM:a@b", 10, R::missing_open_bracket}, Bad{"MAIL FROM:<a@b", 14, R::missing_close_bracket},
        Bad{"RCPT TO:<>", 8, R::null_path}, Bad{"MAIL TO:<a@b>", 5, R::bad_clause}, Bad{"EHLO a_b", 6, R::bad_domain},
        Bad{"ATRN a,", 7, R::bad_domain}, Bad{"ATRN a b", 6, R::bad_domain}, Bad{"BURL imap", 9, R::bad_url},
        Bad{"BURL 1:x", 5, R::bad_url}, Bad{"BURL a:b c", 8, R::trailing_text}, Bad{"BURL a:", 7, R::bad_url}));

TEST(CheckCommandLine, FollowsTheOptions) {
  EXPECT_TRUE(check_command_line("MAIL FROM:<\"\"@d>", {.allow_empty_quoted_string = false}).has_value());
  EXPECT_FALSE(check_command_line("MAIL FROM:<\xc3\xa4@d>", {.allow_utf8 = true}).has_value());
  EXPECT_FALSE(check_command_line("FOO \xc3\xa4", {.allow_utf8 = true}).has_value());
  EXPECT_TRUE(check_command_line("FOO \xc3", {.allow_utf8 = true}).has_value());
  const auto error = check_command_line("MAIL FROM:<" + std::string(65, 'a') + "@d>", {.enforce_limits = true});
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(*error, (SyntaxError{75, "the local part is longer than 64 octets", R::too_long}));
}

// The place of every error lies in the line or at its end: a caret can always be drawn.
TEST(CheckCommandLine, NamesAPlaceInTheLineForEveryPrefixAndEveryOctet) {
  const std::string lines[] = {"MAIL FROM:<@a,@b:\"c\\d\"@[IPv6:1::2]> SIZE=1 X",
                               "RCPT TO:<a.b@c.d> NOTIFY=NEVER",
                               "AUTH PLAIN AGEAYg==",
                               "BDAT 12 LAST",
                               "EHLO [IPv6:::1]",
                               "BURL imap://x LAST",
                               "ATRN a,b"};
  for (const std::string& line : lines) {
    ASSERT_FALSE(check_command_line(line).has_value()) << line;
    for (std::size_t at = 0; at < line.size(); ++at) {
      const std::string prefix = line.substr(0, at);
      const auto cut_error = check_command_line(prefix);
      EXPECT_LE(cut_error ? cut_error->offset : 0, prefix.size()) << prefix;
      for (int value = 0; value < 256; ++value) {
        std::string changed = line;
        changed[at] = static_cast<char>(value);
        const auto error = check_command_line(changed);
        EXPECT_LE(error ? error->offset : 0, changed.size()) << changed;
      }
    }
  }
}

}  // namespace
}  // namespace smtpspec::wire
