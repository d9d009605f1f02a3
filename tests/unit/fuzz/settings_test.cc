#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "fuzz/targets/session_settings.h"

namespace smtpspec::fuzz {
namespace {

TEST(FuzzSettings, AreTakenFromTheFirstLineAndGone) {
  Input input = decode("F1\nC:xserve LMTP no-dsn what tls\nC:LHLO x\n");
  const SessionSettings& settings = take_settings(input);
  EXPECT_EQ(settings.config.role, server::Role::lmtp);
  EXPECT_FALSE(settings.config.extensions.dsn);
  EXPECT_TRUE(settings.config.extensions.chunking);
  EXPECT_TRUE(settings.is_tls);
  EXPECT_EQ(encode(input), "F1\nC:LHLO x\n");
}

TEST(FuzzSettings, AreThoseOfAPlainServerWithoutTheLine) {
  for (const char* text : {"F1\nC:EHLO x\n", "F1\n", "F1\nR:XSERVE lmtp\\r\\n\n", "F1\nC:XSERVER lmtp\n"}) {
    Input input = decode(text);
    const Input before = input;
    EXPECT_EQ(take_settings(input).config.role, server::Role::mx) << text;
    EXPECT_EQ(input, before);
  }
  Input lmtp = decode("F1\nC:LHLO x\n");
  EXPECT_EQ(take_settings(lmtp).config.role, server::Role::lmtp);
  EXPECT_EQ(lmtp.steps.size(), 1U);
}

// A word that no seed has is found by nobody.
TEST(FuzzSettings, StandInTheCorpus) {
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(SMTPSPEC_SOURCE_DIR "/fuzz/corpus/server_session")) {
    std::ifstream file(entry.path());
    std::string line;
    std::getline(file, line);
    std::getline(file, line);
    if (!line.starts_with("C:XSERVE ")) continue;
    std::istringstream words(line.substr(9));
    for (std::string word; words >> word;) seen.insert(word);
  }
  for (const std::string_view word : setting_words()) EXPECT_TRUE(seen.contains(std::string(word))) << word;
}

}  // namespace
}  // namespace smtpspec::fuzz
