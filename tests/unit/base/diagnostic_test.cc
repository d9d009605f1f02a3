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
}

}  // namespace
}  // namespace smtpspec::base
