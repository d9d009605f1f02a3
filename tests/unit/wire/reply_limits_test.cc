// Replies without end: cut at a known size, and the next reply is read from its own first octet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/wire/reply.h"

namespace smtpspec::wire {
namespace {

using testing::SizeIs;

// All replies of `stream` when it comes in pieces of `piece` octets.
std::vector<Reply> parse(std::string_view stream, std::size_t piece, ReplyParser& parser) {
  std::vector<Reply> replies;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    parser.feed(stream.substr(at, piece));
    while (auto reply = parser.next()) replies.push_back(std::move(*reply));
    EXPECT_LE(parser.pending().size(), kMaxReplyOctets + piece);
  }
  return replies;
}

std::string lines(int count, std::size_t text_octets) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "250-" + std::string(text_octets, 'x') + "\r\n";
  return out;
}

TEST(ReplyLimits, AReplyOf1000LinesIsWhole) {
  ReplyParser parser;
  const auto replies = parse(lines(999, 1) + "250 end\r\n", 100'000, parser);
  ASSERT_THAT(replies, SizeIs(1));
  EXPECT_THAT(replies[0].lines, SizeIs(kMaxReplyLines));
  EXPECT_FALSE(replies[0].has(ReplyDeviation::reply_too_long));
}

TEST(ReplyLimits, AReplyOf10000LinesIsCutAndTheNextIsRead) {
  const std::string stream = lines(9'999, 10) + "250 end\r\n221 bye\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, stream.size()}) {
    ReplyParser parser;
    const auto replies = parse(stream, piece, parser);
    ASSERT_THAT(replies, SizeIs(2)) << piece;
    EXPECT_THAT(replies[0].lines, SizeIs(kMaxReplyLines));
    EXPECT_EQ(replies[0].deviations,
              (std::vector<Deviation>{{ReplyDeviation::reply_too_long, kMaxReplyLines - 1, kMaxReplyLines * 16}}));
    EXPECT_EQ(replies[1].raw, "221 bye\r\n");
    EXPECT_FALSE(parser.has_partial_reply());
  }
}

TEST(ReplyLimits, ALineWithoutEndIsCutAndTheNextReplyIsRead) {
  const std::string stream = "250 " + std::string(300'000, 'x') + "\r\n221 bye\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4095}, kMaxBufferedLineOctets, stream.size()}) {
    ReplyParser parser;
    const auto replies = parse(stream, piece, parser);
    ASSERT_THAT(replies, SizeIs(2)) << piece;
    EXPECT_THAT(replies[0].raw, SizeIs(kMaxBufferedLineOctets));
    EXPECT_TRUE(replies[0].has(ReplyDeviation::reply_too_long));
    EXPECT_TRUE(replies[0].has(ReplyDeviation::line_too_long));
    EXPECT_FALSE(replies[0].has(ReplyDeviation::bare_lf));
    EXPECT_EQ(replies[1].raw, "221 bye\r\n");
  }
}

TEST(ReplyLimits, ALineThatJustFitsIsNotCut) {
  ReplyParser parser;
  const std::string line = "250 " + std::string(kMaxBufferedLineOctets - 6, 'x') + "\r\n";
  const auto replies = parse(line, line.size(), parser);
  ASSERT_THAT(replies, SizeIs(1));
  EXPECT_EQ(replies[0].raw, line);
  EXPECT_FALSE(replies[0].has(ReplyDeviation::reply_too_long));
}

TEST(ReplyLimits, ALineCutJustBeforeItsLfHasNoBareCr) {
  const std::string line = "250 " + std::string(kMaxBufferedLineOctets - 5, 'x') + "\r\n";
  for (const std::size_t piece : {std::size_t{1}, line.size()}) {
    ReplyParser parser;
    const auto replies = parse(line, piece, parser);
    ASSERT_THAT(replies, SizeIs(1));
    EXPECT_TRUE(replies[0].has(ReplyDeviation::reply_too_long));
    EXPECT_FALSE(replies[0].has(ReplyDeviation::bare_cr));
    EXPECT_FALSE(parser.has_partial_reply());
  }
}

TEST(ReplyLimits, ACutContinuationLineDropsTheRestOfItsReply) {
  const std::string stream =
      "250-a\r\n250-" + std::string(100'000, 'x') + "\r\n250-b\r\nno code\r\n250 c\r\n221 bye\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, stream.size()}) {
    ReplyParser parser;
    const auto replies = parse(stream, piece, parser);
    ASSERT_THAT(replies, SizeIs(2)) << piece;
    EXPECT_THAT(replies[0].lines, SizeIs(2));
    EXPECT_EQ(replies[1].code, 221);
  }
}

TEST(ReplyLimits, ManyLongLinesAreCutAt256KiB) {
  const std::string stream = lines(10, 60'000) + "250 end\r\n221 bye\r\n";
  for (const std::size_t piece : {std::size_t{1021}, stream.size()}) {
    ReplyParser parser;
    const auto replies = parse(stream, piece, parser);
    ASSERT_THAT(replies, SizeIs(2)) << piece;
    EXPECT_THAT(replies[0].raw, SizeIs(kMaxReplyOctets));
    EXPECT_EQ(replies[1].code, 221);
  }
}

TEST(ReplyLimits, LinesThatFillTheReplyExactlyAreCutBehindTheLastOfThem) {
  const std::string stream = lines(8, kMaxReplyOctets / 8 - 6) + "250 end\r\n221 bye\r\n";
  for (const std::size_t piece : {std::size_t{1021}, stream.size()}) {
    ReplyParser parser;
    const auto replies = parse(stream, piece, parser);
    ASSERT_THAT(replies, SizeIs(2)) << piece;
    EXPECT_THAT(replies[0].lines, SizeIs(8));
    EXPECT_THAT(replies[0].raw, SizeIs(kMaxReplyOctets));
    EXPECT_EQ(replies[1].code, 221);
  }
}

TEST(ReplyLimits, AnEndlessReplyStaysBounded) {
  ReplyParser parser;
  std::size_t replies = 0;
  const std::string chunk = lines(100, 100);
  for (int i = 0; i < 500; ++i) {
    parser.feed(chunk);
    while (parser.next()) ++replies;
    EXPECT_LE(parser.pending().size(), kMaxReplyOctets + chunk.size());
  }
  EXPECT_EQ(replies, 1u);
  EXPECT_TRUE(parser.has_partial_reply());
}

}  // namespace
}  // namespace smtpspec::wire
