#include "reports/printable.h"

#include <gtest/gtest.h>

#include <string>

#include "reports/xml_text.h"

namespace smtpspec::reports {
namespace {

TEST(Printable, LetsTextThroughAndShowsWhatHides) {
  EXPECT_EQ(printable("250 ok \\x1b \xc2\xa7 \xe2\x82\xac \xf0\x9f\x93\xa7"),
            "250 ok \\x1b \xc2\xa7 \xe2\x82\xac \xf0\x9f\x93\xa7");
  EXPECT_EQ(printable("a\x1b[2J\r\n\t\x7f"), "a\\x1b[2J\\r\\n\\t\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\0");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");           // C1: CSI
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // right-to-left override
  EXPECT_EQ(printable("\xef\xbf\xbe"), "\\xef\\xbf\\xbe");  // U+FFFE
}

TEST(Printable, ShowsOctetsThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // overlong
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                    // cut short
}

TEST(Printable, KeepsLinesWhereAsked) { EXPECT_EQ(printable_lines("a\r\nb\nc\rd"), "a\nb\nc\\rd"); }

TEST(XmlText, HoldsNothingThatXmlForbids) {
  for (int i = 0; i < 256; ++i) {
    const std::string text = xml_text(std::string(1, static_cast<char>(i)));
    const bool stays = i == '\n' || (i >= 0x20 && i < 0x7f);
    EXPECT_EQ(text, stays ? std::string(1, static_cast<char>(i)) : text);
    EXPECT_EQ(text.size() == 1, stays) << i;
  }
  EXPECT_EQ(xml_attribute("a\nb"), "a\\nb");
}

TEST(Wrapped, BreaksAtSpacesOnly) {
  EXPECT_EQ(wrapped("one two three", 2, 9), "one two\n  three\n");
  EXPECT_EQ(wrapped("incomprehensibilities a", 2, 9), "incomprehensibilities\n  a\n");
  EXPECT_EQ(wrapped("", 2, 9), "\n");
}

TEST(ShellQuoted, GivesOneWordThatAShellReadsBack) {
  EXPECT_EQ(shell_quoted("smtp.mail.path"), "smtp.mail.path");
  EXPECT_EQ(shell_quoted("a[b=<c>]"), "'a[b=<c>]'");
  EXPECT_EQ(shell_quoted("it's $(reboot)"), "'it'\\''s $(reboot)'");
  EXPECT_EQ(shell_quoted("a\nb'\\"), "$'a\\x0ab\\'\\\\'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(TomlQuoted, EscapesWhatABasicStringMayNotHold) {
  EXPECT_EQ(toml_quoted("a[b=\"c\\\"]"), "\"a[b=\\\"c\\\\\\\"]\"");
  EXPECT_EQ(toml_quoted("\x1b\n"), "\"\\U0000001b\\U0000000a\"");
  EXPECT_EQ(toml_quoted("\xc3\xa9\xff"), "\"\xc3\xa9\\\\xff\"");
}

}  // namespace
}  // namespace smtpspec::reports
