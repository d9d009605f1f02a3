// Mailbox, Path, source routes and keywords (RFC 5321 §4.1.2).
#include "harness/wire/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpspec::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using R = SyntaxReason;

TEST(Mailbox, KeepsTheLocalPartAsWrittenAndUnquoted) {
  const auto mailbox = parse_mailbox("\"Joe\\,Smith\"@Example.org").value();
  EXPECT_EQ(mailbox, (Mailbox{"\"Joe\\,Smith\"", "Joe,Smith", "Example.org", false}));
  EXPECT_EQ(to_string(mailbox), "\"Joe\\,Smith\"@Example.org");
}

TEST(Mailbox, MayBeAtAnAddressLiteral) {
  EXPECT_EQ(parse_mailbox("a@[IPv6:::1]").value(), (Mailbox{"a", "a", "[IPv6:::1]", true}));
}

TEST(Path, IsAMailboxInBrackets) {
  const auto path = parse_path("<a.b@example.org>").value();
  EXPECT_THAT(path.source_route, IsEmpty());
  EXPECT_EQ(path.mailbox, (Mailbox{"a.b", "a.b", "example.org", false}));
}

TEST(Path, MayBeginWithASourceRoute) {
  const auto path = parse_path("<@hosta.int,@jkl.org:userc@d.bar.org>").value();
  EXPECT_THAT(path.source_route, ElementsAre("hosta.int", "jkl.org"));
  EXPECT_EQ(path.mailbox.domain, "d.bar.org");
  EXPECT_EQ(to_string(path), "<@hosta.int,@jkl.org:userc@d.bar.org>");
  EXPECT_TRUE(parse_path("<@a:c@d>"));
}

struct Bad {
  std::string text;
  std::size_t offset;
  SyntaxReason reason;
};
void PrintTo(const Bad& bad, std::ostream* out) { *out << testing::PrintToString(bad.text); }
class InvalidPath : public testing::TestWithParam<Bad> {};
TEST_P(InvalidPath, IsRefusedWithThePlace) {
  const auto parsed = parse_path(GetParam().text);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().offset, GetParam().offset) << parsed.error().message;
  EXPECT_EQ(parsed.error().reason, GetParam().reason) << to_string(parsed.error().reason);
}
INSTANTIATE_TEST_SUITE_P(
    All, InvalidPath,
    testing::Values(Bad{"", 0, R::missing_open_bracket}, Bad{"a@b", 0, R::missing_open_bracket},
                    Bad{"a@b>", 0, R::missing_open_bracket}, Bad{"<", 1, R::bad_local_part}, Bad{"<>", 0, R::null_path},
                    Bad{"<a@b", 4, R::missing_close_bracket}, Bad{"<a@b x", 4, R::missing_close_bracket},
                    Bad{"<a@[1.2.3.4]", 12, R::missing_close_bracket},
                    Bad{"<a@[1.2.3.4]x>", 12, R::missing_close_bracket}, Bad{"<a@b>x", 5, R::trailing_text},
                    Bad{"<a>", 2, R::missing_domain}, Bad{"<Postmaster>", 11, R::missing_domain},
                    Bad{"<a@>", 3, R::bad_domain}, Bad{"<a@@b>", 3, R::bad_domain}, Bad{"<a@b@c>", 4, R::bad_domain},
                    Bad{"<a@b_c>", 4, R::bad_domain}, Bad{"<a@b.>", 5, R::bad_domain},
                    Bad{"<@b>", 3, R::bad_source_route}, Bad{"<@>", 2, R::bad_domain},
                    Bad{"<@a,b:c@d>", 4, R::bad_source_route}, Bad{"<@a,:c@d>", 4, R::bad_source_route},
                    Bad{"<@a, @b:c@d>", 4, R::bad_source_route}, Bad{"<@[1.2.3.4]:c@d>", 2, R::bad_domain},
                    Bad{"<@a:>", 4, R::bad_local_part}, Bad{"<a b@c>", 2, R::bad_local_part},
                    Bad{"< a@b>", 1, R::bad_local_part}, Bad{"<a@b >", 4, R::missing_close_bracket},
                    Bad{"<\"a@b>", 6, R::bad_quoted_string}, Bad{"<a\r@b>", 2, R::control_octet},
                    Bad{"<\xc3\xa4@b>", 1, R::not_ascii}, Bad{"<<a@b>>", 1, R::bad_local_part}));

TEST(Path, IsHeldTo256OctetsOnlyWhereAsked) {
  const std::string label(63, 'd');
  const std::string domain = label + "." + label + "." + label;  // 191 octets
  const std::string local(62, 'l');
  const std::string path256 = "<" + local + "@" + domain + ">";
  ASSERT_EQ(path256.size(), 256u);
  const GrammarOptions limits{.enforce_limits = true};
  EXPECT_TRUE(parse_path(path256, limits));
  EXPECT_EQ(parse_path("<l" + path256.substr(1), limits).error().reason, R::too_long);
  EXPECT_TRUE(parse_path("<l" + path256.substr(1)));
}

TEST(Path, TakesWhatIsRightAgainAfterTurningItIntoText) {
  for (const std::string text : {"<a@b>", "<@r:a@b>", "<\"\"@b>", "<a@[x:y]>", "<\"a b\"@b.c>"})
    EXPECT_EQ(to_string(parse_path(text).value()), text);
}

TEST(Keyword, BeginsWithALetterOrDigit) {
  EXPECT_TRUE(is_keyword("8BITMIME") && is_keyword("X-FOO") && is_keyword("a") && is_keyword("FOO-"));
  EXPECT_FALSE(is_keyword("") || is_keyword("-A") || is_keyword("A_B") || is_keyword("A=") || is_keyword("A B"));
}

}  // namespace
}  // namespace smtpspec::wire
