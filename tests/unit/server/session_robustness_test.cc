#include <gtest/gtest.h>

#include <random>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

// A client made of the pieces that matter most and of any octets.
std::string random_input(std::mt19937& random) {
  static const std::vector<std::string> pieces = {"EHLO a.example\r\n",
                                                  "HELO a\r\n",
                                                  "MAIL FROM:<a@b.example>\r\n",
                                                  "RCPT TO:<alice@example.org>\r\n",
                                                  "DATA\r\n",
                                                  "\r\n.\r\n",
                                                  "\n.\n",
                                                  "\r",
                                                  "\n",
                                                  ".",
                                                  "BDAT 7\r\n",
                                                  "BDAT 5 LAST\r\n",
                                                  "RSET\r\n",
                                                  "AUTH LOGIN\r\n",
                                                  "AUTH PLAIN\r\n",
                                                  "*\r\n",
                                                  "QQ==\r\n",
                                                  "NOOP\r\n",
                                                  "VRFY alice\r\n",
                                                  "EXPN staff\r\n",
                                                  "HELP\r\n",
                                                  "ETRN example.org\r\n",
                                                  "XYZZY\r\n",
                                                  "MAIL FROM:<",
                                                  ">",
                                                  "@",
                                                  "\"",
                                                  "[",
                                                  "SIZE=",
                                                  " ",
                                                  "text of a message\r\n"};
  std::string input;
  for (int i = 0; i < 60; ++i) {
    if (random() % 4 == 0) {
      for (auto n = random() % 6; n > 0; --n) input += static_cast<char>(random() % 256);
    } else {
      input += pieces[random() % pieces.size()];
    }
  }
  return input;
}

// Every reply is made of whole lines, each with a code of its range.
void expect_well_formed(const std::string& octets) {
  std::size_t position = 0;
  while (position < octets.size()) {
    const std::size_t end = octets.find("\r\n", position);
    ASSERT_NE(end, std::string::npos) << octets.substr(position);
    const std::string line = octets.substr(position, end - position);
    ASSERT_GE(line.size(), 4U) << line;
    EXPECT_TRUE(line[0] >= '2' && line[0] <= '5') << line;
    EXPECT_TRUE(line[3] == ' ' || line[3] == '-') << line;
    EXPECT_LE(line.size(), 510U);
    for (char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
    position = end + 2;
  }
}

TEST(SessionRobustness, AnswersAnyOctetsWithWellFormedRepliesWhateverTheSplit) {
  std::mt19937 random(5321);
  for (int i = 0; i < 400; ++i) {
    const Outcome outcome = converse(with_users(), {random_input(random)});
    expect_well_formed(outcome.octets);
    if (HasFailure()) break;
  }
}

TEST(SessionRobustness, EveryDefectSurvivesAnyOctets) {
  std::mt19937 random(2821);
  for (const DefectInfo& info : all_defects()) {
    Config config = with_users();
    config.defects = {info.defect};
    FakeEnvironment environment;
    for (int i = 0; i < 6; ++i)
      play(config, {random_input(random), "<tls>", random_input(random), "<timeout>"}, false, environment);
  }
}

TEST(SessionRobustness, AllDefectsTogetherSurviveAnyOctets) {
  std::mt19937 random(821);
  Config config = with_users();
  for (const DefectInfo& info : all_defects()) config.defects.add(info.defect);
  FakeEnvironment environment;
  for (int i = 0; i < 100; ++i)
    play(config, {random_input(random), "<lost>", "<new>", random_input(random)}, i % 2 == 0, environment);
}

}  // namespace
}  // namespace smtpspec::server
