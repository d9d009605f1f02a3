#include "harness/target/polled_mailbox.h"

#include <gtest/gtest.h>

#include "tests/unit/target/mailbox_questions.h"

namespace smtpspec::target {
namespace {

// A mail server: what a look brings comes later, in two parts, and the loop is free meanwhile.
class SlowSource final : public MessageSource {
 public:
  explicit SlowSource(transport::EventLoop& loop) : loop_(loop) {}

  void look(MessageIndex& index, std::function<void(const Look&)> done) override {
    ++looks;
    timer_ = loop_.call_after(kTimeOfLook, [this, &index, done = std::move(done)] {
      const bool has_more = left.size() > 1;
      if (!left.empty()) {
        index.add({left.back(), {}});
        left.pop_back();
      }
      done({error, !error.empty(), has_more});
    });
  }
  std::chrono::milliseconds pause() const override { return 10ms; }
  bool is_on_loop() const override { return false; }

  static constexpr auto kTimeOfLook = 60ms;
  std::vector<std::string> left;  // the last one comes first
  std::string error;
  int looks = 0;

 private:
  transport::EventLoop& loop_;
  transport::Timer timer_;
};

class SlowMailbox : public ::testing::Test {
 protected:
  MailboxAnswer count(const std::string& token) { return fetch(loop, mailbox, token, 3, 0ms); }

  transport::EventLoop loop;
  std::unique_ptr<SlowSource> owned = std::make_unique<SlowSource>(loop);
  SlowSource& source = *owned;
  PolledMailbox mailbox{loop, std::move(owned)};
};

TEST_F(SlowMailbox, AQuestionThatMayNotTakeTimeIsAnsweredAfterOneWholeLook) {
  source.left = {"token-1 older", "token-1 newer"};
  EXPECT_EQ(octets_of(count("token-1")), (std::vector<std::string>{"token-1 newer", "token-1 older"}));
  EXPECT_EQ(octets_of(count("token-2")), std::vector<std::string>{});
}

TEST_F(SlowMailbox, WhatCouldNotBeReadIsNoCount) {
  source.error = "no login";
  std::optional<MailboxAnswer> answer;
  mailbox.fetch({"a@b.example", "token-1", 1, loop.now()}, [&](const MailboxAnswer& one) { answer = one; });
  loop.run_for(200ms);
  EXPECT_FALSE(answer) << "the error may pass";
  source.error.clear();
  ASSERT_TRUE(testing::run_until(loop, [&] { return answer.has_value(); }));
  EXPECT_EQ(octets_of(*answer), std::vector<std::string>{});
}

TEST_F(SlowMailbox, IsNotLeftAloneForTheTimeThatItTook) {
  fetch(loop, mailbox, "token-1", 1, 700ms);
  EXPECT_GE(source.looks, 5) << "a look of 60 ms and a pause of 10";
}

}  // namespace
}  // namespace smtpspec::target
