#include "harness/target/command_line.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace smtpspec::target {
namespace {

TEST(CommandLine, FillsInEveryPlaceAndQuotesWhatNeedsIt) {
  EXPECT_EQ(fill_in("s -p {port} -q {port}", "port", "25"), "s -p 25 -q 25");
  EXPECT_EQ(fill_in("s {maildir}/x", "maildir", "/tmp/a b'c"), "s '/tmp/a b'\\''c'/x");
  EXPECT_EQ(fill_in("s {other} ${port", "port", "25"), "s {other} ${port");
}

TEST(CommandLine, FreePortIsAPort) { EXPECT_NE(free_port(), 0); }

TEST(CommandLine, ScratchFolderGoesWithEverythingInIt) {
  std::string path;
  {
    ScratchFolder folder;
    path = folder.path();
    std::filesystem::create_directories(path + "/new/deep");
  }
  EXPECT_NE(path, "");
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace smtpspec::target
