#include "harness/server/net/maildir.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace smtpspec::server {
namespace {

namespace fs = std::filesystem;

class MaildirStore : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "maildir-XXXXXX";
    ASSERT_TRUE(::mkdtemp(pattern.data()));
    root_ = pattern;
  }
  void TearDown() override { fs::remove_all(root_); }

  // The texts in a folder; everything below the root is counted by files().
  std::vector<std::string> messages(const std::string& folder) const {
    std::vector<std::string> texts;
    for (const auto& entry : fs::directory_iterator(root_ + "/" + folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return texts;
  }
  int files() const {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) count += entry.is_regular_file();
    return count;
  }

  std::string root_;
};

TEST_F(MaildirStore, KeepsOctetsAndLeavesNothingInTmp) {
  Maildir maildir(root_);
  ASSERT_TRUE(maildir.store_all(
      {{"alice", "Received: x\r\n", std::string_view("\0\xff\r\n", 4)}, {"bob", "Received: y\r\n", "text\r\n"}},
      "id1"));
  EXPECT_EQ(messages("alice/new"), (std::vector<std::string>{std::string("Received: x\r\n\0\xff\r\n", 17)}));
  EXPECT_EQ(messages("bob/new"), (std::vector<std::string>{"Received: y\r\ntext\r\n"}));
  EXPECT_EQ(files(), 2);
}

TEST_F(MaildirStore, KeepsTwoCopiesForOneMailboxApart) {
  Maildir maildir(root_);
  ASSERT_TRUE(maildir.store_all({{"alice", "", "1"}, {"alice", "", "2"}}, "id1"));
  ASSERT_TRUE(maildir.store_all({{"alice", "", "3"}}, "id2"));
  EXPECT_EQ(messages("alice/new").size(), 3u);
}

TEST_F(MaildirStore, StoresAllOrNothing) {
  std::ofstream(root_ + "/bob") << "a file where a folder should be";
  Maildir maildir(root_);
  const auto result = maildir.store_all({{"alice", "", "1"}, {"bob", "", "2"}}, "id1");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().find("/bob/"), std::string::npos) << result.error();
  EXPECT_EQ(files(), 1);
}

TEST_F(MaildirStore, NoLocalPartLeadsOutOfTheRoot) {
  Maildir maildir(root_ + "/inner");
  ASSERT_TRUE(maildir.store_all({{"../../escaped", "", "1"}, {"..", "", "2"}, {"a/b", "", "3"}}, "id1"));
  EXPECT_EQ(messages("inner/%2e.%2f..%2fescaped/new"), (std::vector<std::string>{"1"}));
  EXPECT_EQ(messages("inner/%2e./new"), (std::vector<std::string>{"2"}));
  EXPECT_EQ(messages("inner/a%2fb/new"), (std::vector<std::string>{"3"}));
}

}  // namespace
}  // namespace smtpspec::server
