#include <gtest/gtest.h>

#include "tests/unit/server/fake_environment.h"

namespace smtpspec::server {
namespace {

TEST(SessionGreeting, SpeaksFirstWith220AndItsDomain) {
  EXPECT_EQ(converse({}, {}).octets, "220 mail.example.org ESMTP server ready\r\n");
}

TEST(SessionGreeting, EhloListsEveryExtensionInOneReply) {
  EXPECT_EQ(
      converse(with_users(), {"EHLO client.example\r\n"}).octets,
      std::string(kGreeting) +
          "250-mail.example.org greets client.example\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n"
          "250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-STARTTLS\r\n"
          "250-AUTH PLAIN LOGIN\r\n250-ETRN\r\n250-DELIVERBY 60\r\n250-MT-PRIORITY\r\n250-RRVS\r\n"
          "250-LIMITS MAILMAX=10000 RCPTMAX=100\r\n250-NO-SOLICITING "
          "org.example:ADV:ADLT\r\n250-VRFY\r\n250-EXPN\r\n250 HELP\r\n");
}

TEST(SessionGreeting, EhloIsASingleLineWithoutExtensions) {
  Config config;
  config.extensions = {false, false, false, false, false, false, false, false, false, false, false,
                       false, false, false, false, false, false, false, false, false, false};
  EXPECT_EQ(converse(config, {"EHLO client.example\r\n"}).octets,
            std::string(kGreeting) + "250 mail.example.org greets client.example\r\n");
}

TEST(SessionGreeting, HeloListsNothing) {
  EXPECT_EQ(converse({}, {"HELO client.example\r\n"}).octets, std::string(kGreeting) + "250 mail.example.org\r\n");
}

TEST(SessionGreeting, ImitatesTheServerOfTheArticle) {
  Config config = imitate_2008_server();
  config.host_name = "mx.example.com";
  EXPECT_EQ(converse(config, {"EHLO client.example\r\nNOOP\r\n"}).octets,
            "220 mx.example.com ESMTP server ready\r\n250-mx.example.com greets client.example\r\n250-ETRN\r\n"
            "250-AUTH PLAIN LOGIN\r\n250-AUTH=PLAIN LOGIN\r\n250-PIPELINING\r\n250-DSN\r\n250-8BITMIME\r\n"
            "250 SIZE 15728640\r\n250 Ok\r\n");
}

TEST(SessionGreeting, EhloTakesDomainsAndLiterals) {
  for (const char* name :
       {"a", "3com.example", "x-y.example", "[192.0.2.1]", "[IPv6:2001:db8::1]", "[192.0.2.1] text"}) {
    const std::string reply = converse({}, {"EHLO " + std::string(name) + "\r\n"}).octets;
    EXPECT_NE(reply.find("250 HELP\r\n"), std::string::npos) << name << reply;
  }
  const std::string longest =
      std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." + std::string(61, 'd');
  EXPECT_NE(converse({}, {"EHLO " + longest + "\r\n"}).octets.find("250 HELP"), std::string::npos);
}

TEST(SessionGreeting, RefusesWhatIsNoName) {
  for (const char* line : {"EHLO", "EHLO -a.example", "EHLO a_b.example", "EHLO a..example", "EHLO [300.1.1.1]", "HELO",
                           "HELO [192.0.2.1]", "HELO a b"}) {
    const std::string reply = converse({}, {std::string(line) + "\r\n"}).octets;
    EXPECT_EQ(reply.substr(std::string(kGreeting).size(), 4), "501 ") << line;
  }
}

TEST(SessionGreeting, SecondEhloResetsTheTransaction) {
  const std::string reply = after_ehlo(
      "MAIL FROM:<a@example.com>\r\nRCPT TO:<alice@example.org>\r\nEHLO client.example\r\nRCPT "
      "TO:<bob@example.org>\r\n");
  EXPECT_TRUE(reply.ends_with("250 HELP\r\n503 5.5.1 Bad sequence of commands, MAIL first\r\n")) << reply;
}

TEST(SessionGreeting, RefusedEhloChangesNothing) {
  const std::string reply = after_helo("MAIL FROM:<a@example.com>\r\nEHLO bad_name\r\nRCPT TO:<alice@example.org>\r\n");
  EXPECT_EQ(reply, "250 2.1.0 Sender ok\r\n501 Syntax error, not a domain name\r\n250 2.1.5 Recipient ok\r\n");
}

TEST(SessionGreeting, CommandsWithoutTransactionNeedNoEhlo) {
  const std::string reply = converse({}, {"NOOP\r\nRSET\r\nHELP\r\nVRFY alice\r\nEXPN staff\r\nQUIT\r\n"}).octets;
  EXPECT_EQ(reply,
            std::string(kGreeting) +
                "250 2.0.0 Ok\r\n250 2.0.0 Ok, state is reset\r\n"
                "214-2.0.0 Commands of RFC 5321 and of the extensions that EHLO shows\r\n214 2.0.0 End of help\r\n"
                "250 2.1.5 Alice Example <alice@example.org>\r\n"
                "250-2.1.5 Alice Example <alice@example.org>\r\n250 2.1.5 Bob Example <bob@example.org>\r\n"
                "221 2.0.0 mail.example.org Service closing transmission channel\r\n<closed>");
}

TEST(SessionGreeting, MailNeedsEhlo) {
  EXPECT_EQ(converse({}, {"MAIL FROM:<>\r\n"}).octets,
            std::string(kGreeting) + "503 5.5.1 Bad sequence of commands, send EHLO first\r\n");
}

TEST(SessionGreeting, RsetAndNoopAndQuitKeepToTheirArguments) {
  EXPECT_EQ(after_helo("NOOP what ever\r\nRSET x\r\nDATA x\r\nQUIT x\r\n"),
            "250 2.0.0 Ok\r\n501 5.5.4 Syntax error, no argument allowed\r\n"
            "501 5.5.4 Syntax error, no argument allowed\r\n501 5.5.4 Syntax error, no argument allowed\r\n");
}

TEST(SessionGreeting, SaysNothingAfterQuit) {
  EXPECT_EQ(after_helo("QUIT\r\nNOOP\r\n"),
            "221 2.0.0 mail.example.org Service closing transmission channel\r\n<closed>");
}

TEST(SessionGreeting, RefusedServiceWaitsForQuit) {
  Config config;
  config.refuses_service = true;
  EXPECT_EQ(converse(config, {"EHLO client.example\r\nNOOP\r\nQUIT\r\n"}).octets,
            "554 mail.example.org No SMTP service here\r\n503 Bad sequence of commands, no service here\r\n"
            "503 5.5.1 Bad sequence of commands, no service here\r\n"
            "221 2.0.0 mail.example.org Service closing transmission channel\r\n<closed>");
}

TEST(SessionGreeting, TimeoutAndShutdownSay421) {
  EXPECT_EQ(
      converse({}, {"<timeout>"}).octets,
      std::string(kGreeting) + "<300s>421 4.4.2 mail.example.org Timeout, closing transmission channel\r\n<closed>");
  FakeEnvironment environment;
  const Config config;
  Session session(config, environment, {});
  session.start();
  const Output output = session.shutdown();
  EXPECT_EQ(output.octets, "421 4.3.2 mail.example.org Service shutting down\r\n");
  EXPECT_EQ(output.then, Then::close);
}

TEST(SessionGreeting, EnhancedCodesGoAwayWithTheExtension) {
  Config config;
  config.extensions.enhanced_status_codes = false;
  EXPECT_EQ(after_helo("NOOP\r\nXYZZY\r\n", config), "250 Ok\r\n500 Command not recognized\r\n");
}

TEST(SessionGreeting, TooManyErrorsEndWith421) {
  Config config;
  config.max_errors = 2;
  EXPECT_EQ(after_helo("XA\r\nXB\r\nNOOP\r\n", config),
            "500 5.5.1 Command not recognized\r\n500 5.5.1 Command not recognized\r\n"
            "421 4.7.0 mail.example.org Too many errors, closing transmission channel\r\n<closed>");
}

// RFC 3207
TEST(SessionStarttls, ForgetsEverythingAndDropsPlaintextBehindIt) {
  const std::string reply =
      converse({}, {"EHLO client.example\r\nMAIL FROM:<>\r\nSTARTTLS\r\nNOOP\r\n", "<tls>", "MAIL FROM:<>\r\n"}).octets;
  EXPECT_TRUE(
      reply.ends_with("250 2.1.0 Sender ok\r\n220 2.0.0 Ready to start TLS\r\n<tls>"
                      "503 5.5.1 Bad sequence of commands, send EHLO first\r\n"))
      << reply;
}

TEST(SessionStarttls, IsNeitherOfferedNorTakenInsideTls) {
  SessionInfo info;
  info.is_tls = true;
  const std::string reply = converse({}, {"EHLO client.example\r\nSTARTTLS\r\n"}, info).octets;
  EXPECT_EQ(reply.find("250-STARTTLS"), std::string::npos);
  EXPECT_TRUE(reply.ends_with("503 5.5.1 TLS is active already\r\n"));
}

TEST(SessionStarttls, RefusesAnArgumentAndWantsEhloFirst) {
  EXPECT_EQ(after_helo("STARTTLS now\r\n"), "501 5.5.4 Syntax error, no argument allowed\r\n");
  EXPECT_EQ(converse({}, {"STARTTLS\r\n"}).octets,
            std::string(kGreeting) + "503 5.5.1 Bad sequence of commands, send EHLO first\r\n");
}

// RFC 2033
TEST(SessionLmtp, KnowsLhloOnly) {
  Config config;
  config.role = Role::lmtp;
  const std::string reply = converse(config, {"EHLO a.example\r\nHELO a.example\r\nLHLO a.example\r\n"}).octets;
  EXPECT_TRUE(reply.starts_with(std::string(kGreeting) +
                                "500 5.5.1 Command not recognized\r\n500 5.5.1 Command not recognized\r\n250-"))
      << reply;
  EXPECT_EQ(after_helo("LHLO a.example\r\n"), "500 5.5.1 Command not recognized\r\n");
}

}  // namespace
}  // namespace smtpspec::server
