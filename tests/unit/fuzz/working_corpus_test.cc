// What a campaign has worked with in memory is on disk behind it, and only that.
#include "fuzz/campaign/working_corpus.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include <stdlib.h>

namespace smtpspec::fuzz {
namespace {

namespace fs = std::filesystem;

class WorkingCorpusTest : public ::testing::Test {
 protected:
  WorkingCorpusTest() {
    std::string name = ::testing::TempDir() + "kept-XXXXXX";
    kept_ = mkdtemp(name.data());
  }
  ~WorkingCorpusTest() override { fs::remove_all(kept_); }

  static void write(const fs::path& file, const std::string& octets) {
    std::ofstream(file, std::ios::binary) << octets;
  }
  static std::string read(const fs::path& file) {
    std::ostringstream octets;
    octets << std::ifstream(file, std::ios::binary).rdbuf();
    return octets.str();
  }
  std::set<std::string> kept() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(kept_)) names.insert(entry.path().filename());
    return names;
  }

  fs::path kept_;
};

TEST_F(WorkingCorpusTest, KeepsWhatIsThereAndForgetsWhatWasReplaced) {
  write(kept_ / "before", "of an earlier campaign");
  std::string folder;
  {
    WorkingCorpus corpus(kept_);
    folder = corpus.folder();
    if (folder == kept_) GTEST_SKIP() << "no shared memory to work in";
    write(fs::path(folder) / "replaced", "long");
    write(fs::path(folder) / "half", "wri");
    write(fs::path(folder) / "good", "F1\n");
    EXPECT_EQ(kept(), std::set<std::string>{"before"});
    corpus.keep();
    EXPECT_EQ(kept(), (std::set<std::string>{"before", "replaced", "half", "good"}));
    fs::remove(fs::path(folder) / "replaced");
    write(fs::path(folder) / "half", "written");
    write(fs::path(folder) / "last", "F1\n");
  }
  EXPECT_EQ(kept(), (std::set<std::string>{"before", "half", "good", "last"}));
  EXPECT_EQ(read(kept_ / "half"), "written");
  EXPECT_EQ(read(kept_ / "before"), "of an earlier campaign");
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(WorkingCorpusTest, RemovesWhatACampaignThatWasKilledHasLeftAndNothingElse) {
  WorkingCorpus alive(kept_);
  if (alive.folder() == kept_) GTEST_SKIP() << "no shared memory to work in";
  const fs::path left_over = "/dev/shm/smtpspec-corpus-test-left-over";
  fs::create_directory(left_over);
  write(left_over / "one", "F1\n");
  const WorkingCorpus next(kept_);
  EXPECT_FALSE(fs::exists(left_over));
  EXPECT_TRUE(fs::exists(alive.folder()));
  EXPECT_NE(alive.folder(), next.folder());
}

}  // namespace
}  // namespace smtpspec::fuzz
