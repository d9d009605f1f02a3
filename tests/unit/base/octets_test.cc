#include "harness/base/octets.h"

#include <gtest/gtest.h>

namespace smtpspec::base {
namespace {

using namespace std::string_literals;

TEST(Escape, KeepsPrintableAsciiAndNamesTheRest) {
  EXPECT_EQ(escape("250 \"OK\"\r\n"), "250 \"OK\"\\r\\n");
  EXPECT_EQ(escape("\t\0\\\x7f\xff\x01"s), "\\t\\0\\\\\\x7f\\xff\\x01");
  EXPECT_EQ(escape_quoted("\"a\""), "\\\"a\\\"");
}

TEST(Escape, OfEveryOctetReadsBackAsItWas) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(unescape(escape(all)).value(), all);
  EXPECT_EQ(unescape(escape_quoted(all)).value(), all);
}

TEST(Escape, OfOneOctetIsNeverMistakenForItsNeighbour) {
  // "\0" followed by a digit, "\x1" followed by a hexadecimal digit.
  EXPECT_EQ(unescape(escape("\0001\x01"s + "f")).value(), "\0001\x01"s + "f");
}

TEST(Unescape, ReadsHexadecimalInBothCases) { EXPECT_EQ(unescape("\\x4a\\x4A").value(), "JJ"); }

TEST(Unescape, NamesThePlaceOfAnUnknownEscape) {
  EXPECT_EQ(unescape("ab\\q").error().offset, 2u);
  EXPECT_EQ(unescape("\\x4").error().offset, 0u);
  EXPECT_EQ(unescape("\\xg0").error().offset, 0u);
  EXPECT_EQ(unescape("a\\").error(), (EscapeError{1, "a backslash ends the text"}));
}

TEST(LetterCase, ChangesAsciiOnly) {
  EXPECT_EQ(to_upper("az09-\xe4"), "AZ09-\xe4");
  EXPECT_EQ(to_lower("AZ09-\xc4"), "az09-\xc4");
  EXPECT_EQ(to_upper('m'), 'M');
  EXPECT_TRUE(equals_ignoring_case("EhLo", "eHlO"));
  EXPECT_FALSE(equals_ignoring_case("EHLO", "EHLO "));
  EXPECT_FALSE(equals_ignoring_case("\xe4", "\xc4"));
  // '@' and '`', '[' and '{' differ by the bit that letters differ by.
  EXPECT_FALSE(equals_ignoring_case("@[", "`{"));
}

TEST(LetterCase, PrefixNeedsAllItsOctets) {
  EXPECT_TRUE(starts_with_ignoring_case("from:<>", "FROM:"));
  EXPECT_FALSE(starts_with_ignoring_case("FRO", "FROM:"));
  EXPECT_TRUE(starts_with_ignoring_case("", ""));
}

TEST(Classes, AreAsciiOnly) {
  EXPECT_TRUE(is_digit('0') && is_digit('9') && !is_digit('a') && !is_digit('\xb2'));
  EXPECT_TRUE(is_alpha('a') && is_alpha('Z') && !is_alpha('_') && !is_alpha('\xe4'));
  EXPECT_TRUE(is_alnum('7') && is_alnum('q') && !is_alnum('-') && !is_alnum('\0'));
}

TEST(Trimmed, TakesSpacesAndTabsFromBothEndsOnly) {
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed("\ra\n"), "\ra\n");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace smtpspec::base
