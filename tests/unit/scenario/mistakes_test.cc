// A file with several mistakes: all of them at once, in the order of the lines, each once, and no consequence of one
// told as another.
#include "harness/scenario/lint.h"

#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

constexpr Requirement kEntries[] = {
    {"RFC5321-1-01", "RFC 5321", "1", "", verdict::Level::must, "server", "s", "wire", "h", "", ""},
    {"RFC5321-1-02", "RFC 5321", "1", "", verdict::Level::must, "server", "s", "wire", "h", "", ""},
};

// Each diagnostic of loader and linter in one line, without the source: "4:3 expected a step; did you mean 'x'?"
std::string all(Loaded loaded) {
  lint_all(loaded, Catalogue(kEntries));
  std::string out;
  for (const auto& d : loaded.diagnostics) {
    out += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " +
           d.message.substr(0, d.message.find_first_of(":,;")) +
           (d.suggestion.starts_with("did you mean") ? "; " + d.suggestion : "") + "\n";
  }
  return out;
}
std::string all(std::string_view text, std::string_view common = "") { return all(load(text, common)); }

TEST(Mistakes, OfSyntaxNamesAndBindingsAreToldTogether) {
  EXPECT_EQ(all("scenario a.b \"t\"\n"
                "  checks RFC5321-1-01 NOSUCH-1-99\n"
                "  role mxx\n"
                "  needs SIZE, mailbx\n"
                "  C: MAIL FROM:<{sendr}>\n"
                "  S: 25O                       [RFC5321-1-03]\n"
                "  pipline\n"
                "    C: VRFY {unknwon}\n"
                "  S: 250  [RFC5321-1-02]\n"),
            "2:23 the catalogue has no requirement NOSUCH-1-99\n"
            "3:8 expected mx; did you mean 'mx'?\n"
            "4:15 expected an EHLO keyword in upper case; did you mean 'mailbox'?\n"
            "5:17 nothing gives the variable 'sendr' a value; did you mean 'sender'?\n"
            "6:6 expected a reply code such as 250; did you mean '250'?\n"
            "6:32 the catalogue has no requirement RFC5321-1-03; did you mean 'RFC5321-1-01'?\n"
            "7:3 expected a step; did you mean 'pipeline'?\n"
            "8:13 nothing gives the variable 'unknwon' a value; did you mean 'unknown'?\n"
            "9:11 RFC5321-1-02 is bound here\n");
}

TEST(Mistakes, HaveNoConsequences) {
  // What a mistaken line would have given, bound, needed or allowed is not said to be missing.
  EXPECT_EQ(all("scenario a \"t\"\n  checks RFC5321-1-01\n  C: HELP\n  S: 214 [RFC5321-1-01\n"),
            "4:10 this '[' is never closed\n");
  EXPECT_EQ(all("scenario a \"t\"\n  checks RFC5321-1\n  C: NOOP\n  S: 250 [RFC5321-1-01]\n").substr(0, 5), "2:10 ");
  EXPECT_EQ(
      all("scenario a \"t\"\n  checks RFC5321-1-01\n  each path \"<a>\"\n  C: NOOP {path}\n  S: 250 [RFC5321-1-01]\n"),
      "3:8 expected the name of a variable and a colon\n");
  EXPECT_EQ(all("scenario a \"t\"\n  checks RFC5321-1-01\n  C: HELP\n  S: 214 [RFC5321-1-01]\n"
                "  capture topic from reply /(/\n  C: HELP {topic}\n  S: any\n"),
            "5:28 this regex is not valid\n");
  const std::string begin = "scenario a \"t\"\n  checks RFC5321-1-01\n  C: HELP\n  S: 214 [RFC5321-1-01]\n  capture x ";
  EXPECT_EQ(all(begin + "of reply /(.)/\n"), "5:13 expected 'from reply' or 'from' and a message's name\n");
  EXPECT_EQ(all(begin + "from /(.)/\n"), "5:18 expected 'from reply' or 'from' and a message's name\n");
  EXPECT_EQ(all(begin + "from m heder \"Received\" /(.)/\n"), "5:20 expected 'header'; did you mean 'header'?\n");
  EXPECT_EQ(all(begin + "from m header Received /(.)/\n"), "5:27 expected a text between double quotes\n");
  EXPECT_EQ(all(begin + "from m header \"Received\" \"by\"\n"), "5:38 expected a regex between slashes\n");
  EXPECT_EQ(all("scenario a \"t\"\n  checks RFC5321-1-01\n  impact delivr\n  C: DATA\n  S: 354\n  C.\n    x\n"
                "  S: 250 [RFC5321-1-01]\n"),
            "3:10 expected probe; did you mean 'deliver'?\n");
  EXPECT_EQ(
      all("scenario a \"t\"\n  checks RFC5321-1-01\n  tags slow,!\n  C: NOOP\n  S: 250 [RFC5321-1-01]\n  wait 1s\n"),
      "3:13 expected tags\n");
  EXPECT_EQ(all("scenario a \"t\"\n  checks RFC5321-1-01\n  C: NOOP\n  s: 250\n  C: NOOP\n  S: 250 [RFC5321-1-01]\n"),
            "4:3 expected a step\n");
}

TEST(Mistakes, InABlockAreNotToldAgainWhereItIsUsed) {
  EXPECT_EQ(
      all("block b\n  C: DATA\n  S: 354 unles 4xx\nscenario a \"t\"\n  checks RFC5321-1-01\n  use b\n  C: <a@@b>\n"
          "  C: .\n  S: 250 [RFC5321-1-01]\n"),
      "3:10 'unles' is no word of an expectation; did you mean 'unless'?\n");
  EXPECT_EQ(all("blocc b\n  C: NOOP  malformd\nscenario a \"t\"\n  use b\n  C: NOOP\n  S: 250\n"),
            "1:1 expected 'scenario NAME \"what a conforming server does\"' or 'block NAME'; did you mean 'block'?\n"
            "2:12 expected 'malformed'; did you mean 'malformed'?\n");
  EXPECT_EQ(all("block b(\n  C: DATA\n  S: 35a\nscenario a \"t\"\n  use b\n  C: NOOP\n  S: 250\n"),
            "1:8 this '(' is never closed\n3:6 expected a reply code such as 250\n");
  EXPECT_EQ(all("block b\n  C: NOOP\n  S: 250\nblock b\n  C: NOOP  malformd\nscenario a \"t\"\n  use b\n"),
            "4:7 this file has a block of that name already\n5:12 expected 'malformed'; did you mean 'malformed'?\n");
}

TEST(Mistakes, OfAMisspeltFieldEndNoHead) {
  EXPECT_EQ(
      all("scenario a \"t\"\n  rol mx\n  cheks RFC5321-1-01\n  impact deliver\n  C: NOOP\n  S: 250 [RFC5321-1-01]\n"),
      "2:3 expected a field of the scenario; did you mean 'role'?\n"
      "3:3 expected a field of the scenario; did you mean 'checks'?\n");
  EXPECT_EQ(all("scenario a \"t\"\n  author me\n  checks RFC5321-1-01\n  C: NOOP\n  S: 250 [RFC5321-1-01]\n"),
            "2:3 expected a field of the scenario\n");
}

TEST(Mistakes, OfAMisspeltHeadingLeaveAScenario) {
  EXPECT_EQ(all("scenaro a \"t\"\n  checks RFC5321-1-01\n  C: NOOP {nmae}\n  S: 250 [RFC5321-1-01]\n"),
            "1:1 expected 'scenario NAME \"what a conforming server does\"' or 'block NAME'; did you mean 'scenario'?\n"
            "3:11 nothing gives the variable 'nmae' a value\n");
  EXPECT_EQ(all("scenario a! t\n  C: NOOP\n  S: 250\n"),
            "1:10 expected a name of letters\n1:13 expected one sentence that states what a conforming server does\n");
}

TEST(Mistakes, BehindALineThatTakesNoBlockAreToldToo) {
  EXPECT_EQ(all("scenario a \"t\"\n  C: NOOP\n    S: 25O\n"),
            "3:5 the line above takes no block\n3:8 expected a reply code such as 250; did you mean '250'?\n");
}

TEST(Mistakes, AreToldFileByFile) {
  MemoryFiles files;
  files.files = {{"a.smtp", "scenario x \"t\"\n  C: NOOP {a}\n  S: 250\nscenario y \"t\"\n  S: 25O\n"},
                 {"b.smtp", "scenario x \"t\"\n  C: NOOP {b}\n  S: 250\n"}};
  auto loaded = load_files({"a.smtp", "b.smtp"}, files);
  lint_all(loaded, Catalogue(kEntries));
  std::string places;
  for (const auto& d : loaded.diagnostics) places += d.file + ":" + std::to_string(d.position.line) + " ";
  EXPECT_EQ(places, "a.smtp:2 a.smtp:5 b.smtp:1 b.smtp:2 ");
}

TEST(Mistakes, InACommonBlockAreToldOnce) {
  Loaded loaded;
  for (const char* file : {"a.smtp", "b.smtp"})
    append(loaded, load_text("scenario x \"t\"\n  use b\n", file, "block b\n  S: 25O\n", MemoryFiles{}));
  EXPECT_EQ(all(loaded), "2:6 expected a reply code such as 250; did you mean '250'?\n");
}

TEST(Codes, ThatNobodyCanReadAreGuessedAt) {
  const auto guess = [](const std::string& pattern) {
    const auto loaded = load("scenario a \"t\"\n  S: " + pattern + "\n");
    return loaded.diagnostics.empty() ? "none" : loaded.diagnostics[0].suggestion;
  };
  EXPECT_EQ(guess("2XX"), "none");  // as good as 2xx
  EXPECT_EQ(guess("25O"), "did you mean '250'?");
  EXPECT_EQ(guess("S50"), "did you mean '550'?");
  EXPECT_EQ(guess("2l1"), "did you mean '211'?");
  EXPECT_EQ(guess("2yz"), "did you mean '2xx'?");
  EXPECT_EQ(guess("25*"), "did you mean '25x'?");
  EXPECT_EQ(guess("25"), "did you mean '25x'?");
  EXPECT_EQ(guess("2"), "did you mean '2xx'?");
  EXPECT_EQ(guess("250,"), "did you mean '250'?");
  EXPECT_EQ(guess("2500"), "did you mean '250'?");
  EXPECT_EQ(guess("250/251"), "did you mean '250|251'?");
  EXPECT_EQ(guess("250||251"), "did you mean '250|251'?");
  EXPECT_EQ(guess("5xx|closd"), "did you mean '5xx|closed'?");
  EXPECT_EQ(guess("!250"), "did you mean 'not 250'?");
  EXPECT_EQ(guess("hello"), "");
  EXPECT_EQ(guess("2.1.0"), "an enhanced status code stands behind a reply code, as in: 2xx 2.1.0");
  EXPECT_EQ(guess("250 |251"), "as in 250|251");
  EXPECT_EQ(guess("250 unless 4xx 55O"), "did you mean '550'?");
  EXPECT_EQ(guess("5xx [RFC5321-1-01]  55O [RFC5321-1-02]"), "did you mean '550'?");
  EXPECT_EQ(
      complaints("scenario a \"t\"\n  check a/b in 252/252 25O/55x\n").find("did you mean '250'?") == std::string::npos,
      false);
}

TEST(Octets, ThatAreNoTextAreTold) {
  EXPECT_EQ(complaints("scenario a \"t\"\n  # caf\xe9\n  C: NOOP \x1b[2J\n  S: 250\r\r\n"),
            "x/test.smtp:2:8: error: a scenario file is UTF-8, and this octet is none: \\xe9\n"
            "    # caf\\xe9\n"
            "         ^~~~\n"
            "  an exact octet is written as an escape, as in C| \"NOOP \\xe9\\r\\n\"\n"
            "x/test.smtp:3:11: error: a control octet may not stand in a scenario file: \\x1b\n"
            "    C: NOOP \\x1b[2J\n"
            "            ^~~~\n"
            "  an exact octet is written as an escape, as in C| \"NOOP \\xe9\\r\\n\"\n"
            "x/test.smtp:4:9: error: a CR stands here without LF: \\x0d\n"
            "    S: 250\\x0d\n"
            "          ^~~~\n"
            "  an exact octet is written as an escape, as in C| \"NOOP \\xe9\\r\\n\"\n");
  EXPECT_EQ(complaints("scenario a \"gr\xc3\xbc\xc3\x9f\"\r\n\tC: NOOP\r\n\tS: 250\r\n"), "");
}

TEST(Octets, ThatAreNoTextHaveNoConsequences) {
  EXPECT_EQ(all("scenario a \"t\"\n  ch\xe9"
                "cks RFC5321-1-01\n  C: NOOP\n  S: 250\n"),
            "2:5 a scenario file is UTF-8\n");
}

TEST(Octets, OfATranscriptAreWarnedOf) {
  const auto loaded = load("S: 220 caf\xe9\nC: NOOP\nS: 250\n");
  EXPECT_FALSE(loaded.has_errors());
  ASSERT_EQ(loaded.diagnostics.size(), 1U);
  EXPECT_EQ(loaded.diagnostics[0].severity, base::Severity::warning);
  EXPECT_EQ(loaded.scenarios.size(), 1U);
}

TEST(Octets, OfNoTextFileAtAllAreToldOnce) {
  EXPECT_EQ(all(std::string_view("\x7f"
                                 "ELF\x02\x01\0\0\0\0\n\0\0\n",
                                 14)),
            "1:7 this is no text file\n");
  EXPECT_EQ(complaints("\xff\xfe"
                       "s\0c\0"),
            "x/test.smtp: error: this file is UTF-16; a scenario file is UTF-8\n");
}

}  // namespace
}  // namespace smtpspec::scenario
