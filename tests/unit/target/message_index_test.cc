#include "harness/target/message_index.h"

#include <gtest/gtest.h>

#include "harness/target/mbox_reader.h"

namespace smtpspec::target {
namespace {

using Numbers = std::vector<std::size_t>;
using Messages = std::vector<std::string>;

Messages octets_in(const MessageIndex& index, std::string_view token = "") {
  const auto found = index.messages(index.find(token, 0));
  if (!found) return {found.error()};
  Messages all;
  for (const auto& message : *found) all.push_back(message.octets);
  return all;
}

TEST(MessageIndex, FindsATokenAsAWordWithinAWordAndNextToItself) {
  MessageIndex index;
  const std::string token = "t0123456789abcdef";
  for (const std::string& text : {"X: " + token + "\r\n", std::string("X: nothing\r\n"), "<" + token + "@x>",
                                  "x" + token + "y", token + token + token, token.substr(1)})
    index.add({text, {}});
  EXPECT_EQ(index.find(token, 0), (Numbers{0, 2, 3, 4}));
  EXPECT_EQ(index.find(token, 3), (Numbers{3, 4}));
  EXPECT_EQ(index.find("X: ", 0), (Numbers{0, 1}));
  EXPECT_EQ(index.find("t0", 0), (Numbers{0, 2, 3, 4}));
}

TEST(MessageIndex, FindsATokenInAMessageWithMoreWordsThanAreIndexed) {
  MessageIndex index;
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "word" + std::to_string(100'000 + i) + " ";
  index.add({text + "token123 end", {}});
  EXPECT_EQ(index.find("token123", 0), (Numbers{0}));
  EXPECT_EQ(index.find("token124", 0), (Numbers{}));
}

TEST(MessageIndex, TakesNoMoreThanItMayHold) {
  MessageIndex index;
  for (std::size_t i = 0; i <= kMaxMessages; ++i) index.add({"x", {}});
  EXPECT_TRUE(index.is_full());
  EXPECT_EQ(index.size(), kMaxMessages);
}

MessageIndex read_in_pieces(std::string_view text, std::size_t octets) {
  MessageIndex index;
  MboxReader reader;
  for (std::size_t at = 0; at < text.size(); at += octets) reader.feed(text.substr(at, octets), index);
  reader.finish(index);
  return index;
}

TEST(MboxReader, ReadsTheSameInPiecesOfAnySize) {
  const std::string text =
      "garbage before\nFrom x\n\nFrom a\nX: 1\n\n\nFrom b\r\nX: 2\r\n\r\ntext\r\n From x\r\nFro\r\n\r\nFrom c\nX: "
      "3\n\nno end";
  const Messages expected{"X: 1\r\n\r\n", "X: 2\r\n\r\ntext\r\n From x\r\nFro\r\n", "X: 3\r\n\r\nno end"};
  for (std::size_t octets = 1; octets <= text.size(); ++octets)
    EXPECT_EQ(octets_in(read_in_pieces(text, octets)), expected) << octets;
}

TEST(MboxReader, OneEmptyLineAtTheEndIsTheStorages) {
  EXPECT_EQ(octets_in(read_in_pieces("From a\nX: 1\n\ntext\n\n\nFrom b\nX: 2\n\ntext\n", 1000)),
            (Messages{"X: 1\r\n\r\ntext\r\n\r\n", "X: 2\r\n\r\ntext\r\n"}));
}

TEST(MboxReader, FromLineBehindALineThatIsNotEmptyIsText) {
  EXPECT_EQ(octets_in(read_in_pieces("From a\nX: 1\n\ntext\nFrom b\n", 1000)),
            (Messages{"X: 1\r\n\r\ntext\r\nFrom b\r\n"}));
}

TEST(MboxReader, MessageThatIsTooLargeIsNotHeld) {
  MessageIndex index;
  MboxReader reader;
  reader.feed("From a\nX: token-1\n\n", index);
  const std::string piece(1024 * 1024, 'x');
  for (int i = 0; i < 70; ++i) reader.feed(piece, index);
  reader.feed("\n\nFrom b\nX: token-2\n\n", index);
  reader.finish(index);
  EXPECT_EQ(octets_in(index, "token-1"), (Messages{"a message with this token has more than 67108864 octets"}));
  EXPECT_EQ(octets_in(index, "token-2"), (Messages{"X: token-2\r\n"}));
}

}  // namespace
}  // namespace smtpspec::target
