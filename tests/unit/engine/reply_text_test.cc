// What an expectation asks of a reply's text and octets.
#include <gtest/gtest.h>

#include "harness/base/base64.h"
#include "tests/unit/engine/fake_world.h"

namespace smtpspec::engine {
namespace {

using verdict::Verdict;

verdict::ScenarioResult result_of(const std::string& reply, std::string_view expectation) {
  FakeServer server;
  server.answer = [&reply](const std::string& line) { return line == "AUTH PLAIN" ? reply : plain_answer(line); };
  return play(
             "scenario t.one \"A test\"\n"
             "  checks RFC1-1-01\n"
             "  S: 220\n"
             "  C: AUTH PLAIN\n"
             "  " +
                 std::string(expectation) + " [RFC1-1-01]\n",
             server)
      .result;
}

Verdict verdict_of(const std::string& reply, std::string_view expectation) {
  return result_of(reply, expectation).verdict;
}

TEST(ReplyText, Base64IsDecodedStrictly) {
  EXPECT_EQ(verdict_of("334 VXNlcm5hbWU6\r\n", "S: 334 base64 \"User\""), Verdict::pass);
  EXPECT_EQ(verdict_of("334 VXNlcm5hbWU6\r\n", "S: 334 base64 /^Username:$/"), Verdict::pass);
  EXPECT_EQ(verdict_of("334 VXNlcm5hbWU6\r\n", "S: 334 base64 \"user\""), Verdict::fail);
  EXPECT_EQ(verdict_of("334 \r\n", "S: 334 base64 \"\""), Verdict::pass);
  EXPECT_EQ(verdict_of("334 go ahead\r\n", "S: 334 base64 \"\""), Verdict::fail);
}

TEST(ReplyText, MayHaveToLackSomething) {
  EXPECT_EQ(verdict_of("334 abcd\r\n", "S: 334 lacks \"bc\""), Verdict::fail);
  EXPECT_EQ(verdict_of("334 abcd\r\n", "S: 334 lacks \"bd\""), Verdict::pass);
  EXPECT_EQ(verdict_of("334 VXNlcg==\r\n", "S: 334 base64 lacks \"ser\""), Verdict::fail);
}

TEST(ReplyText, ExactlyIsEveryOctet) {
  EXPECT_EQ(verdict_of("334 \r\n", "S: 334 exactly \"334 \\r\\n\""), Verdict::pass);
  EXPECT_EQ(verdict_of("334\r\n", "S: 334 exactly \"334 \\r\\n\""), Verdict::fail);
}

TEST(ReplyText, ACheckSaysWhatWasAmissBesideTheCode) {
  EXPECT_EQ(result_of("334\r\n", "S: 334 exactly \"334 \\r\\n\"").checks.front().expected,
            "334, exactly \"334 \\r\\n\"");
  EXPECT_EQ(result_of("535 no\r\n", "S: 334 exactly \"334 \\r\\n\"").checks.front().expected, "334");
}

TEST(Base64, GoesThereAndBack) {
  EXPECT_EQ(base::base64("ab"), "YWI=");
  EXPECT_EQ(base::from_base64("YWI="), "ab");
  EXPECT_EQ(base::from_base64("YQ=="), "a");
  EXPECT_EQ(base::from_base64(""), "");
  const std::string octets("\x00\xff\x80\x0a", 4);
  EXPECT_EQ(base::from_base64(base::base64(octets)), octets);
}

TEST(Base64, TakesNothingElse) {
  for (const char* text : {"YWI", "YWI==", "Y===", "====", "=AAA", "AAA=BBB=", "YW I=", "YW-_", "YWI=\n"})
    EXPECT_FALSE(base::from_base64(text)) << text;
}

}  // namespace
}  // namespace smtpspec::engine
