// Atom, Dot-string, Quoted-string, String and the octets of UTF-8 (RFC 5321 §4.1.2, RFC 6531 §3.3).
#include <gtest/gtest.h>

#include "harness/wire/path.h"

namespace smtpspec::wire {
namespace {

using namespace std::string_literals;
using R = SyntaxReason;

TEST(LocalPart, MayBeADotString) {
  for (const std::string text : {"a", "a.b", "Smith", "first.last+tag", "!#$%&'*+-/=?^_`{|}~", "1", "a.b.c.d"})
    EXPECT_EQ(parse_local_part(text).value(), text);
}

TEST(LocalPart, MayBeAQuotedStringAndIsUnquoted) {
  EXPECT_EQ(parse_local_part("\"Joe,Smith\"").value(), "Joe,Smith");
  EXPECT_EQ(parse_local_part("\"Joe\\,Smith\"").value(), "Joe,Smith");
  EXPECT_EQ(parse_local_part("\"a b@c\"").value(), "a b@c");
  EXPECT_EQ(parse_local_part("\"\\\\\\\"\\ \"").value(), "\\\" ");
  EXPECT_EQ(parse_local_part("\".a..\"").value(), ".a..");
}

TEST(LocalPart, QuotedAndPlainFormsAreOneMailbox) {
  EXPECT_EQ(parse_local_part("\"\\a\\b\"").value(), parse_local_part("ab").value());
}

TEST(LocalPart, TakesEveryPrintableOctetInQuotesExceptQuoteAndBackslash) {
  for (int value = 0; value < 256; ++value) {
    const std::string text = "\"" + std::string(1, static_cast<char>(value)) + "\"";
    const bool is_qtext = value >= 32 && value <= 126 && value != '"' && value != '\\';
    EXPECT_EQ(parse_local_part(text).has_value(), is_qtext) << value;
    const std::string pair = "\"\\" + std::string(1, static_cast<char>(value)) + "\"";
    EXPECT_EQ(parse_local_part(pair).has_value(), value >= 32 && value <= 126) << value;
  }
}

TEST(LocalPart, TakesExactlyAtextOutsideQuotes) {
  for (int value = 0; value < 256; ++value) {
    const char octet = static_cast<char>(value);
    const bool is_alnum =
        (value >= '0' && value <= '9') || (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z');
    const bool is_atext = is_alnum || (value != 0 && "!#$%&'*+-/=?^_`{|}~"s.find(octet) != std::string::npos);
    EXPECT_EQ(parse_local_part("a"s + octet + "b").has_value(), is_atext || octet == '.') << value;
  }
}

struct Bad {
  std::string text;
  std::size_t offset;
  SyntaxReason reason;
};
void PrintTo(const Bad& bad, std::ostream* out) { *out << testing::PrintToString(bad.text); }
class InvalidLocalPart : public testing::TestWithParam<Bad> {};
TEST_P(InvalidLocalPart, IsRefusedWithThePlace) {
  const auto parsed = parse_local_part(GetParam().text);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().offset, GetParam().offset);
  EXPECT_EQ(parsed.error().reason, GetParam().reason) << to_string(parsed.error().reason);
}
INSTANTIATE_TEST_SUITE_P(All, InvalidLocalPart,
                         testing::Values(Bad{"", 0, R::bad_local_part}, Bad{".a", 0, R::bad_local_part},
                                         Bad{"a.", 2, R::bad_local_part}, Bad{"a..b", 2, R::bad_local_part},
                                         Bad{"a b", 1, R::bad_local_part}, Bad{"a(b)", 1, R::bad_local_part},
                                         Bad{"a\"b\"", 1, R::bad_local_part}, Bad{"\"a\"b", 3, R::bad_local_part},
                                         Bad{"\"a\".b", 3, R::bad_local_part}, Bad{"\"a", 2, R::bad_quoted_string},
                                         Bad{"\"a\\\"", 4, R::bad_quoted_string}, Bad{"\"a\\", 3, R::bad_quoted_string},
                                         Bad{"\"a\tb\"", 2, R::control_octet}, Bad{"a\x7f", 1, R::control_octet},
                                         Bad{"\xc3\xa4", 0, R::not_ascii}, Bad{"\"\xc3\xa4\"", 1, R::not_ascii}));

TEST(LocalPart, EmptyQuotesFollowTheChosenReading) {
  EXPECT_EQ(parse_local_part("\"\"").value(), "");
  EXPECT_EQ(parse_local_part("\"\"", {.allow_empty_quoted_string = false}).error().reason, R::bad_quoted_string);
}

TEST(LocalPart, MayBeUtf8WhereAllowed) {
  const GrammarOptions utf8{.allow_utf8 = true};
  EXPECT_TRUE(parse_local_part("j\xc3\xbcrgen", utf8));
  EXPECT_TRUE(parse_local_part("\"j\xc3\xbcrgen x\"", utf8));
  EXPECT_FALSE(parse_local_part("j\xfcrgen", utf8));
  // A quoted-pair stays ASCII (RFC 6531 §3.3 extends qtextSMTP only).
  EXPECT_FALSE(parse_local_part("\"\\\xc3\xbc\"", utf8));
}

TEST(LocalPart, IsHeldTo64OctetsOnlyWhereAsked) {
  const GrammarOptions limits{.enforce_limits = true};
  EXPECT_TRUE(parse_local_part(std::string(64, 'a'), limits));
  EXPECT_EQ(parse_local_part(std::string(65, 'a'), limits).error().offset, 64u);
  EXPECT_TRUE(parse_local_part(std::string(65, 'a')));
}

TEST(String, IsAnAtomOrAQuotedString) {
  EXPECT_EQ(parse_string("Smith").value(), "Smith");
  EXPECT_EQ(parse_string("\"John Smith\"").value(), "John Smith");
  EXPECT_EQ(parse_string("a.b").error(), (SyntaxError{1, "'.' may not stand in an atom or behind it", R::bad_string}));
  EXPECT_EQ(parse_string("").error().offset, 0u);
  EXPECT_FALSE(parse_string("a b"));
  EXPECT_FALSE(parse_string("\"a\"b"));
}

TEST(Utf8, TakesTheShortestFormsOfRealCharactersOnly) {
  for (const std::string text : {"", "abc", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                 "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << testing::PrintToString(text);
  for (const std::string text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "a\xe2\x82\xac\x80"})
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
}

}  // namespace
}  // namespace smtpspec::wire
