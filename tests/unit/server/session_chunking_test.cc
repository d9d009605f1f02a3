#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

constexpr const char* kEnvelope = "MAIL FROM:<a@example.com>\r\nRCPT TO:<alice@example.org>\r\n";
constexpr const char* kEnvelopeOk = "250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n";
constexpr const char* kChunkOk = "250 2.0.0 Chunk received\r\n";

std::string behind_envelope(const std::string& octets, const Config& config = {}) {
  const std::string all = after_ehlo(kEnvelope + octets, config);
  EXPECT_TRUE(all.starts_with(kEnvelopeOk)) << all;
  return all.substr(std::string(kEnvelopeOk).size());
}

TEST(SessionChunking, JoinsChunksWithoutLookingAtThem) {
  const Outcome outcome = converse(
      {}, {"EHLO c.example\r\n" + std::string(kEnvelope) + "BDAT 9\r\nQUIT\r\n.\r\nbdat 4 last\r\n..\n\rNOOP\r\n"});
  EXPECT_TRUE(outcome.octets.ends_with(kChunkOk + std::string("250 2.0.0 Ok, queued as id1\r\n250 2.0.0 Ok\r\n")))
      << outcome.octets;
  ASSERT_EQ(outcome.contents.size(), 1U);
  EXPECT_EQ(outcome.contents[0], "QUIT\r\n.\r\n..\n\r");
}

TEST(SessionChunking, EmptyChunksAreLegal) {
  EXPECT_EQ(behind_envelope("BDAT 0\r\nBDAT 1\r\nxBDAT 0 LAST\r\n"),
            std::string(kChunkOk) + kChunkOk + "250 2.0.0 Ok, queued as id1\r\n");
}

TEST(SessionChunking, ARefusedChunkIsReadAndDropped) {
  EXPECT_EQ(after_ehlo("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n"),
            "503 5.5.1 Bad sequence of commands, MAIL first\r\n250 2.0.0 Ok\r\n");
  EXPECT_TRUE(
      after_ehlo("MAIL FROM:<>\r\nRCPT TO:<no@example.org>\r\nBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n")
          .ends_with("554 5.5.1 No valid recipients\r\n554 5.5.1 No valid recipients\r\n250 2.0.0 Ok\r\n"));
}

TEST(SessionChunking, NothingComesAfterTheLastChunk) {
  EXPECT_EQ(behind_envelope("BDAT 1 LAST\r\nxBDAT 1 LAST\r\nx"),
            "250 2.0.0 Ok, queued as id1\r\n503 5.5.1 Bad sequence of commands, MAIL first\r\n");
}

TEST(SessionChunking, OtherCommandsBetweenChunksAreOutOfOrder) {
  const std::string busy = "503 5.5.1 Bad sequence of commands, BDAT is under way\r\n";
  EXPECT_EQ(behind_envelope("BDAT 1\r\nxDATA\r\nRCPT TO:<bob@example.org>\r\nMAIL FROM:<>\r\nNOOP\r\n"),
            kChunkOk + busy + busy + busy + "250 2.0.0 Ok\r\n");
}

TEST(SessionChunking, RsetDropsTheChunks) {
  const Outcome outcome = converse(
      {}, {"EHLO c.example\r\n" + std::string(kEnvelope) + "BDAT 3\r\noldRSET\r\n" + kEnvelope + "BDAT 3 LAST\r\nnew"});
  ASSERT_EQ(outcome.contents.size(), 1U);
  EXPECT_EQ(outcome.contents[0], "new");
}

TEST(SessionChunking, TheSizeLimitCountsAllChunks) {
  Config config;
  config.max_message_octets = 10;
  EXPECT_EQ(behind_envelope("BDAT 6\r\n123456BDAT 6\r\n123456BDAT 1 LAST\r\n1RSET\r\nMAIL FROM:<>\r\n", config),
            std::string(kChunkOk) +
                "552 5.3.4 Message size exceeds fixed maximum message size\r\n"
                "503 5.5.1 Bad sequence of commands, a chunk has failed, RSET first\r\n"
                "250 2.0.0 Ok, state is reset\r\n250 2.1.0 Sender ok\r\n");
}

TEST(SessionChunking, MalformedSizesAreRefusedAndNothingIsRead) {
  for (const char* line : {"BDAT", "BDAT x", "BDAT -1", "BDAT 1 FIRST", "BDAT 1 LAST x", "BDAT 0x10"}) {
    const std::string reply = behind_envelope(std::string(line) + "\r\nNOOP\r\n");
    EXPECT_EQ(reply.substr(0, 4), "501 ") << line;
    EXPECT_TRUE(reply.ends_with("\r\n250 2.0.0 Ok\r\n")) << line << reply;
  }
}

TEST(SessionChunking, AnEnormousSizeDoesNotWrap) {
  EXPECT_EQ(behind_envelope("BDAT 4294967297 LAST\r\nxNOOP\r\n"), "");
  EXPECT_EQ(behind_envelope("BDAT 18446744073709551617 LAST\r\nxNOOP\r\n").find("250 2.0.0 Ok"), std::string::npos);
}

TEST(SessionChunking, BinaryMimeNeedsBdat) {
  Config config;
  config.extensions.binary_mime = true;
  EXPECT_EQ(
      after_ehlo("MAIL FROM:<> BODY=BinaryMime\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nBDAT 2 LAST\r\n\n\r", config),
      "250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n"
      "503 5.5.1 Bad sequence of commands, binary content needs BDAT\r\n250 2.0.0 Ok, queued as id1\r\n");
}

TEST(SessionChunking, LmtpAnswersTheLastChunkOnceForEachRecipient) {
  Config config;
  config.role = Role::lmtp;
  EXPECT_TRUE(converse(config, {"LHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<alice@example.org>\r\n"
                                "RCPT TO:<bob@example.org>\r\nBDAT 1\r\nxBDAT 1 LAST\r\nxNOOP\r\n"})
                  .octets.ends_with(std::string(kChunkOk) +
                                    "250 2.0.0 Ok, queued as id1\r\n250 2.0.0 Ok, queued as id2\r\n250 2.0.0 Ok\r\n"));
  EXPECT_TRUE(converse(config, {"LHLO c.example\r\nMAIL FROM:<>\r\nBDAT 1 LAST\r\nxNOOP\r\n"})
                  .octets.ends_with("250 2.1.0 Sender ok\r\n250 2.0.0 Ok\r\n"));
}

}  // namespace
}  // namespace smtpspec::server
