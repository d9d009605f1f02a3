#include "harness/target/mailbox.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "harness/target/command_line.h"
#include "tests/support/loop.h"

namespace smtpspec::target {
namespace {

using namespace std::chrono_literals;

void deliver(const std::string& folder, const std::string& name, const std::string& text) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/" + name, std::ios::binary) << text;
}

MailboxAnswer fetch(transport::EventLoop& loop, Mailbox& mailbox, const std::string& token, int at_least,
                    std::chrono::milliseconds time = 5000ms) {
  std::optional<MailboxAnswer> result;
  mailbox.fetch(token, at_least, loop.now() + time, [&](const MailboxAnswer& answer) { result = answer; });
  testing::run_until(loop, [&] { return result.has_value(); });
  return result.value_or(base::make_unexpected(std::string("no callback")));
}

TEST(Maildir, FindsMessagesByTokenInNewAndCurAndBelow) {
  transport::EventLoop loop;
  ScratchFolder scratch;
  deliver(scratch.path() + "/new", "1.a", std::string("X: token-1\r\n\r\n\0.\r\n", 18));
  deliver(scratch.path() + "/cur", "2.a:2,S", "token-1 seen");
  deliver(scratch.path() + "/alice/new", "3.a", "token-1 alice");
  deliver(scratch.path() + "/example.org/bob/new", "4.a", "token-1 bob");
  deliver(scratch.path() + "/new", "5.a", "token-2");
  deliver(scratch.path() + "/tmp", "6.a", "token-1 unfinished");
  const auto mailbox = make_maildir(loop, scratch.path());
  const auto answer = fetch(loop, *mailbox, "token-1", 4);
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, (std::vector<std::string>{std::string("X: token-1\r\n\r\n\0.\r\n", 18), "token-1 seen",
                                               "token-1 alice", "token-1 bob"}));
}

TEST(Maildir, WaitsForAMessageThatComesLater) {
  transport::EventLoop loop;
  ScratchFolder scratch;
  const auto mailbox = make_maildir(loop, scratch.path());
  auto delivery = loop.call_after(30ms, [&] { deliver(scratch.path() + "/new", "1", "token-1"); });
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
}

TEST(Maildir, AnswersAtTheDeadlineWithWhatIsThere) {
  transport::EventLoop loop;
  ScratchFolder scratch;
  deliver(scratch.path() + "/new", "1", "token-1");
  const auto mailbox = make_maildir(loop, scratch.path());
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 2, 30ms)->size(), 1u);
  EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1, 30ms)->size(), 0u);
}

TEST(Maildir, FolderThatIsNotThereIsAnErrorAndNotAnEmptyAnswer) {
  transport::EventLoop loop;
  EXPECT_EQ(fetch(loop, *make_maildir(loop, "/nonexistent/maildir"), "t", 1).error(),
            "there is no folder '/nonexistent/maildir'");
}

TEST(Mailbox, IsMadeFromTheTextOfTheCommandLine) {
  transport::EventLoop loop;
  EXPECT_TRUE(make_mailbox(loop, "maildir:/var/mail"));
  EXPECT_FALSE(make_mailbox(loop, "maildir:"));
  EXPECT_FALSE(make_mailbox(loop, "imap://host"));
}

}  // namespace
}  // namespace smtpspec::target
