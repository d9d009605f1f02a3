#include "harness/target/mailbox.h"

#include <gtest/gtest.h>

#include "tests/unit/target/mailbox_questions.h"

namespace smtpspec::target {
namespace {

using verdict::LineEnds;
using Messages = std::vector<std::string>;

class FileMailbox : public ::testing::Test {
 protected:
  std::unique_ptr<Mailbox> open(const std::string& kind, const std::string& name = "") {
    return open_mailbox(loop, {kind + ":" + scratch.path() + name});
  }
  transport::EventLoop loop;
  ScratchFolder scratch;
};

class Maildir : public FileMailbox {};
class Folder : public FileMailbox {};
class Mbox : public FileMailbox {
 protected:
  const std::string file = scratch.path() + "/mbox";
};

TEST_F(Maildir, FindsMessagesByTokenInNewAndCurAndBelow) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1.a", std::string("X: token-1\r\n\r\n\0.\r\n", 18));
  write(scratch.path() + "/cur", "2.a:2,S", "token-1 seen");
  write(scratch.path() + "/alice/new", "3.a", "token-1 alice");
  write(scratch.path() + "/example.org/bob/new", "4.a", "token-1 bob");
  write(scratch.path() + "/new", "5.a", "token-2");
  write(scratch.path() + "/tmp", "6.a", "token-1 unfinished");
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 4)),
            (Messages{std::string("X: token-1\r\n\r\n\0.\r\n", 18), "token-1 seen", "token-1 alice", "token-1 bob"}));
}

TEST_F(Maildir, WaitsForAMessageThatComesLater) {
  const auto mailbox = open("maildir");
  auto delivery = loop.call_after(30ms, [&] { write(scratch.path() + "/new", "1", "token-1"); });
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
}

TEST_F(Maildir, AnswersAtTheDeadlineWithWhatIsThere) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1", "token-1");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 2, 30ms)->size(), 1u);
  EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1, 30ms)->size(), 0u);
}

TEST_F(Maildir, WhoAsksForNothingLearnsWhetherItCanBeRead) {
  // Longer than run_until() has patience, were it waited for the deadline.
  EXPECT_EQ(fetch(loop, *open("maildir"), "token-1", 0, 1h)->size(), 0u);
}

TEST_F(Maildir, WhereSomethingHasArrivedEverythingIsWaitedFor) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1", "token-1");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1, 5ms)->size(), 0u);
  auto delivery = loop.call_after(1300ms, [&] { write(scratch.path() + "/new", "2", "token-2"); });
  EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1)->size(), 1u);
}

TEST_F(Maildir, MessageIsCountedOnceThoughAReaderMovesAndFlagsIt) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1.a", "token-1");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
  std::filesystem::create_directories(scratch.path() + "/cur");
  std::filesystem::rename(scratch.path() + "/new/1.a", scratch.path() + "/cur/1.a:2,RS");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 2, 50ms)->size(), 1u);
}

TEST_F(Maildir, MessagesOfAnEarlierRunAreNoMessages) {
  write(scratch.path() + "/new", "1", "token-1 of yesterday");
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "2", "token-1");
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 2, 50ms)), (Messages{"token-1"}));
}

TEST_F(Maildir, TellsWhatItsLineEndsMean) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1", "X: token-1\n\na\r\nb\n");
  write(scratch.path() + "/new", "2", "X: token-2\n\na\nb\n");
  write(scratch.path() + "/new", "3", "X: token-3\r\n\r\na\nb\r\n");
  const auto mixed = fetch(loop, *mailbox, "token-1", 1);
  EXPECT_EQ(mixed->at(0).octets, "X: token-1\r\n\r\na\r\nb\r\n");
  EXPECT_EQ(mixed->at(0).artefacts, (verdict::StorageArtefacts{LineEnds::unknown, false, true, false, true}));
  const auto lf = fetch(loop, *mailbox, "token-2", 1);
  EXPECT_EQ(lf->at(0).octets, "X: token-2\r\n\r\na\r\nb\r\n");
  EXPECT_EQ(lf->at(0).artefacts.line_ends, LineEnds::lf);
  const auto crlf = fetch(loop, *mailbox, "token-3", 1);
  EXPECT_EQ(crlf->at(0).octets, "X: token-3\r\n\r\na\nb\r\n");
  EXPECT_EQ(crlf->at(0).artefacts.line_ends, LineEnds::kept);
}

TEST_F(Maildir, MessageThatIsTooLargeIsAnErrorForWhoeverAsksForItOnly) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1", "X: token-1\n\n");
  std::filesystem::resize_file(scratch.path() + "/new/1", 65 * 1024 * 1024);
  write(scratch.path() + "/new", "2", "X: token-2\n\n");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1).error(), "a message with this token has more than 67108864 octets");
  EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1)->size(), 1u);
}

TEST_F(Maildir, FolderThatNeverComesIsAnErrorAndWaitedForOnce) {
  const auto mailbox = open_mailbox(loop, {"maildir:/nonexistent/maildir"});
  const std::string error = "there is no folder '/nonexistent/maildir'";
  const auto began = loop.now();
  EXPECT_EQ(fetch(loop, *mailbox, "t", 1, 200ms).error(), error);
  EXPECT_GE(loop.now() - began, 200ms);
  // With the test's own limit of time this would fail, were it waited for.
  EXPECT_EQ(fetch(loop, *mailbox, "t", 1, 1h).error(), error);
}

TEST_F(Maildir, FolderThatTheServerMakesWithItsFirstMessageIsRead) {
  const auto mailbox = open("maildir", "/made-later");
  auto timer = loop.call_after(100ms, [&] { write(scratch.path() + "/made-later/new", "1", "X: token-1\n\n"); });
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
}

TEST_F(Maildir, WhatWasReadForOneIsThereForTheNext) {
  const auto mailbox = open("maildir");
  write(scratch.path() + "/new", "1", "token-1 token-2");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
  std::filesystem::remove(scratch.path() + "/new/1");
  EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1)->size(), 1u);
}

TEST_F(Maildir, HundredQueriesAtATimeAreAllAnswered) {
  const auto mailbox = open("maildir");
  int answered = 0;
  for (int i = 0; i < 100; ++i) {
    mailbox->fetch({"", "token" + std::to_string(100000 + i), 1, loop.now() + 8s}, [&](const MailboxAnswer& answer) {
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->size(), 1u);
      ++answered;
    });
    write(scratch.path() + "/new", std::to_string(i), "X: token" + std::to_string(100000 + i) + "\n\n");
  }
  EXPECT_TRUE(testing::run_until(loop, [&] { return answered == 100; }));
}

TEST_F(Folder, EachFileIsAMessageAsDeepAsTwoLevels) {
  const auto mailbox = open("dir");
  write(scratch.path(), "1.eml", "X: token-1\r\n\r\n");
  write(scratch.path() + "/a/b", "2", "X: token-1\r\n\r\n2");
  write(scratch.path() + "/a/b/c", "3", "token-1: too deep");
  write(scratch.path(), ".4", "token-1: hidden");
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 2)), (Messages{"X: token-1\r\n\r\n", "X: token-1\r\n\r\n2"}));
}

TEST_F(Folder, FileThatIsStillWrittenIsWaitedFor) {
  const auto mailbox = open("dir");
  write(scratch.path(), "1", "X: token-1\r\n\r\n");
  int lines = 0;
  std::function<void()> go_on;
  transport::Timer timer;
  go_on = [&] {
    append(scratch.path() + "/1", "line\r\n");
    if (++lines < 10) timer = loop.call_after(10ms, [&] { go_on(); });
  };
  timer = loop.call_after(10ms, [&] { go_on(); });
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->at(0).octets.size(), 14u + 10 * 6);
}

TEST_F(Folder, FileThatBeginsWithAFromLineIsAnMbox) {
  const auto mailbox = open("dir");
  write(scratch.path(), "1", "From a@b Thu Jan  1 00:00:00 2026\nX: token-1\n\n>From x\n\n");
  const auto answer = fetch(loop, *mailbox, "token-1", 1);
  EXPECT_EQ(octets_of(answer), (Messages{"X: token-1\r\n\r\n>From x\r\n"}));
  EXPECT_TRUE(answer->at(0).artefacts.may_quote_from);
}

TEST_F(Mbox, FromLinesDivideMessagesAndAreNoPartOfThem) {
  append(file, "From old@example.org Thu Jan  1 00:00:00 2026\nX: token-1 of yesterday\n\n\n");
  const auto mailbox = open("mbox", "/mbox");
  append(file, "From a@b Thu Jan  1 00:00:00 2026\nX: token-1\n\n>From x\nFrom y\n\n");
  append(file, "From a@b Thu Jan  1 00:00:00 2026\nX: token-1\n\nlast\n\n\n");
  const auto answer = fetch(loop, *mailbox, "token-1", 2);
  EXPECT_EQ(octets_of(answer), (Messages{"X: token-1\r\n\r\n>From x\r\nFrom y\r\n", "X: token-1\r\n\r\nlast\r\n\r\n"}));
  EXPECT_EQ(answer->at(0).artefacts, (verdict::StorageArtefacts{LineEnds::lf, true, true, true, true}));
}

TEST_F(Mbox, FileThatIsNotThereMayYetCome) {
  const auto mailbox = open("mbox", "/mbox");
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 1, 30ms)), Messages{"error: there is no file '" + file + "'"});
  append(file, "From a@b\nX: token-1\n\n\n");
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1)->size(), 1u);
}

TEST_F(Mbox, FileThatIsWrittenAnewIsReadAnew) {
  const auto mailbox = open("mbox", "/mbox");
  append(file, "From a@b\nX: token-1\n\n\nFrom a@b\nX: token-2\n\n\n");
  EXPECT_EQ(fetch(loop, *mailbox, "token-2", 1)->size(), 1u);
  write(scratch.path(), "mbox", "From a@b\nX: token-3\n\n\n");
  EXPECT_EQ(fetch(loop, *mailbox, "token-3", 1)->size(), 1u);
  EXPECT_EQ(fetch(loop, *mailbox, "token-1", 1, 200ms)->size(), 0u);
}

TEST_F(Mbox, LastMessageIsWholeWhenTheLockIsGone) {
  const auto mailbox = open("mbox", "/mbox");
  write(scratch.path(), "mbox.lock", "");
  append(file, "From a@b\nX: token-1\n\n");
  auto unlock = loop.call_after(300ms, [&] {
    append(file, "text\n\n");
    std::filesystem::remove(file + ".lock");
  });
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 1)), (Messages{"X: token-1\r\n\r\ntext\r\n"}));
}

TEST_F(Mbox, FolderInsteadOfAFileIsAnError) {
  EXPECT_EQ(fetch(loop, *open("mbox"), "t", 1).error(),
            "'" + scratch.path() + "' is no file; a Maildir is given as maildir:PATH");
  EXPECT_NE(fetch(loop, *open_mailbox(loop, {"mbox:/nonexistent/mbox"}), "t", 1).error().find("No such file"),
            std::string::npos);
}

}  // namespace
}  // namespace smtpspec::target
