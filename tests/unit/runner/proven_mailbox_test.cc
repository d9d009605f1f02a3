#include "harness/runner/proven_mailbox.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

using namespace std::chrono_literals;
using target::MailboxAnswer;
using target::MailQuery;

const std::string kAlice = "alice@example.org";
const std::string kBob = "bob@example.org";

// Holds tokens; answers a question at once if they are there, at its deadline otherwise.
class FakeMailbox final : public target::Mailbox {
 public:
  explicit FakeMailbox(transport::EventLoop& loop) : loop_(loop) {}

  void fetch(MailQuery query, std::function<void(const MailboxAnswer&)> callback) override {
    ++questions;
    const auto count = held.count(query.token);
    const auto when = static_cast<int>(count) >= query.at_least ? loop_.now() : query.deadline;
    timers_.push_back(loop_.call_at(when, [this, query, callback] {
      if (!fault.empty()) return callback(base::make_unexpected(fault));
      callback(std::vector<verdict::StoredMessage>(held.count(query.token), {text, {}}));
    }));
  }

  std::multiset<std::string> held;
  std::string text;  // of every message
  std::string fault;
  int questions = 0;

 private:
  transport::EventLoop& loop_;
  std::vector<transport::Timer> timers_;
};

class Proof : public ::testing::Test {
 protected:
  // What a question comes to: the count of messages, or the error.
  std::string ask(const std::string& recipient, const std::string& token, int at_least = 1,
                  std::chrono::milliseconds patience = 20ms) {
    std::string result;
    mailbox.fetch({recipient, token, at_least, loop.now() + patience}, [&](const MailboxAnswer& answer) {
      result = answer ? std::to_string(answer->size()) : answer.error();
      loop.stop();
    });
    EXPECT_TRUE(loop.run_for(5s));
    return result;
  }

  transport::EventLoop loop;
  FakeMailbox inner{loop};
  std::vector<std::string> sent;    // to whom
  std::set<std::string> delivered;  // whose mail comes into the mailbox
  std::string refusal;
  ProvenMailbox mailbox{
      loop,
      inner,
      {kAlice, kBob},
      [this](const std::string& recipient, const std::function<void(const ProvenMailbox::Sent&)>& done) {
        sent.push_back(recipient);
        if (!refusal.empty()) return loop.post([done, this] { done({"", refusal}); });
        if (delivered.contains(recipient)) {
          inner.held.insert("control " + recipient);
          inner.fault.clear();
        }
        loop.post([done, recipient] { done({"control " + recipient, ""}); });
      }};
};

TEST_F(Proof, IsNotSoughtWhereMessagesAreFound) {
  inner.held = {"one", "two", "two"};
  EXPECT_EQ(ask(kAlice, "one"), "1");
  EXPECT_EQ(ask(kAlice, "two", 2), "2");
  EXPECT_TRUE(sent.empty());
}

// A message to both of them is found in the mailbox of the other.
TEST_F(Proof, IsNoMessageThatMayHaveGoneToOthers) {
  inner.held = {"one"};
  EXPECT_EQ(ask(kAlice, "one"), "1");
  EXPECT_NE(ask(kAlice, "lost").find("a plain message to alice@example.org"), std::string::npos);
}

TEST_F(Proof, IsNothingWhereMessagesAreNotKeptApart) {
  const std::string own = "t0123456789abcdef";
  inner.held = {own};
  inner.text = "Subject: " + own + "\r\n\r\nm0123456789abcdef\r\n";  // its own marker
  EXPECT_EQ(ask(kAlice, own), "1");
  inner.text += "Subject: t0123456789abcdee first\r\n";
  EXPECT_NE(ask(kAlice, own).find("does not keep messages apart"), std::string::npos);
  inner.text.clear();
  EXPECT_NE(ask(kAlice, own).find("does not keep messages apart"), std::string::npos);  // from there on
  EXPECT_EQ(ask(kBob, own), "1");
  EXPECT_TRUE(sent.empty());
}

TEST_F(Proof, IsNothingWhereItCannotBeToldFromTheOthers) {
  delivered = {kAlice};
  inner.text = "control alice@example.org, t0123456789abcdef";
  EXPECT_NE(ask(kAlice, "lost").find("does not keep messages apart"), std::string::npos);
}

TEST_F(Proof, IsAPlainMessageThatArrives) {
  delivered = {kAlice};
  EXPECT_EQ(ask(kAlice, "lost"), "0");
  EXPECT_EQ(ask(kAlice, "lost too"), "0");
  EXPECT_EQ(sent, std::vector{kAlice});
}

TEST_F(Proof, FailsWhereThePlainMessageDoesNotArriveEither) {
  EXPECT_EQ(ask(kAlice, "lost"),
            "a plain message to alice@example.org, which the server took, has not come into it within 0.02 s either: "
            "it is another's, or the server loses all that is sent there");
  const int questions = inner.questions;
  EXPECT_NE(ask(kAlice, "lost too", 1, 1h), "0");  // and nobody waits for it any more
  EXPECT_EQ(inner.questions, questions);
  EXPECT_EQ(sent, std::vector{kAlice});
}

TEST_F(Proof, IsTriedAgainWhereThePlainMessageWasRefused) {
  refusal = "450 later";
  EXPECT_NE(ask(kAlice, "lost").find("was not taken: 450 later"), std::string::npos);
  refusal.clear();
  delivered = {kAlice};
  EXPECT_EQ(ask(kAlice, "lost"), "0");
}

TEST_F(Proof, IsTriedAgainOnceTheServerHasBeenStartedAnew) {
  EXPECT_NE(ask(kAlice, "lost"), "0");
  mailbox.forget_doubts();
  delivered = {kAlice};
  EXPECT_EQ(ask(kAlice, "lost"), "0");
}

TEST_F(Proof, OfAMessageToSeveralIsOwedForEachOfThem) {
  inner.held = {"both"};
  delivered = {kAlice};
  EXPECT_NE(ask(kAlice, "both", 2).find("a plain message to bob@example.org"), std::string::npos);
  delivered = {kAlice, kBob};
  EXPECT_EQ(ask(kAlice, "alice only"), "0");
}

TEST_F(Proof, BeginsBesideAMessageThatIsLate) {
  EXPECT_NE(ask(kAlice, "lost", 1, 1200ms), "0");
  EXPECT_EQ(sent, std::vector{kAlice});
}

TEST_F(Proof, IsOfNoConcernToWhoDoesNotWait) {
  EXPECT_EQ(ask(kAlice, "counted", 1, 0ms), "0");
  EXPECT_TRUE(sent.empty());
}

TEST_F(Proof, TellsWhyTheMailboxCannotBeRead) {
  inner.fault = "there is no file 'mbox'";
  EXPECT_EQ(ask(kAlice, "one"), "there is no file 'mbox'");
}

TEST_F(Proof, ReadsAMailboxThatTheProofHasMade) {
  inner.fault = "there is no file 'mbox'";
  delivered = {kAlice};
  EXPECT_EQ(ask(kAlice, "lost"), "0");
}

}  // namespace
}  // namespace smtpspec::runner
