#include "fuzz/campaign/worker_words.h"

#include <gtest/gtest.h>

namespace smtpspec::fuzz {
namespace {

Found some_finding() {
  Found found;
  found.id = "lost-reply-1a2b3c4d";
  found.finding = {Oracle::lost_reply, "some\tkey", "two\nlines, and \\ and \"", 3, "not 2xx"};
  found.input = decode("F1\nC:EHLO x\nD:a\\tb\\r\\n\n2\nH\n");
  found.mode = Mode::grouped;
  found.earlier = {{decode("F1\nC:EHLO y\nd:x\tz\n"), Mode::blast}, {decode("F1\nC:NOOP\n"), Mode::lock_step}};
  found.is_on_fresh_server = false;
  found.is_confirmed = true;
  found.plays = 3;
  found.shown = 2;
  found.session = 12'345'678'901;
  found.transcript = std::string("S: 220 \xFF\0\r\n", 11);
  return found;
}

std::string_view without_line_feed(const std::string& line) {
  return std::string_view(line).substr(0, line.size() - 1);
}

TEST(FuzzWorkerWords, CarryAFindingWhole) {
  const Found found = some_finding();
  const std::string line = encode_word(found);
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "one line, whatever the octets";
  const auto word = decode_word(without_line_feed(line));
  ASSERT_TRUE(word && std::holds_alternative<Found>(*word));
  const Found& back = std::get<Found>(*word);
  EXPECT_EQ(back.id, found.id);
  EXPECT_EQ(back.finding, found.finding);
  EXPECT_EQ(back.input, found.input);
  EXPECT_EQ(back.mode, found.mode);
  EXPECT_EQ(back.earlier, found.earlier);
  EXPECT_EQ(back.is_on_fresh_server, found.is_on_fresh_server);
  EXPECT_EQ(back.is_confirmed, found.is_confirmed);
  EXPECT_EQ(back.plays, found.plays);
  EXPECT_EQ(back.shown, found.shown);
  EXPECT_EQ(back.session, found.session);
  EXPECT_EQ(back.transcript, found.transcript);
}

TEST(FuzzWorkerWords, CarryAFindingThatNoStepShows) {
  Found found = some_finding();
  found.finding.step.reset();
  const auto word = decode_word(without_line_feed(encode_word(found)));
  ASSERT_TRUE(word && std::holds_alternative<Found>(*word));
  EXPECT_EQ(std::get<Found>(*word).finding.step, std::nullopt);
}

TEST(FuzzWorkerWords, CarryStatusAndTrouble) {
  Status status{std::chrono::milliseconds(1500), 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto word = decode_word(without_line_feed(encode_word(status)));
  ASSERT_TRUE(word && std::holds_alternative<Status>(*word));
  EXPECT_EQ(encode_word(*word), encode_word(status));
  EXPECT_EQ(std::get<Status>(*word).restarts, 7U);
  const auto trouble = decode_word(without_line_feed(encode_word(Trouble{"a\nb"})));
  ASSERT_TRUE(trouble && std::holds_alternative<Trouble>(*trouble));
  EXPECT_EQ(std::get<Trouble>(*trouble).text, "a\nb");
}

TEST(FuzzWorkerWords, RefuseWhatIsNoWord) {
  const std::string whole = encode_word(some_finding());
  for (std::size_t octets = 0; octets + 1 < whole.size(); ++octets) {
    // A cut within the last field is only a shorter field.
    if (whole.find('\t', octets) == std::string::npos) break;
    EXPECT_FALSE(decode_word(whole.substr(0, octets))) << whole.substr(0, octets);
  }
  for (const std::string_view line :
       {"", "status", "status\t1\t2\tx\t4\t5\t6\t7\t8\t9\t10", "status\t1\t2", "other\tx", "trouble\t\\x",
        "found\t0\tid\tno-such-oracle\tk\te\t\t\t\tblast\t1\t1\t1\t1\t1\t",
        "found\t1\tC:NOOP\tno-such-mode\tid\thang\tk\te\t\t\t\tblast\t1\t1\t1\t1\t1\t"})
    EXPECT_FALSE(decode_word(line)) << line;
}

TEST(FuzzWorkerWords, AddUp) {
  const Status all = together({{std::chrono::milliseconds(5), 10, 20, 7, 1, 1, 0, 2, 1, 5},
                               {std::chrono::milliseconds(9), 30, 40, 5, 2, 0, 1, 3, 4, 3}});
  EXPECT_EQ(all.elapsed.count(), 9);
  EXPECT_EQ(all.sessions, 40U);
  EXPECT_EQ(all.replies, 60U);
  EXPECT_EQ(all.features, 7U) << "nobody knows how many are the same";
  EXPECT_EQ(all.inputs_with_news, 3U);
  EXPECT_EQ(all.restarts, 5U);
  EXPECT_EQ(all.differences, 5U);
  EXPECT_EQ(all.edges, 5U);
}

}  // namespace
}  // namespace smtpspec::fuzz
