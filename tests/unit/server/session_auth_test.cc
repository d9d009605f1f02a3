#include <gtest/gtest.h>

#include "harness/server/base64.h"
#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

constexpr const char* kWelcome = "235 2.7.0 Authentication successful\r\n";
constexpr const char* kGoAway = "535 5.7.8 Authentication credentials invalid\r\n";

std::string plain(const std::string& identity, const std::string& name, const std::string& password) {
  return to_base64(identity + '\0' + name + '\0' + password);
}
std::string auth(const std::string& octets) { return after_ehlo(octets, with_users()); }

TEST(Base64, ReadsOnlyWholeQuanta) {
  EXPECT_EQ(to_base64("Username:"), "VXNlcm5hbWU6");
  EXPECT_EQ(from_base64("VXNlcm5hbWU6"), "Username:");
  EXPECT_EQ(from_base64("YQ=="), "a");
  EXPECT_EQ(from_base64(""), "");
  for (const char* text : {"Y", "YQ", "YQ=", "YQ=a", "====", "YWJj=", "YW J", "YQ==YQ=="}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
}

TEST(SessionAuth, PlainWithInitialResponse) {
  // The example of RFC 4616 §4.
  EXPECT_EQ(auth("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n"), kWelcome);
  EXPECT_EQ(auth("auth plain " + plain("tim", "tim", "tanstaaftanstaaf") + "\r\n"), kWelcome);
}

TEST(SessionAuth, PlainAsksWithAnEmptyChallenge) {
  EXPECT_EQ(auth("AUTH PLAIN\r\nAHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n"), "334 \r\n" + std::string(kWelcome));
}

TEST(SessionAuth, LoginAsksForNameAndPassword) {
  EXPECT_EQ(auth("AUTH LOGIN\r\ndGlt\r\n" + to_base64("tanstaaftanstaaf") + "\r\n"),
            "334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n" + std::string(kWelcome));
  EXPECT_EQ(auth("AUTH LOGIN dGlt\r\n" + to_base64("tanstaaftanstaaf") + "\r\n"),
            "334 UGFzc3dvcmQ6\r\n" + std::string(kWelcome));
}

TEST(SessionAuth, RefusesWrongCredentialsAndAllowsAnotherAttempt) {
  EXPECT_EQ(auth("AUTH PLAIN " + plain("", "tim", "wrong") + "\r\nAUTH PLAIN " + plain("", "tom", "tanstaaftanstaaf") +
                 "\r\nAUTH PLAIN " + plain("tom", "tim", "tanstaaftanstaaf") + "\r\nAUTH PLAIN " +
                 plain("", "tim", "tanstaaftanstaaf") + "\r\n"),
            std::string(kGoAway) + kGoAway + kGoAway + kWelcome);
}

TEST(SessionAuth, CancelAndBadBase64Get501) {
  EXPECT_EQ(auth("AUTH PLAIN\r\n*\r\nAUTH LOGIN\r\ndGlt\r\n*\r\nNOOP\r\n"),
            "334 \r\n501 5.7.0 Authentication cancelled\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n"
            "501 5.7.0 Authentication cancelled\r\n250 2.0.0 Ok\r\n");
  for (const char* text : {"###", "AHRp=bQ=", "AHRpbQ", "=", "AH Rp"}) {
    EXPECT_EQ(auth("AUTH PLAIN\r\n" + std::string(text) + "\r\n"), "334 \r\n501 5.5.2 Cannot decode the response\r\n");
  }
  EXPECT_EQ(auth("AUTH PLAIN =\r\n"), "501 5.5.2 Cannot decode the response\r\n");
}

TEST(SessionAuth, KeepsToItsPlace) {
  const std::string out_of_order = "503 5.5.1 Bad sequence of commands, ";
  EXPECT_EQ(auth("AUTH\r\nAUTH X-NONE\r\n"),
            "501 5.5.4 Syntax error, argument required\r\n504 5.5.4 Unrecognized authentication type\r\n");
  EXPECT_EQ(auth("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\nAUTH PLAIN\r\n"),
            kWelcome + out_of_order + "authenticated already\r\n");
  EXPECT_EQ(auth("MAIL FROM:<>\r\nAUTH PLAIN\r\n"),
            "250 2.1.0 Sender ok\r\n" + out_of_order + "a transaction is open\r\n");
  EXPECT_EQ(converse(with_users(), {"AUTH PLAIN\r\n"}).octets, kGreeting + out_of_order + "send EHLO first\r\n");
}

TEST(SessionAuth, TakesLongResponses) {
  EXPECT_EQ(
      auth("AUTH PLAIN\r\n" + plain(std::string(255, 'i'), std::string(255, 'n'), std::string(255, 'p')) + "\r\n"),
      "334 \r\n" + std::string(kGoAway));
  EXPECT_EQ(auth("AUTH PLAIN\r\n" + std::string(20'000, 'A') + "\r\nNOOP\r\n"),
            "334 \r\n500 5.5.6 Authentication exchange line is too long\r\n250 2.0.0 Ok\r\n");
}

TEST(SessionAuth, CanNeedTls) {
  Config config = with_users();
  config.require_tls_for_auth = true;
  const std::string plaintext = converse(config, {"EHLO c.example\r\nAUTH PLAIN\r\n"}).octets;
  EXPECT_EQ(plaintext.find("250-AUTH"), std::string::npos);
  EXPECT_TRUE(plaintext.ends_with("530 5.7.0 Must issue a STARTTLS command first\r\n"));
  SessionInfo info;
  info.is_tls = true;
  EXPECT_NE(converse(config, {"EHLO c.example\r\n"}, info).octets.find("250-AUTH PLAIN LOGIN\r\n"), std::string::npos);
}

TEST(SessionAuth, SubmissionNeedsIt) {
  Config config = with_users();
  config.role = Role::submission;
  EXPECT_EQ(after_ehlo("NOOP\r\nMAIL FROM:<>\r\nVRFY alice\r\nBDAT 4\r\nNOOPRSET\r\n", config),
            "250 2.0.0 Ok\r\n530 5.7.0 Authentication required\r\n530 5.7.0 Authentication required\r\n"
            "530 5.7.0 Authentication required\r\n250 2.0.0 Ok, state is reset\r\n");
}

TEST(SessionAuth, OpensTheRelayAndShowsInTheTrace) {
  const Outcome outcome = converse(
      with_users(), {"EHLO c.example\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\nMAIL FROM:<a@example.org>\r\n"
                     "RCPT TO:<x@elsewhere.example>\r\nDATA\r\n.\r\n"});
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_NE(outcome.messages[0].find("with ESMTPA id"), std::string::npos);
}

TEST(SessionAuth, SurvivesEhloAndNotStarttls) {
  const std::string once = "EHLO c.example\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n";
  EXPECT_TRUE(converse(with_users(), {once + "EHLO c.example\r\nAUTH PLAIN\r\n"})
                  .octets.ends_with("authenticated already\r\n"));
  EXPECT_TRUE(converse(with_users(), {once + "STARTTLS\r\n", "<tls>", once}).octets.ends_with(kWelcome));
}

}  // namespace
}  // namespace smtpspec::server
