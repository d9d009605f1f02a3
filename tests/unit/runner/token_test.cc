#include "harness/runner/token.h"

#include <string>

#include <gtest/gtest.h>

namespace smtpspec::runner {
namespace {

TEST(Token, IsAWordOfItsOwn) {
  EXPECT_EQ(token_of(1, 2, 3).size(), 17U);
  EXPECT_EQ(token_of(1, 2, 3), token_of(1, 2, 3));
  EXPECT_NE(token_of(1, 2, 3), token_of(1, 2, 4));
  EXPECT_NE(token_of(1, 2, 3), token_of(1, 3, 3));
  EXPECT_NE(token_of(1, 2, 3), token_of(2, 2, 3));
}

TEST(Token, OfAnotherTryIsSeenInAText) {
  const std::string own = token_of(1, 2, 3);
  const std::string other = token_of(1, 2, 4);
  EXPECT_TRUE(holds_other_token("Subject: " + own + "\r\n\r\n" + other, own));
  EXPECT_TRUE(holds_other_token(other + ".control@example.com", own));
  EXPECT_TRUE(holds_other_token("<m" + other.substr(1) + ">", own));
  EXPECT_TRUE(holds_other_token(other, "tcontrol1n1"));
}

TEST(Token, OfTheTryItselfIsNoOther) {
  const std::string own = token_of(1, 2, 3);
  EXPECT_FALSE(holds_other_token("", own));
  EXPECT_FALSE(holds_other_token("Subject: " + own + " and m" + own.substr(1), own));
  EXPECT_FALSE(holds_other_token(own, "m" + own.substr(1)));
  // Words that are longer or shorter, and numbers, are none of ours.
  for (const std::string word : {"t0123456789abcde", "t0123456789abcdef0", "xt0123456789abcdef", "t0123456789abcdefg",
                                 "0123456789abcdef", "u0123456789abcdef", "t0123456789ABCDEF"})
    EXPECT_FALSE(holds_other_token("<" + word + ">", own)) << word;
}

}  // namespace
}  // namespace smtpspec::runner
