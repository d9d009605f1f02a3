// POP3 and IMAP against servers on the test's own loop, well-behaved and hostile.
#include <gtest/gtest.h>

#include "harness/transport/tls_policy.h"
#include "tests/unit/target/mail_server.h"
#include "tests/unit/target/mailbox_questions.h"

namespace smtpspec::target {
namespace {

using Messages = std::vector<std::string>;

class MailServerTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const auto made = make_mailbox(loop, {"pop3:pop3://a@127.0.0.1:1"}); !made) GTEST_SKIP() << made.error();
  }
  bool is_imap() const { return std::string(GetParam()) == "imap"; }
  MailServer::Options plain_server() const { return is_imap() ? imap_server(messages) : pop3_server(messages); }
  MailboxOptions options_for(const MailServer& server, const std::string& security = "") const {
    return {std::string(GetParam()) + ":" + GetParam() + security + "://alice@" + server.address(), "secret"};
  }
  transport::EventLoop loop;
  Messages messages;
};

std::string name_of(const ::testing::TestParamInfo<const char*>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(Kinds, MailServerTest, ::testing::Values("pop3", "imap"), name_of);

TEST_P(MailServerTest, MessagesComeWholeAndEachOnce) {
  messages = {"X: token-1\r\n\r\n.dot\r\n..\r\n\r\n", "X: token-2\r\n\r\n",
              "X: token-1\r\n\r\n" + std::string(100000, 'x') + "\r\n"};
  MailServer server(loop, plain_server());
  const auto mailbox = open_mailbox(loop, options_for(server));
  const auto answer = fetch(loop, *mailbox, "token-1", 2);
  EXPECT_EQ(octets_of(answer), (Messages{messages[0], messages[2]}));
  const bool is_imap = std::string_view(GetParam()) == "imap";
  EXPECT_EQ(answer->at(0).artefacts,
            (verdict::StorageArtefacts{verdict::LineEnds::unknown, true, true, true, true, is_imap}));
  messages.push_back("X: token-3\r\n\r\nlater\r\n");
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-3", 1)), (Messages{messages[3]}));
  const auto fetches = std::count_if(server.lines().begin(), server.lines().end(), [](const std::string& line) {
    return line.starts_with("RETR") || line.find("UID FETCH") != std::string::npos;
  });
  EXPECT_EQ(fetches, 4);
}

TEST_P(MailServerTest, MessageThatIsNotThereIsAnEmptyAnswer) {
  MailServer server(loop, plain_server());
  EXPECT_EQ(fetch(loop, *open_mailbox(loop, options_for(server)), "token-1", 1, 600ms)->size(), 0u);
}

TEST_P(MailServerTest, WrongPasswordIsAnErrorAtOnceAndNamesTheServer) {
  MailServer server(loop, plain_server());
  MailboxOptions options = options_for(server);
  options.password = "wrong";
  const auto answer = fetch(loop, *open_mailbox(loop, options), "token-1", 1, 1h);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().starts_with(std::string(GetParam()) + "://" + server.address() + ": ")) << answer.error();
  EXPECT_EQ(answer.error().find("wrong"), std::string::npos);
}

TEST_P(MailServerTest, CertificateIsVerifiedWhereTheProfileSaysSo) {
  messages = {"X: token-1\r\n\r\n"};
  auto tls = transport::ServerTls::make_self_signed({"127.0.0.1"});
  ASSERT_TRUE(tls);
  MailServer::Options server_options = plain_server();
  server_options.tls = *tls;
  MailServer server(loop, server_options);
  MailboxOptions options = options_for(server, "s");
  EXPECT_EQ(fetch(loop, *open_mailbox(loop, options), "token-1", 1)->size(), 1u);
  options.verify_tls = true;
  const auto answer = fetch(loop, *open_mailbox(loop, options), "token-1", 1, 1h);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().find("certificate"), std::string::npos) << answer.error();
}

TEST_P(MailServerTest, ServerThatNeverAnswersIsAnErrorAtTheDeadlineAndHoldsNobodyUp) {
  MailServer silent(loop, {});
  MailServer greeting_only(loop, {plain_server().greeting, {}});
  for (MailServer* server : {&silent, &greeting_only}) {
    const auto mailbox = open_mailbox(loop, options_for(*server));
    EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 1, 300ms)),
              (Messages{"error: the mailbox did not answer in time"}));
  }
}

TEST_P(MailServerTest, ServerThatClosesIsAnErrorThatNamesIt) {
  MailServer server(loop, plain_server());
  server.close_at_once(true);
  const auto answer = fetch(loop, *open_mailbox(loop, options_for(server)), "token-1", 1, 600ms);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().starts_with(std::string(GetParam()) + "://" + server.address() + ": ")) << answer.error();
}

TEST_P(MailServerTest, ServerThatTalksGarbageIsAnError) {
  const auto say_garbage = [](const std::string&) { return "\x80?\r\n"; };
  MailServer at_once(loop, {std::string("\0\xff\x1b[2J garbage\r\n", 17), say_garbage});
  MailServer later(loop, {plain_server().greeting, say_garbage});
  for (MailServer* server : {&at_once, &later})
    EXPECT_FALSE(fetch(loop, *open_mailbox(loop, options_for(*server)), "token-1", 1, 600ms));
}

TEST_P(MailServerTest, GarbageBehindTheLogInIsAnError) {
  MailServer::Options options = plain_server();
  options.answer = [answer = options.answer](const std::string& line) {
    const bool is_list = line == "UIDL" || line == "LIST" || line.find("SEARCH") != std::string::npos;
    return is_list ? "\x80 1 2 3\r\n* SEARCH x -1 99999999999999999999\r\nNO\r\n" : answer(line);
  };
  MailServer server(loop, options);
  const auto answer = fetch(loop, *open_mailbox(loop, options_for(server)), "token-1", 1, 600ms);
  EXPECT_FALSE(answer) << "messages: " << answer->size();
}

TEST_P(MailServerTest, HundredMegabytesAreCutOffAndAreAnErrorForWhoeverAsks) {
  messages = {"X: token-1\r\n\r\n" + std::string(100'000'000, 'x') + "\r\n", "X: token-2\r\n\r\n"};
  MailServer server(loop, plain_server());
  const auto mailbox = open_mailbox(loop, options_for(server));
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-2", 1)), (Messages{messages[1]}));
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 1)),
            (Messages{"error: a message with this token has more than 67108864 octets"}));
}

TEST_P(MailServerTest, FloodInsteadOfALineIsAnError) {
  MailServer::Options options = plain_server();
  options.flood_octets = 100'000'000;
  MailServer server(loop, options);
  EXPECT_FALSE(fetch(loop, *open_mailbox(loop, options_for(server)), "token-1", 1, 1500ms));
}

TEST_P(MailServerTest, ServerThatComesUpLaterIsWaitedFor) {
  messages = {"X: token-1\r\n\r\n"};
  MailServer server(loop, plain_server());
  server.close_at_once(true);
  auto timer = loop.call_after(200ms, [&] { server.close_at_once(false); });
  EXPECT_EQ(fetch(loop, *open_mailbox(loop, options_for(server)), "token-1", 1)->size(), 1u);
}

TEST_F(MailServerTest, Pop3WithoutUidlGoesByNumber) {
  messages = {"X: token-1\r\n\r\n"};
  MailServer server(loop, pop3_server(messages, false));
  const auto mailbox = open_mailbox(loop, {"pop3:pop3://alice@" + server.address(), "secret"});
  EXPECT_EQ(octets_of(fetch(loop, *mailbox, "token-1", 1)), messages);
}

TEST_F(MailServerTest, ImapFolderThatIsNotThereIsAnError) {
  MailServer server(loop, imap_server(messages));
  const auto mailbox = open_mailbox(loop, {"imap:imap://alice@" + server.address() + "/Other", "secret"});
  EXPECT_FALSE(fetch(loop, *mailbox, "token-1", 1, 600ms));
}

}  // namespace
}  // namespace smtpspec::target
