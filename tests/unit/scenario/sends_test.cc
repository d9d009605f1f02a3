#include "tests/unit/scenario/loading.h"

namespace smtpspec::scenario {
namespace {

TEST(Sends, ALineIsItsTextWithoutTheBlankBehindTheColon) {
  const auto send = only<Send>("  C: MAIL FROM:<a@b>\n");
  EXPECT_EQ(send.payload, (Template{octets("MAIL FROM:<a@b>")}));
  EXPECT_TRUE(send.adds_crlf);
  EXPECT_FALSE(send.is_malformed);
  EXPECT_EQ(only<Send>("  C:\n").payload, Template{});
  EXPECT_EQ(only<Send>("  C:NOOP\n").payload, (Template{octets("NOOP")}));
}

TEST(Sends, VariablesAreReplacedAndADoubledBraceIsABrace) {
  EXPECT_EQ(only<Send>("  C: RCPT TO:<{recipients[12]}> {{x}\n").payload,
            (Template{octets("RCPT TO:<"), variable("recipients[12]"), octets("> {x}")}));
}

TEST(Sends, TrailingWordsStandBehindTwoBlanksOrATab) {
  const auto send = only<Send>("  C: NOOP a  malformed split 3 gap 20ms\n");
  EXPECT_EQ(send.payload, (Template{octets("NOOP a")}));
  EXPECT_TRUE(send.is_malformed);
  EXPECT_EQ(send.pacing, (Pacing{3, milliseconds(20)}));
  EXPECT_TRUE(only<Send>("  C: NOOP\tmalformed\n").is_malformed);
  EXPECT_EQ(only<Send>("  C: NOOP   # why\n").payload, (Template{octets("NOOP")}));
  EXPECT_EQ(only<Send>("  C: NOOP   malformed   # why\n").payload, (Template{octets("NOOP")}));
}

TEST(Sends, TheSameWordsWithinTheTextAreText) {
  EXPECT_EQ(only<Send>("  C: NOOP malformed\n").payload, (Template{octets("NOOP malformed")}));
  EXPECT_EQ(only<Send>("  C: NOOP split 3 gap 20ms\n").payload, (Template{octets("NOOP split 3 gap 20ms")}));
  EXPECT_EQ(only<Send>("  C: NOOP  malformed text\n").payload, (Template{octets("NOOP  malformed text")}));
  EXPECT_EQ(only<Send>("  C: NOOP  #a\n").payload, (Template{octets("NOOP")}));
  EXPECT_EQ(only<Send>("  C: NOOP #a\n").payload, (Template{octets("NOOP #a")}));
}

TEST(Sends, OctetsTakeEscapesRepetitionsAndNestedPieces) {
  const auto send = only<Send>(R"(  C| "A\r\n\t\0\xfF\\\"" "x"*998 b64("\0" "u" b64("{user}"))  split 1)"
                               "\n");
  ASSERT_EQ(send.payload.size(), 3U);
  EXPECT_EQ(send.payload[0], octets(std::string("A\r\n\t\0\xff\\\"", 8)));
  EXPECT_EQ(send.payload[1], octets("x", 998));
  EXPECT_EQ(send.payload[2].kind, Piece::Kind::base64);
  EXPECT_EQ(send.payload[2].inner[0], octets(std::string("\0u", 2)));
  EXPECT_EQ(send.payload[2].inner[1].inner, (Template{variable("user")}));
  EXPECT_FALSE(send.adds_crlf);
  EXPECT_EQ(send.pacing.split_octets, 1U);
}

TEST(Sends, ARepeatedTextWithVariablesIsUnrolled) {
  EXPECT_EQ(only<Send>("  C| \"{token}-\"*2\n").payload,
            (Template{variable("token"), octets("-"), variable("token"), octets("-")}));
  EXPECT_EQ(only<Send>("  C| \"{token}\"*200\n").payload, (Template{variable("token", 200)}));
}

TEST(Sends, OctetsMayGoOnInIndentedLines) {
  EXPECT_EQ(only<Send>("  C| \"a\"\n     \"b\" # half\n     \"c\"*3  malformed\n").payload,
            (Template{octets("ab"), octets("c", 3)}));
}

TEST(Sends, AFileIsReadFromTheScenariosFolder) {
  MemoryFiles files;
  files.files["x/data/m.bin"] = std::string("\0\xff", 2);
  const auto loaded = load_text("scenario a \"t\"\n  C| file(\"data/m.bin\")*2\n", "x/test.smtp", "", files);
  EXPECT_EQ(complaints(loaded), "");
  ASSERT_EQ(loaded.scenarios.size(), 1U);
  EXPECT_EQ(std::get<Send>(loaded.scenarios[0].steps[0].body).payload, (Template{octets(std::string("\0\xff", 2), 2)}));
}

TEST(Sends, AFileOutsideTheFolderIsRefused) {
  for (const char* path : {"/etc/passwd", "../a", "a/../../b", "a\\\\b", ""}) {
    const auto text = complaints("scenario a \"t\"\n  C| file(\"" + std::string(path) + "\")\n");
    EXPECT_NE(text.find("in or below this scenario's folder"), std::string::npos) << path << text;
  }
}

TEST(Sends, AMessageIsTheIndentedTextWithoutItsMargin) {
  const auto message = only<Message>(
      "  C.  split 7\n"
      "    Subject: {token}\n"
      "\n"
      "    # no comment\n"
      "      indented  \n"
      "    .\n"
      "\n");
  ASSERT_EQ(message.lines.size(), 5U);
  EXPECT_EQ(message.lines[0], (Template{octets("Subject: "), variable("token")}));
  EXPECT_EQ(message.lines[1], Template{});
  EXPECT_EQ(message.lines[2], (Template{octets("# no comment")}));
  EXPECT_EQ(message.lines[3], (Template{octets("  indented  ")}));
  EXPECT_EQ(message.lines[4], (Template{octets(".")}));
  EXPECT_FALSE(message.is_raw);
  EXPECT_EQ(message.pacing.split_octets, 7U);
  EXPECT_TRUE(only<Message>("  C.raw\n    .x\n").is_raw);
}

TEST(Sends, ConnectionsAreNumbered) {
  const auto steps = steps_of("  C2: NOOP\n  S2: 250\n  C3| \"x\"\n  C2.\n    text\n  connect 4\n  fence quit on 5\n");
  ASSERT_EQ(steps.size(), 6U);
  const int connections[] = {2, 2, 3, 2, 4, 5};
  for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i].connection, connections[i]) << steps[i].source;
}

TEST(Sends, AStepKnowsItsLineAndColumn) {
  const auto steps = steps_of("# comment\n\n  C: NOOP  \n");
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].position, (SourcePosition{4, 3, 7}));
  EXPECT_EQ(steps[0].source, "C: NOOP");
  EXPECT_FALSE(steps[0].is_setup);
}

}  // namespace
}  // namespace smtpspec::scenario
