#include "harness/target/command_mailbox.h"

#include <gtest/gtest.h>

#include "tests/unit/target/mailbox_questions.h"

namespace smtpspec::target {
namespace {

using Messages = std::vector<std::string>;

class Command : public ::testing::Test {
 protected:
  MailboxAnswer run(const std::string& command, int at_least = 1, std::chrono::milliseconds time = 8000ms,
                    const std::string& token = "token-1") {
    return fetch(loop, *open_mailbox(loop, {"command:" + command}), token, at_least, time);
  }
  transport::EventLoop loop;
  ScratchFolder scratch;
};

TEST_F(Command, GetsTokenAndRecipientAndPrintsOneMessage) {
  EXPECT_EQ(octets_of(run("printf 'To: %s\\r\\nX: %s\\r\\n\\r\\n' \"$SMTPSPEC_RECIPIENT\" \"$SMTPSPEC_TOKEN\"")),
            (Messages{"To: alice@example.org\r\nX: token-1\r\n\r\n"}));
}

TEST_F(Command, NoPartOfAQueryIsEverRunAsACommand) {
  const std::string token = "$(touch " + scratch.path() + "/run)`touch " + scratch.path() + "/run`'\"; x";
  EXPECT_EQ(octets_of(run("printf '%s' \"$SMTPSPEC_TOKEN\"", 1, 8000ms, token)), (Messages{token}));
  EXPECT_FALSE(std::filesystem::exists(scratch.path() + "/run"));
}

TEST_F(Command, PrintsSeveralMessagesAsAnMbox) {
  EXPECT_EQ(
      octets_of(
          run("printf 'From a\\nX: token-1\\n\\n1\\n\\nFrom b\\nX: token-2\\n\\n\\nFrom c\\nX: token-1\\n\\n\\n'", 2)),
      (Messages{"X: token-1\r\n\r\n1\r\n", "X: token-1\r\n\r\n"}));
}

TEST_F(Command, PrintsOneMessageOnlyWithoutAnMbox) {
  const std::string glued = "printf 'X: token-1\\n\\n1\\nX: token-1\\n\\n2\\n'";
  EXPECT_EQ(run(glued, 1)->size(), 1u);
  EXPECT_EQ(
      run(glued, 2, 300ms).error(),
      "the mailbox command printed a text that is no mbox, where several messages are looked for: one and several "
      "look the same there");
  EXPECT_EQ(run("true", 2, 300ms)->size(), 0u);
}

TEST_F(Command, HasToQuoteFromLines) {
  const std::string text = "From here\\nit goes\\n\\nFrom c\\nX: token-2\\n\\n\\n'";
  EXPECT_EQ(octets_of(run("printf 'From a\\nX: token-1\\n\\n>" + text)),
            (Messages{"X: token-1\r\n\r\n>From here\r\nit goes\r\n"}));
  EXPECT_EQ(
      run("printf 'From a\\nX: token-1\\n\\n" + text, 1, 300ms).error(),
      "the mailbox command printed an mbox in which what follows the message has no header: a line of its text that "
      "begins with \"From \" seems not to be quoted");
}

TEST_F(Command, RunsAgainUntilTheMessageIsThere) {
  const std::string file = scratch.path() + "/message";
  auto delivery = loop.call_after(50ms, [&] { write(scratch.path(), "message", "X: token-1\n\n"); });
  EXPECT_EQ(run("if [ -e " + file + " ]; then cat " + file + "; fi")->size(), 1u);
}

TEST_F(Command, RunsOnceWhereNoTimeIsGiven) {
  const std::string count = scratch.path() + "/count";
  EXPECT_EQ(run("echo >>" + count + "; sleep 0.1; printf 'From a\\nX: token-1\\n\\n\\n'", 2, 0ms)->size(), 1u);
  EXPECT_EQ(run("echo >>" + count, 1, 0ms)->size(), 0u);
  EXPECT_EQ(std::filesystem::file_size(count), 2u);
  EXPECT_EQ(run("exit 3", 1, 0ms).error(), "the mailbox command ended with exit code 3");
}

TEST_F(Command, PrintingNothingIsAnEmptyAnswer) { EXPECT_EQ(run("true", 1, 300ms)->size(), 0u); }

TEST_F(Command, FailingIsAnErrorWithTheLastLineItSaid) {
  EXPECT_EQ(run("echo first >&2; echo no such host >&2; exit 7", 1, 300ms).error(),
            "the mailbox command ended with exit code 7: no such host");
  EXPECT_EQ(run("kill -9 $$", 1, 300ms).error(), "the mailbox command was ended by signal 9");
}

TEST_F(Command, ThatNeverEndsIsKilledWithItsChildrenAtTheDeadline) {
  const std::string file = scratch.path() + "/pid";
  EXPECT_EQ(run("sleep 1000 & echo $! >" + file + "; wait", 1, 500ms).error(),
            "the mailbox command did not end before the message was due");
  std::string pid;
  std::ifstream(file) >> pid;
  ASSERT_FALSE(pid.empty());
  // Dead, or a zombie that nobody has buried yet.
  EXPECT_TRUE(testing::run_until(loop, [&] {
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string number, name, state;
    return !(stat >> number >> name >> state) || state == "Z";
  }));
}

TEST_F(Command, EndlessOutputIsAnErrorAndNotHeld) {
  EXPECT_EQ(run("yes token-1", 1, 3000ms).error(), "the mailbox command printed more than 67108864 octets");
}

TEST_F(Command, ManyQueriesTakeTurns) {
  const auto mailbox = open_mailbox(loop, {"command:printf '%s' \"$SMTPSPEC_TOKEN\""});
  int answered = 0;
  for (int i = 0; i < 5 * kMaxCommandProcesses; ++i)
    mailbox->fetch({"", "token-" + std::to_string(i), 1, loop.now() + 9s},
                   [&](const MailboxAnswer& answer) { answered += answer && answer->size() == 1; });
  EXPECT_TRUE(testing::run_until(loop, [&] { return answered == 5 * kMaxCommandProcesses; }));
}

TEST_F(Command, MailboxMayGoWhileItsCommandRuns) {
  auto mailbox = open_mailbox(loop, {"command:sleep 1000"});
  bool is_answered = false;
  mailbox->fetch({"", "t", 1, loop.now() + 9s}, [&](const MailboxAnswer&) { is_answered = true; });
  loop.run_for(50ms);
  mailbox.reset();
  loop.run_for(50ms);
  EXPECT_FALSE(is_answered);
}

}  // namespace
}  // namespace smtpspec::target
