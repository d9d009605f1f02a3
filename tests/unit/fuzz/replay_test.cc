// Everything that the in-process targets were ever given and that stays in the tree, without clang: the seeds, and each
// input that once broke a promise.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fuzz/mutator/mutate.h"
#include "fuzz/targets/session_player.h"
#include "fuzz/targets/target.h"

namespace smtpspec::fuzz {
namespace {

namespace fs = std::filesystem;

std::size_t replay(const Target& target, const fs::path& folder) {
  std::size_t files = 0;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream octets;
    octets << file.rdbuf();
    EXPECT_NO_THROW(target.run(octets.str())) << entry.path();
    ++files;
  }
  return files;
}

TEST(FuzzReplay, HoldsEveryPromiseOverCorpusAndRegressions) {
  EXPECT_EQ(targets().size(), 10U);
  for (const Target& target : targets()) {
    const fs::path root = SMTPSPEC_SOURCE_DIR "/fuzz";
    EXPECT_GE(replay(target, root / "corpus" / target.name), 3U) << target.name;
    replay(target, root / "regressions" / target.name);
  }
}

TEST(FuzzReplay, FindsNothingOnThePlainServerInAThousandGeneratedSessions) {
  const Vocabulary words;
  std::size_t replies = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    const Input input = generate(random, words);
    EXPECT_NO_THROW(fuzz_server_session(encode(input))) << encode(input);
    StillEnvironment environment;
    for (const auto& one : play(input, fuzzed_server(), environment).talk.connections)
      replies += one.dialogue.replies();
  }
  EXPECT_GT(replies, 5000U);
}

TEST(FuzzReplay, TellsABrokenPromiseByName) {
  try {
    violated("a claim");
    FAIL();
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "broken promise: a claim");
  }
}

}  // namespace
}  // namespace smtpspec::fuzz
