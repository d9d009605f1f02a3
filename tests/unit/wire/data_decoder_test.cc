#include <gtest/gtest.h>

#include <random>

#include "harness/wire/dot_stuffing.h"

namespace smtpspec::wire {
namespace {

struct Decoded {
  std::string message;
  std::uint64_t taken = 0;
  bool is_complete = false;
  DataScan scan;
  bool operator==(const Decoded&) const = default;
};
void PrintTo(const Decoded& decoded, std::ostream* out) {
  *out << testing::PrintToString(decoded.message) << " from " << decoded.taken << " octets"
       << (decoded.is_complete ? ", complete" : "");
}

Decoded decode_in(const std::vector<std::string_view>& pieces) {
  DataDecoder decoder;
  Decoded out;
  for (const auto piece : pieces) decoder.feed(piece, out.message);
  out.taken = decoder.octets_taken();
  out.is_complete = decoder.is_complete();
  out.scan = decoder.scan();
  return out;
}
Decoded decode(std::string_view octets) { return decode_in({octets}); }

TEST(DataDecoder, EndsAtADotAloneOnALine) {
  const Decoded decoded = decode("Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n");
  EXPECT_EQ(decoded.message, "Subject: x\r\n\r\nbody\r\n");
  EXPECT_TRUE(decoded.is_complete);
  EXPECT_EQ(decoded.taken, 23u);
}

TEST(DataDecoder, EndsAtADotOnTheFirstLine) {
  const Decoded decoded = decode(".\r\nQUIT\r\n");
  EXPECT_EQ(decoded.message, "");
  EXPECT_EQ(decoded.taken, 3u);
  EXPECT_TRUE(decoded.is_complete);
}

TEST(DataDecoder, TakesOneDotFromEachLineThatBeginsWithOne) {
  EXPECT_EQ(decode("..\r\n...\r\n..x\r\n.y\r\n. \r\n.\t\r\n").message, ".\r\n..\r\n.x\r\ny\r\n \r\n\t\r\n");
}

TEST(DataDecoder, TakesNothingButCrlfDotCrlfForTheEnd) {
  for (const std::string look_alike :
       {"a\n.\nb", "a\n.\r\nb", "a\r\n.\nb", "a\r\n.\rb", "a\r.\r\nb", "a\r.\rb", "a\r\n.\r\rb", "a\n\r.\r\nb"}) {
    const Decoded decoded = decode(look_alike);
    EXPECT_FALSE(decoded.is_complete) << testing::PrintToString(look_alike);
    EXPECT_EQ(decoded.taken, look_alike.size());
    EXPECT_TRUE(decode(look_alike + "\r\n.\r\n").is_complete);
  }
  EXPECT_EQ(decode("a\r\n.\nb").message, "a\r\n\nb");
  EXPECT_EQ(decode("a\r\n.\rb").message, "a\r\n\rb");
}

TEST(DataDecoder, EndsAtAnEndThatFollowsADotLineWithABareCr) {
  const Decoded decoded = decode(".\r\r\n.\r\n");
  EXPECT_EQ(decoded.message, "\r\r\n");
  EXPECT_TRUE(decoded.is_complete);
}

TEST(DataDecoder, TakesNoMoreOnceItIsComplete) {
  DataDecoder decoder;
  std::string message;
  EXPECT_EQ(decoder.feed("a\r\n.\r\nb", message), 6u);
  EXPECT_EQ(decoder.feed("c\r\n", message), 0u);
  EXPECT_EQ(message, "a\r\n");
  decoder.reset();
  EXPECT_EQ(decoder.feed("c\r\n", message), 3u);
  EXPECT_EQ(decoder.octets_taken(), 3u);
}

TEST(DataDecoder, ScansTheMessageAndNotItsTransparency) {
  const Decoded decoded = decode("." + std::string(998, '.') + "\r\na\nb\rc\xff\r\n.\r\n");
  EXPECT_EQ(decoded.scan.longest_line_octets, 1000u);
  EXPECT_EQ(decoded.scan.lines, 2u);
  EXPECT_EQ(decoded.scan.bare_lfs, 1u);
  EXPECT_EQ(decoded.scan.bare_crs, 1u);
  EXPECT_TRUE(decoded.scan.has_eight_bit);
  EXPECT_FALSE(decoded.scan.has_nul);
  EXPECT_EQ(decoded.scan, scan_data(decoded.message));
}

// Random texts of the octets that matter, some with an end of data in them.
std::vector<std::string> random_texts(unsigned seed, int count) {
  std::mt19937 random(seed);
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    std::string text;
    for (std::size_t size = random() % 40; text.size() < size;)
      text += random() % 6 == 0 ? "\r\n." : std::string(1, "\r\n.a"[random() % 4]);
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(DataDecoder, GivesTheSameForEverySplitInTwo) {
  for (const std::string& text : random_texts(11, 1500)) {
    const Decoded whole = decode(text);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      const std::string_view view = text;
      ASSERT_EQ(decode_in({view.substr(0, at), view.substr(at)}), whole)
          << testing::PrintToString(text) << " at " << at;
    }
  }
}

TEST(DataDecoder, GivesTheSameOctetByOctet) {
  for (const std::string& text : random_texts(12, 1500)) {
    std::vector<std::string_view> octets;
    for (std::size_t i = 0; i < text.size(); ++i) octets.push_back(std::string_view(text).substr(i, 1));
    ASSERT_EQ(decode_in(octets), decode(text)) << testing::PrintToString(text);
  }
}

TEST(DataDecoder, GivesBackWhatStuffMade) {
  std::mt19937 random(13);
  for (int i = 0; i < 500; ++i) {
    std::string message;
    for (std::size_t lines = random() % 10; lines > 0; --lines) {
      for (std::size_t size = random() % 8; size > 0; --size) message += "\r\n.a"[random() % 4];
      message += "\r\n";
    }
    const Decoded decoded = decode(stuff(message) + ".\r\nrest");
    ASSERT_EQ(decoded.message, message);
    ASSERT_TRUE(decoded.is_complete);
  }
}

TEST(DataDecoder, ReadsAMessageLongerThanItsStretch) {
  std::string message;
  for (int i = 0; i < 3000; ++i)
    message += (i % 3 == 0 ? "." : "") + std::string(static_cast<std::size_t>(i % 90), 'x') + "\r\n";
  ASSERT_GT(message.size(), 100'000u);
  const Decoded decoded = decode(stuff(message) + ".\r\n");
  EXPECT_TRUE(decoded.message == message);
  EXPECT_TRUE(decoded.is_complete);
}

}  // namespace
}  // namespace smtpspec::wire
