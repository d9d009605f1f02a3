// The parsers of each command's argument.
#include "harness/wire/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace smtpspec::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using R = SyntaxReason;

TEST(SplitCommand, CutsAtTheFirstSpace) {
  const std::string line = "MAIL FROM:<a@b> SIZE=1";
  const CommandLine command = split_command(line);
  EXPECT_EQ(command.verb, Verb::mail);
  EXPECT_EQ(command.verb_text, "MAIL");
  EXPECT_EQ(command.argument, "FROM:<a@b> SIZE=1");
  EXPECT_TRUE(command.has_argument);
}

TEST(SplitCommand, TellsAnEmptyArgumentFromNone) {
  EXPECT_FALSE(split_command("NOOP").has_argument);
  EXPECT_TRUE(split_command("NOOP ").has_argument);
  EXPECT_EQ(split_command("NOOP ").argument, "");
  EXPECT_EQ(split_command("").verb, Verb::unknown);
}

TEST(Verb, IsKnownInAnyLetterCaseAndReadsBack) {
  for (int i = 0; i < static_cast<int>(Verb::unknown); ++i) {
    const Verb verb = static_cast<Verb>(i);
    EXPECT_EQ(parse_verb(to_string(verb)), verb) << to_string(verb);
  }
  EXPECT_EQ(parse_verb("eHlO"), Verb::ehlo);
  EXPECT_EQ(parse_verb("MAI"), Verb::unknown);
  EXPECT_EQ(parse_verb("MAIL\t"), Verb::unknown);
  EXPECT_EQ(to_string(Verb::unknown), "unknown");
}

TEST(ParseMail, GivesPathAndParameters) {
  const auto mail = parse_mail("FROM:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8").value();
  EXPECT_EQ(mail.reverse_path->mailbox.domain, "b.example");
  EXPECT_THAT(mail.parameters, ElementsAre(Parameter{"SIZE", "1000"}, Parameter{"BODY", "8BITMIME"},
                                           Parameter{"SMTPUTF8", std::nullopt}));
}

TEST(ParseMail, TakesTheNullPath) {
  const auto mail = parse_mail("from:<> AUTH=<>").value();
  EXPECT_EQ(mail.reverse_path, std::nullopt);
  EXPECT_THAT(mail.parameters, ElementsAre(Parameter{"AUTH", "<>"}));
}

TEST(ParseRcpt, TakesPostmasterWithoutADomainInAnyLetterCase) {
  const auto rcpt = parse_rcpt("TO:<pOSTMASTER> NOTIFY=NEVER").value();
  EXPECT_EQ(rcpt.forward_path.mailbox, (Mailbox{"pOSTMASTER", "pOSTMASTER", "", false}));
  EXPECT_EQ(to_string(rcpt.forward_path), "<pOSTMASTER>");
  EXPECT_THAT(rcpt.parameters, ElementsAre(Parameter{"NOTIFY", "NEVER"}));
  EXPECT_EQ(parse_rcpt("TO:<Postmaster@example.org>")->forward_path.mailbox.domain, "example.org");
}

TEST(ParseRcpt, RefusesTheNullPath) { EXPECT_EQ(parse_rcpt("TO:<>").error().reason, R::null_path); }

TEST(ParseMail, TakesUtf8WhereAllowed) {
  const std::string argument = "FROM:<j\xc3\xbc@b\xc3\xbc.example> SMTPUTF8 X=\xc3\xbc";
  EXPECT_TRUE(parse_mail(argument, {.allow_utf8 = true}));
  EXPECT_EQ(parse_mail(argument).error(), (SyntaxError{7, "'\\xc3' may not stand in a local part", R::not_ascii}));
}

struct Bad {
  std::string text;
  std::size_t offset;
  SyntaxReason reason;
};
void PrintTo(const Bad& bad, std::ostream* out) { *out << testing::PrintToString(bad.text); }
class InvalidMail : public testing::TestWithParam<Bad> {};
TEST_P(InvalidMail, IsRefusedWithThePlace) {
  const auto parsed = parse_mail(GetParam().text);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().offset, GetParam().offset) << parsed.error().message;
  EXPECT_EQ(parsed.error().reason, GetParam().reason) << to_string(parsed.error().reason);
}
INSTANTIATE_TEST_SUITE_P(
    All, InvalidMail,
    testing::Values(Bad{"", 0, R::bad_clause}, Bad{"FROM", 0, R::bad_clause}, Bad{"TO:<a@b>", 0, R::bad_clause},
                    Bad{"FROM <a@b>", 0, R::bad_clause}, Bad{" FROM:<a@b>", 0, R::extra_space},
                    Bad{"FROM: <a@b>", 5, R::extra_space}, Bad{"FROM:", 5, R::missing_open_bracket},
                    Bad{"FROM:a@b", 5, R::missing_open_bracket}, Bad{"FROM:<a@b", 9, R::missing_close_bracket},
                    Bad{"FROM:<Postmaster>", 16, R::missing_domain}, Bad{"FROM:<a@b> ", 10, R::trailing_space},
                    Bad{"FROM:<> ", 7, R::trailing_space}, Bad{"FROM:<a@b>SIZE=1", 10, R::trailing_text},
                    Bad{"FROM:<a@b>  SIZE=1", 11, R::extra_space}, Bad{"FROM:<a@b> SIZE=1 ", 17, R::trailing_space},
                    Bad{"FROM:<a@b> SIZE=1  X", 18, R::extra_space}, Bad{"FROM:<a@b> =1", 11, R::bad_parameter},
                    Bad{"FROM:<a@b> SIZE=", 16, R::bad_parameter}, Bad{"FROM:<a@b> SIZE= X", 16, R::bad_parameter},
                    Bad{"FROM:<a@b> A=b=c", 14, R::bad_parameter}, Bad{"FROM:<a@b> -A", 11, R::bad_parameter},
                    Bad{"FROM:<a@b> A_B=1", 12, R::bad_parameter}, Bad{"FROM:<a@b> A=\x01", 13, R::control_octet},
                    Bad{"FROM:<a@b> A=\xc3\xa4", 13, R::not_ascii}, Bad{"FROM:<a@b>\tA=1", 10, R::control_octet}));

TEST(ParseEhlo, TakesADomainOrAnAddressLiteral) {
  EXPECT_EQ(parse_ehlo_argument("client.example").value(), "client.example");
  EXPECT_EQ(parse_ehlo_argument("[127.0.0.1]").value(), "[127.0.0.1]");
  EXPECT_EQ(parse_ehlo_argument("a b").error().reason, R::trailing_text);
  EXPECT_EQ(parse_ehlo_argument("a ").error().reason, R::trailing_space);
  EXPECT_EQ(parse_ehlo_argument("a_b").error(), (SyntaxError{1, "'_' may not stand in a domain", R::bad_domain}));
  EXPECT_EQ(parse_ehlo_argument("").error().reason, R::bad_domain);
}

TEST(ParseEhlo, IsAsciiEvenWhereUtf8IsAllowed) {
  EXPECT_EQ(parse_ehlo_argument("b\xc3\xbc.example", {.allow_utf8 = true}).error().reason, R::not_ascii);
}

TEST(ParseHelo, TakesADomainOnly) {
  EXPECT_TRUE(parse_helo_argument("client.example"));
  EXPECT_EQ(parse_helo_argument("[127.0.0.1]").error().reason, R::bad_domain);
}

TEST(ParseBdat, GivesSizeAndLast) {
  EXPECT_EQ(parse_bdat("0").value(), (BdatCommand{0, false}));
  EXPECT_EQ(parse_bdat("86 LAST").value(), (BdatCommand{86, true}));
  EXPECT_EQ(parse_bdat("007 last").value(), (BdatCommand{7, true}));
}

TEST(ParseBdat, SaturatesWhereTheNumberDoesNotFit) {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(parse_bdat("18446744073709551614")->chunk_octets, kMost - 1);
  EXPECT_EQ(parse_bdat("18446744073709551615")->chunk_octets, kMost);
  EXPECT_EQ(parse_bdat("18446744073709551616")->chunk_octets, kMost);
  EXPECT_EQ(parse_bdat("99999999999999999999999 LAST")->chunk_octets, kMost);
}

TEST(ParseBdat, RefusesAllElse) {
  EXPECT_EQ(parse_bdat("").error().reason, R::bad_number);
  EXPECT_EQ(parse_bdat("-1").error().reason, R::bad_number);
  EXPECT_EQ(parse_bdat("+1").error().reason, R::bad_number);
  EXPECT_EQ(parse_bdat("1x").error().offset, 1u);
  EXPECT_EQ(parse_bdat("1 ").error().reason, R::trailing_space);
  EXPECT_EQ(parse_bdat("1 FIRST").error().reason, R::trailing_text);
  EXPECT_EQ(parse_bdat("1 LAST ").error().reason, R::trailing_text);
  EXPECT_EQ(parse_bdat("LAST").error().reason, R::bad_number);
}

TEST(ParseAuth, GivesMechanismAndInitialResponse) {
  EXPECT_EQ(parse_auth("PLAIN").value(), (AuthCommand{"PLAIN", std::nullopt}));
  EXPECT_EQ(parse_auth("PLAIN AGEAYg==").value(), (AuthCommand{"PLAIN", "AGEAYg=="}));
  EXPECT_EQ(parse_auth("EXTERNAL =").value(), (AuthCommand{"EXTERNAL", "="}));
  EXPECT_TRUE(parse_auth("SCRAM-SHA-256-PLUS"));
  EXPECT_TRUE(parse_auth("X_Y"));
}

TEST(ParseAuth, RefusesAllElse) {
  EXPECT_EQ(parse_auth("").error().reason, R::bad_mechanism);
  EXPECT_EQ(parse_auth("PLAIN+").error().offset, 5u);
  EXPECT_EQ(parse_auth("ABCDEFGHIJKLMNOPQRSTU").error().offset, 20u);
  EXPECT_TRUE(parse_auth("ABCDEFGHIJKLMNOPQRST"));
  EXPECT_EQ(parse_auth("PLAIN ").error().reason, R::trailing_space);
  EXPECT_EQ(parse_auth("PLAIN !!!!").error().reason, R::bad_base64);
  EXPECT_EQ(parse_auth("PLAIN QQ== x").error().reason, R::bad_base64);
}

TEST(Base64, FollowsTheGrammarOfRfc4954) {
  for (const char* text : {"QUJD", "QUI=", "QQ==", "QUJDQUJD", "+/+/", "QUJDQQ=="})
    EXPECT_TRUE(is_base64(text)) << text;
  for (const char* text : {"", "=", "==", "===", "====", "A===", "abc", "QQ=Q", "=AAA", "QUJD====", "QQ==QQ==", "Q Q="})
    EXPECT_FALSE(is_base64(text)) << text;
}

TEST(ParseEtrn, TakesANodeASubdomainSignOrAQueue) {
  for (const std::string text : {"localname", "uu.net", "@foo.com", "#uucp", "#a_b!"})
    EXPECT_EQ(parse_etrn(text).value(), text);
  for (const std::string text : {"", "@", "#", "a b", "#a b", "a_b", "uu.net "}) EXPECT_FALSE(parse_etrn(text)) << text;
}

TEST(ParseVrfy, TakesAWordALocalPartOrAMailbox) {
  for (const std::string text : {"Smith", "\"John Smith\"", "john.smith", "smith@example.org", "a@[127.0.0.1]"})
    EXPECT_EQ(parse_vrfy(text).value(), text);
  for (const std::string text : {"", "John Smith", "<a@b>", "a@", "@b", "a@b@c", "a "})
    EXPECT_FALSE(parse_vrfy(text)) << text;
}

TEST(ParseVrfy, TakesSmtputf8AtTheEndWhereUtf8IsAllowed) {
  EXPECT_EQ(parse_vrfy("j\xc3\xbc SMTPUTF8", {.allow_utf8 = true}).value(), "j\xc3\xbc");
  EXPECT_TRUE(parse_vrfy("smith", {.allow_utf8 = true}));
  EXPECT_FALSE(parse_vrfy("smith smtputf9", {.allow_utf8 = true}));
  EXPECT_FALSE(parse_vrfy("smith SMTPUTF8"));
}

TEST(SyntaxReason, HasANameForEachKind) {
  for (int i = 0; i <= static_cast<int>(R::trailing_text); ++i) EXPECT_NE(to_string(static_cast<R>(i)), "?");
}

}  // namespace
}  // namespace smtpspec::wire
