#include "harness/wire/dot_stuffing.h"

#include <gtest/gtest.h>

#include <random>

namespace smtpspec::wire {
namespace {

// The definition, octet by octet.
std::string stuff_naively(std::string_view message) {
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const bool is_line_start = i == 0 || (i >= 2 && message.substr(i - 2, 2) == "\r\n");
    if (message[i] == '.' && is_line_start) out += '.';
    out += message[i];
  }
  return out;
}

TEST(Stuff, DoublesTheDotOfEveryLineThatBeginsWithOne) {
  EXPECT_EQ(stuff(".\r\n..\r\na.b\r\n.x\r\n"), "..\r\n...\r\na.b\r\n..x\r\n");
}

TEST(Stuff, LeavesAMessageWithoutDotLinesAlone) {
  EXPECT_EQ(stuff(""), "");
  EXPECT_EQ(stuff("a.b\r\nc."), "a.b\r\nc.");
  EXPECT_EQ(stuff("a\r\n"), "a\r\n");
}

TEST(Stuff, TakesOnlyCrlfForALineEnd) { EXPECT_EQ(stuff("a\n.b\r.c\n\r.d\r\r\n.e"), "a\n.b\r.c\n\r.d\r\r\n..e"); }

TEST(Stuff, AppendsBehindWholeLines) {
  std::string out = "Subject: x\r\n";
  append_stuffed(out, ".a\r\n");
  append_stuffed(out, ".b\r\n");
  EXPECT_EQ(out, "Subject: x\r\n..a\r\n..b\r\n");
}

TEST(Stuff, AgreesWithTheDefinition) {
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::size_t size = random() % 60; text.size() < size;) text += "\r\n.a"[random() % 4];
    ASSERT_EQ(stuff(text), stuff_naively(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace smtpspec::wire
