#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

constexpr const char* kOk = "250 2.0.0 Ok\r\n";

TEST(SessionCommandLine, VerbsAndKeywordsHaveNoLetterCase) {
  EXPECT_EQ(after_helo("noop\r\nmAiL from:<>\r\nRcpt tO:<alice@example.org>\r\nrset\r\n"),
            std::string(kOk) + "250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n250 2.0.0 Ok, state is reset\r\n");
}

TEST(SessionCommandLine, ToleratesBlanksAtTheEnd) {
  EXPECT_EQ(after_helo("NOOP \t \r\nRSET  \r\nMAIL FROM:<> \r\n"),
            std::string(kOk) + "250 2.0.0 Ok, state is reset\r\n250 2.1.0 Sender ok\r\n");
}

TEST(SessionCommandLine, OnlyCrlfEndsALine) {
  const std::string bare = "500 5.5.2 Syntax error, bare CR or LF in the command line\r\n";
  EXPECT_EQ(after_helo("NOOP\n"), "");
  EXPECT_EQ(after_helo("NOOP\r"), "");
  EXPECT_EQ(after_helo("NOOP\nNOOP\r\n"), bare);
  EXPECT_EQ(after_helo("NOOP\rNOOP\r\n"), bare);
  EXPECT_EQ(after_helo("NOOP\r\r\nNOOP\r\n"), bare + kOk);
  EXPECT_EQ(after_helo("\nNOOP\r\n"), bare);
}

TEST(SessionCommandLine, TakesLinesOf512OctetsAndRefusesLongerOnesOnce) {
  EXPECT_EQ(after_helo("NOOP " + std::string(505, 'x') + "\r\n"), kOk);
  EXPECT_EQ(after_helo("NOOP " + std::string(506, 'x') + "\r\nNOOP\r\n"),
            "500 5.5.2 Line too long\r\n" + std::string(kOk));
  EXPECT_EQ(after_helo("NOOP " + std::string(100'000, 'x') + "\r\nNOOP\r\n"),
            "500 5.5.2 Line too long\r\n" + std::string(kOk));
}

TEST(SessionCommandLine, ExtensionsRaiseTheLimitOfMailAndRcpt) {
  const std::string orcpt = " ORCPT=rfc822;" + std::string(493, 'x') + " NOTIFY=SUCCESS,FAILURE,DELAY";
  EXPECT_EQ(after_ehlo("MAIL FROM:<> ENVID=" + std::string(100, 'e') + " RET=HDRS BODY=8BITMIME SIZE=100 AUTH=" +
                           std::string(300, 'u') + "@example.org\r\nRCPT TO:<alice@example.org>" + orcpt + "\r\n",
                       with_users()),
            "250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n");
}

TEST(SessionCommandLine, UnknownCommandsGet500AndChangeNothing) {
  EXPECT_EQ(after_helo("MAIL FROM:<>\r\nXYZZY\r\nFOO BAR\r\n NOOP\r\nRCPT TO:<alice@example.org>\r\n"),
            "250 2.1.0 Sender ok\r\n500 5.5.1 Command not recognized\r\n500 5.5.1 Command not recognized\r\n"
            "500 5.5.1 Command not recognized\r\n250 2.1.5 Recipient ok\r\n");
}

TEST(SessionCommandLine, AnEmptyLineGetsOneReply) {
  EXPECT_EQ(after_helo("\r\nNOOP\r\n"), "500 5.5.1 Command not recognized\r\n" + std::string(kOk));
}

TEST(SessionCommandLine, KnowsWhatItDoesNotDo) {
  for (const char* verb : {"TURN", "SEND FROM:<>", "SOML FROM:<>", "SAML FROM:<>", "ATRN"}) {
    EXPECT_EQ(after_helo(std::string(verb) + "\r\n"), "502 5.5.1 Command not implemented\r\n");
  }
}

TEST(SessionCommandLine, RefusesForeignCharacters) {
  EXPECT_EQ(after_helo("NOOP caf\xc3\xa9\r\n"), "500 5.5.2 Syntax error - invalid character\r\n");
  EXPECT_EQ(after_helo(std::string("NOOP a\0b\r\n", 10)), "501 5.5.2 Invalid character in the argument\r\n");
}

TEST(SessionCommandLine, AnswersAPipelineInOrder) {
  EXPECT_EQ(after_ehlo("MAIL FROM:<a@example.com>\r\nRCPT TO:<nobody@example.org>\r\nRCPT TO:<alice@example.org>\r\n"
                       "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\nMAIL FROM:<>\r\nQUIT\r\n"),
            "250 2.1.0 Sender ok\r\n550 5.1.1 No such user here\r\n250 2.1.5 Recipient ok\r\n"
            "354 Start mail input; end with <CRLF>.<CRLF>\r\n250 2.0.0 Ok, queued as id1\r\n250 2.1.0 Sender ok\r\n"
            "221 2.0.0 mail.example.org Service closing transmission channel\r\n<closed>");
}

TEST(SessionCommandLine, AnExtensionThatIsOffIsUnknown) {
  Config config;
  config.extensions.chunking = false;
  config.extensions.etrn = false;
  config.extensions.starttls = false;
  config.extensions.size = false;
  EXPECT_EQ(after_ehlo("BDAT 3\r\nETRN example.org\r\nSTARTTLS\r\nAUTH PLAIN\r\nMAIL FROM:<> SIZE=3\r\n", config),
            "500 5.5.1 Command not recognized\r\n500 5.5.1 Command not recognized\r\n"
            "500 5.5.1 Command not recognized\r\n500 5.5.1 Command not recognized\r\n"
            "555 5.5.4 MAIL FROM/RCPT TO parameters not recognized or not implemented\r\n");
}

}  // namespace
}  // namespace smtpspec::server
