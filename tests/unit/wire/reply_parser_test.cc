// Replies out of a stream: whatever the split, the same replies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/wire/reply.h"

namespace smtpspec::wire {
namespace {

using namespace std::string_literals;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Reply> drain(ReplyParser& parser) {
  std::vector<Reply> replies;
  while (auto reply = parser.next()) replies.push_back(std::move(*reply));
  return replies;
}

std::vector<Reply> parse_in(const std::vector<std::string_view>& pieces, std::string* pending = nullptr) {
  ReplyParser parser;
  std::vector<Reply> replies;
  for (const auto piece : pieces) {
    parser.feed(piece);
    for (auto& reply : drain(parser)) replies.push_back(std::move(reply));
  }
  if (pending) *pending = parser.pending();
  return replies;
}

const std::string kStreams[] = {
    "220 mx.example.org ESMTP\r\n",
    "250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME\r\n",
    "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n",
    "250-a\r\n550 b\r\n221 bye\r\n",
    "250 ok\n250-x\n250 y\r\n",
    "250 a\rb\r\n\r\n\n250\r\n250\r\r\n",
    "garbage\r\n250-a\r\nmore garbage\r\n250 b\r\n\0\0\xff\r\n"s,
    "250 partial",
    "250-whole line\r\n25",
    "250 ends in CR\r",
    "\r\r\n\r",
};

TEST(ReplyParser, GivesTheSameRepliesForEverySplitInTwo) {
  for (const std::string& stream : kStreams) {
    std::string pending;
    const auto whole = parse_in({stream}, &pending);
    for (std::size_t at = 0; at <= stream.size(); ++at) {
      std::string pending_in_two;
      const std::string_view view = stream;
      EXPECT_EQ(parse_in({view.substr(0, at), view.substr(at)}, &pending_in_two), whole)
          << stream << " split at " << at;
      EXPECT_EQ(pending_in_two, pending);
    }
  }
}

TEST(ReplyParser, GivesTheSameRepliesOctetByOctet) {
  for (const std::string& stream : kStreams) {
    std::vector<std::string_view> octets;
    for (std::size_t i = 0; i < stream.size(); ++i) octets.push_back(std::string_view(stream).substr(i, 1));
    EXPECT_EQ(parse_in(octets), parse_in({stream})) << stream;
  }
}

TEST(ReplyParser, RepliesAndPendingOctetsTogetherAreTheStream) {
  for (const std::string& stream : kStreams) {
    std::string pending;
    std::string all;
    for (const auto& reply : parse_in({stream}, &pending)) all += reply.raw;
    EXPECT_EQ(all + pending, stream);
  }
}

TEST(ReplyParser, HoldsAPartialReplyBack) {
  ReplyParser parser;
  EXPECT_FALSE(parser.has_partial_reply());
  parser.feed("250-first\r\n250 sec");
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_TRUE(parser.has_partial_reply());
  EXPECT_EQ(parser.pending(), "250-first\r\n250 sec");
  parser.feed("ond\r\n");
  ASSERT_TRUE(parser.next().has_value());
  EXPECT_FALSE(parser.has_partial_reply());
}

TEST(ReplyParser, GivesPendingOctetsAwayOnce) {
  ReplyParser parser;
  parser.feed("220 ready\r\n250 injected\r\n");
  EXPECT_EQ(parser.next()->code, 220);
  EXPECT_EQ(parser.take_pending(), "250 injected\r\n");
  EXPECT_EQ(parser.next(), std::nullopt);
  EXPECT_FALSE(parser.has_partial_reply());
  parser.feed("250 ok\r\n");
  EXPECT_EQ(parser.next()->raw, "250 ok\r\n");
}

TEST(ReplyParser, ForgetsAHalfReadReplyOnReset) {
  ReplyParser parser;
  parser.feed("250-first\r\n");
  EXPECT_EQ(parser.next(), std::nullopt);
  parser.reset();
  EXPECT_EQ(parser.pending(), "");
  parser.feed("250 ok\r\n");
  EXPECT_THAT(parser.next()->lines, SizeIs(1));
}

TEST(ReplyParser, ReadsIntoAReplyThatHasHeldAnother) {
  ReplyParser parser;
  parser.feed("250-first\r\n250 \x01last\r\n354 go\r\n220");
  Reply reply;
  ASSERT_TRUE(parser.next(reply));
  EXPECT_THAT(reply.lines, SizeIs(2));
  EXPECT_THAT(reply.deviations, SizeIs(1));
  ASSERT_TRUE(parser.next(reply));
  ReplyParser fresh;
  fresh.feed("354 go\r\n");
  EXPECT_EQ(reply, fresh.next());
  EXPECT_FALSE(parser.next(reply));
  EXPECT_EQ(reply.code, 354);
}

TEST(ReplyParser, ReadsManyPipelinedRepliesFromOneFeed) {
  std::string stream;
  for (int i = 0; i < 5000; ++i) stream += "250-line one of " + std::to_string(i) + "\r\n250 line two\r\n";
  const auto replies = parse_in({stream});
  ASSERT_THAT(replies, SizeIs(5000));
  EXPECT_EQ(replies.back().text_of(replies.back().lines.front()), "line one of 4999");
  for (const auto& reply : replies) EXPECT_THAT(reply.deviations, IsEmpty());
}

}  // namespace
}  // namespace smtpspec::wire
