#include "harness/base/diagnostic.h"

#include <gtest/gtest.h>

namespace smtpspec::base {
namespace {

Diagnostic at(int line, int column, int length, std::string source_line) {
  return {Severity::error, "a.smtp", {line, column, length}, std::move(source_line), "expected a step", ""};
}

TEST(Diagnostic, ShowsFileLineColumnAndACaretUnderTheWord) {
  EXPECT_EQ(render(at(3, 5, 4, "  S: 2500 ok")),
            "a.smtp:3:5: error: expected a step\n"
            "    S: 2500 ok\n"
            "      ^~~~\n");
}

TEST(Diagnostic, EndsInItsSuggestion) {
  Diagnostic diagnostic = at(1, 1, 3, "pipline");
  diagnostic.severity = Severity::warning;
  diagnostic.suggestion = "did you mean 'pipeline'?";
  EXPECT_EQ(render(diagnostic),
            "a.smtp:1:1: warning: expected a step\n"
            "  pipline\n"
            "  ^~~\n"
            "  did you mean 'pipeline'?\n");
}

TEST(Diagnostic, OfAWholeFileShowsNoLine) { EXPECT_EQ(render(at(0, 0, 1, "")), "a.smtp: error: expected a step\n"); }

TEST(Diagnostic, CountsAUtf8CharacterAsOneColumn) {
  EXPECT_EQ(render(at(1, 5, 1, "\xc3\xbc: x")),
            "a.smtp:1:5: error: expected a step\n"
            "  \xc3\xbc: x\n"
            "     ^\n");
}

TEST(Diagnostic, EscapesControlOctetsAndKeepsTheCaretInPlace) {
  EXPECT_EQ(render(at(1, 3, 1, "\x1b\tx")),
            "a.smtp:1:3: error: expected a step\n"
            "  \\x1b x\n"
            "       ^\n");
}

TEST(Diagnostic, ShowsNoOctetThatIsNotVisibleUtf8) {
  // Latin-1, a C1 control, a mark that turns the text around.
  EXPECT_EQ(render(at(1, 10, 2, "\xe4 \xc2\x9b \xe2\x80\xae xy")),
            "a.smtp:1:10: error: expected a step\n"
            "  \\xe4 \\xc2\\x9b \\xe2\\x80\\xae xy\n"
            "                             ^~\n");
}

TEST(Diagnostic, ShowsNoSuchOctetInItsOwnWordsEither) {
  Diagnostic diagnostic = at(0, 0, 1, "");
  diagnostic.file = "\x1b[2J";
  diagnostic.message = "no word '\xff\n'";
  diagnostic.suggestion = "\x07";
  EXPECT_EQ(render(diagnostic), "\\x1b[2J: error: no word '\\xff\\x0a'\n  \\x07\n");
}

TEST(Diagnostic, HoldsNoCommandToACiService) {
  EXPECT_EQ(render(at(1, 3, 2, "  ::error::x ##[group]")),
            "a.smtp:1:3: error: expected a step\n"
            "    \\x3a:error::x \\x23#[group]\n"
            "    ^~~~~\n");
}

TEST(Diagnostic, KeepsTheCaretInPlaceBehindWideCharactersAndMarks) {
  EXPECT_EQ(render(at(1, 7, 3, "\xe6\xbc\xa2\xe5\xad\x97")),
            "a.smtp:1:7: error: expected a step\n"
            "  \xe6\xbc\xa2\xe5\xad\x97\n"
            "      ^\n");
  EXPECT_EQ(render(at(1, 4, 2, "e\xcc\x81xy")),
            "a.smtp:1:4: error: expected a step\n"
            "  e\xcc\x81xy\n"
            "   ^~\n");
  EXPECT_EQ(render(at(1, 1, 3, "\xe6\xbc\xa2!")),
            "a.smtp:1:1: error: expected a step\n"
            "  \xe6\xbc\xa2!\n"
            "  ^~\n");
}

TEST(Diagnostic, CutsALongLineAroundTheCaret) {
  const std::string text = render(at(1, 5001, 4, std::string(5000, 'a') + "oops" + std::string(5000, 'b')));
  EXPECT_EQ(text, "a.smtp:1:5001: error: expected a step\n  \u2026" + std::string(33, 'a') + "oops" +
                      std::string(62, 'b') + "\u2026\n  " + std::string(34, ' ') + "^~~~\n");
  EXPECT_EQ(
      render(at(1, 1, 9000, std::string(9000, 'a'))),
      "a.smtp:1:1: error: expected a step\n  " + std::string(100, 'a') + "\u2026\n  ^" + std::string(99, '~') + "\n");
  EXPECT_EQ(
      render(at(1, 501, 1, std::string(500, 'a'))),
      "a.smtp:1:501: error: expected a step\n  \u2026" + std::string(33, 'a') + "\n  " + std::string(34, ' ') + "^\n");
}

TEST(Diagnostic, CaretOfAColumnPastTheLineStandsAtItsEnd) {
  EXPECT_EQ(render(at(1, 99, 1, "C:")), "a.smtp:1:99: error: expected a step\n  C:\n    ^\n");
}

TEST(NearestSpelling, FindsATransposedAMissingAndAReplacedLetter) {
  const std::vector<std::string> words = {"pipeline", "repeat", "starttls"};
  EXPECT_EQ(nearest_spelling("pipelnie", words), "pipeline");
  EXPECT_EQ(nearest_spelling("repat", words), "repeat");
  EXPECT_EQ(nearest_spelling("STARTLTS", words), "starttls");
}

TEST(NearestSpelling, SuggestsNothingForAWordThatIsFarFromAll) {
  EXPECT_EQ(nearest_spelling("mailbox", {"pipeline", "repeat"}), "");
  EXPECT_EQ(nearest_spelling("x", {}), "");
}

TEST(NearestSpelling, PrefersTheNearerOfTwo) {
  EXPECT_EQ(nearest_spelling("fence", {"hence", "fences", "fence"}), "fence");
  EXPECT_EQ(nearest_spelling("4.1.9-9", {"4.1.1-9", "4.1.9-1"}), "4.1.9-1");
}

}  // namespace
}  // namespace smtpspec::base
